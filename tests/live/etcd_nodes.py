"""What is asked of nodes with a real etcd each."""

from lab.machine.programs import eventually

CONTROLLER = ['controller']
SETTINGS = '/etc/default/etcd'


def names(*uids):
    return {'node-{}'.format(uid) for uid in uids}


def keep(nodes, uid, value='kept'):
    """Write a value that has to be there in the end."""
    assert nodes.ask(uid, 'PUT', '/v2/keys/calico?value=' + value)['node']


def deploy(make_nodes, controllers):
    """Nodes whose members serve a value that has to be there in the end."""
    nodes = make_nodes(controllers)
    nodes.deploy()
    keep(nodes, 9)
    return nodes


def all_read(nodes, value='kept'):
    """Proxies need some seconds to learn who the members are."""
    return all(eventually(lambda: nodes.value(uid, 'calico') == value)
               for uid in nodes.clones)


def state(nodes):
    """What a run that changes nothing leaves as it is."""
    return {uid: [nodes.process(uid), machine.run(
        'stat', '-c', '%i %Y', SETTINGS, '/etc/iptables/rules.v4')]
            for uid, machine in nodes.clones.items()}


def assert_steady(nodes):
    before = state(nodes)
    for attempt in nodes.run().values():
        assert attempt.status == 0, attempt.output
        assert '\nchanged ' not in attempt.output, attempt.output
    assert state(nodes) == before
