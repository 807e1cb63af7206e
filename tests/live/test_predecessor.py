"""Members of a real etcd cluster that the earlier plugin 2.0 set up become ours."""

import pytest

from calico_fuel.etcd.peers import CLIENT_PORTS, PEER_PORTS
from calico_fuel.etcd.settings import LEGACY_CLIENT_PORT
from lab.fuel import earlier_plugin
from lab.machine.programs import eventually
from tests.live import COMPUTE, etcd_nodes

CONTROLLERS = 1, 2, 3


@pytest.fixture
def nodes(lab_run, demand):
    """Three controllers that its scripts ran on twice, and a compute."""
    demand(programs=['iptables', 'nsenter', 'setpriv', 'unshare',
                     str(etcd_nodes.PACKAGES / 'usr/bin/etcd')])
    nodes = etcd_nodes.Nodes(lab_run)
    for uid in CONTROLLERS:
        nodes.add(uid, 'controller')
    nodes.add(9, *COMPUTE)
    addresses = [nodes.clones[uid].address for uid in CONTROLLERS]
    cluster = ','.join('{0}=http://{0}:2380'.format(a) for a in addresses)
    for uid in CONTROLLERS:
        machine = nodes.clones[uid]
        earlier_plugin.open_ports(machine, (
            CLIENT_PORTS['http'], PEER_PORTS['http'], LEGACY_CLIENT_PORT))
        machine.write('/etc/default/etcd', earlier_plugin.MEMBER.format(
            machine.address, cluster))
        machine.run('service', 'etcd', 'start')
    assert eventually(lambda: nodes.value(1, 'calico') or nodes.ask(
        1, 'PUT', '/v2/keys/calico?value=kept', server=addresses[0] + ':2379'), 20)
    return nodes


def ids(nodes):
    return set(nodes.members(1).values())


def test_the_members_are_taken_over_with_their_data_and_the_doors_are_closed(nodes):
    before = ids(nodes)
    assert set(nodes.members(1)) == {nodes.clones[uid].address for uid in CONTROLLERS}

    nodes.deploy()
    # As after the computes: they end HTTP.
    assert {one.status for one in nodes.run(*CONTROLLERS).values()} == {0}

    assert eventually(lambda: set(nodes.members(9)) == {'node-1', 'node-2', 'node-3'})
    assert ids(nodes) == before
    assert nodes.value(9, 'calico') == 'kept'
    for uid in CONTROLLERS:
        for text in (nodes.clones[uid].run('iptables-save'),
                     nodes.clones[uid].read('/etc/iptables/rules.v4')):
            assert '--dport 4001' not in text and '--dport 2379 -j ACCEPT' not in text
            assert '--dports 22 ' in text
    assert {url.partition(':')[0] for member in nodes.ask(1, 'GET', '/v2/members')[
        'members'] for url in member['peerURLs']} == {'https'}
