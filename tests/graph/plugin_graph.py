"""The plugin's own tasks among the core tasks of Fuel 9.0, 9.1 and 9.2."""

import functools
from pathlib import Path

import yaml

from lab.fuel import graph, graph_tasks

RELEASES = ('9.0', '9.1', '9.2')
OWN = yaml.safe_load(
    (Path(__file__).parents[2] / 'fuel9' / 'deployment_tasks.yaml').read_text())
OWN_IDS = [entry['id'] for entry in OWN]
PRIMARY, CONTROLLER, COMPUTE = ['primary-controller'], ['controller'], ['compute']
# Every role alone, and the usual pairs.
EVERYTHING = (
    PRIMARY, CONTROLLER, CONTROLLER + ['cinder'], COMPUTE, COMPUTE + ['cinder'],
    COMPUTE + ['calico-rr'], CONTROLLER + ['calico-rr', 'calico-etcd'], ['cinder'],
    ['calico-rr'], ['calico-etcd'], ['calico-rr', 'calico-etcd'], ['base-os'],
    ['base-os', 'calico-rr'], ['cinder', 'calico-etcd'])
ENVIRONMENTS = {
    'everything': EVERYTHING,
    'one node': (PRIMARY,),
    'one of each': (PRIMARY, COMPUTE),
    'high availability': (
        PRIMARY + ['cinder'], CONTROLLER, CONTROLLER, COMPUTE, COMPUTE),
    'reflectors apart': (PRIMARY, CONTROLLER, ['calico-rr'], ['calico-rr'], COMPUTE),
    'etcd apart': (PRIMARY, ['calico-etcd'], ['calico-etcd'], ['calico-etcd'], COMPUTE),
    'both apart': (PRIMARY, ['calico-rr', 'calico-etcd'], COMPUTE, ['cinder']),
    'a role each': (PRIMARY, COMPUTE, ['calico-rr'], ['calico-etcd']),
    'all on the primary': (PRIMARY + ['calico-rr', 'calico-etcd', 'cinder'], COMPUTE),
}
# Where a deployment has them, netconfig of other nodes waits for this VIP.
VROUTER = {'vips': {'vrouter': {
    'ipaddr': '192.0.2.3', 'node_roles': ['controller', 'primary-controller']}}}


def nodes(release, *roles):
    """A Node for each list of roles, with the uids 1, 2, ..."""
    result = []
    for uid, of_node in enumerate(roles, 1):
        node = graph.node(release, str(uid), of_node)
        result.append(node._replace(data={
            'uid': node.uid, 'roles': sorted(node.names), 'network_metadata': VROUTER}))
    return result


@functools.lru_cache(maxsize=None)
def tasks(release):
    return graph_tasks.tasks_of(release, OWN)


@functools.lru_cache(maxsize=None)
def placed(release, environment='everything'):
    return graph.place(tasks(release), nodes(release, *ENVIRONMENTS[environment]))
