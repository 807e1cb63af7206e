"""Small graphs by hand, and environments of a release."""

from lab.fuel import graph, graph_tasks

# Where a deployment has them, netconfig of other nodes waits for this VIP.
VROUTER = {'vips': {'vrouter': {
    'ipaddr': '192.0.2.3', 'node_roles': ['controller', 'primary-controller']}}}


def tasks(*entries, release='9.2'):
    """Tasks from mappings; what a mapping does not say is a puppet task everywhere."""
    return {entry['id']: graph_tasks.task_of(
        release, dict({'type': 'puppet', 'role': '*'}, **entry)) for entry in entries}


def nodes(release, *roles):
    """A Node for each list of roles, with the uids 1, 2, ..."""
    result = []
    for uid, of_node in enumerate(roles, 1):
        node = graph.node(release, str(uid), of_node)
        result.append(node._replace(data={
            'uid': node.uid, 'roles': sorted(node.names), 'network_metadata': VROUTER}))
    return result


def placed(entries, *roles):
    return graph.place(tasks(*entries), nodes('9.2', *roles))


def waits(entries, *roles):
    """Edges as text: {'b on 1': ['a on 1']}."""
    return {str(step): sorted(map(str, before))
            for step, before in graph.edges(placed(entries, *roles)).items() if before}
