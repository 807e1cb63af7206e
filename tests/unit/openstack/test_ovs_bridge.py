"""Bridges go, but never one that the node itself needs."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack.ovs_bridge import EmptyBridge
from calico_fuel.openstack.ovs_bridge import NoBridge
from calico_fuel.openstack.ovs_bridge import use
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.ovs import Ovs
from tests.unit.fake.system import FakeSystem

WANTED = [NoBridge('br-prv'), EmptyBridge('br-int'), NoBridge('br-floating')]
LINKS = '''\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
4: br-prv: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UNKNOWN
9: br-prv.101@br-prv: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
10: v101.7@br-prv.101: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
11: br-mgmt: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
'''
ADDRESSES = '''\
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
4: br-prv    inet6 fe80::ff:fe00:1/64 scope link \\       valid_lft forever
11: br-mgmt    inet 192.0.2.11/24 brd 192.0.2.255 scope global br-mgmt\\       valid_lft
'''
ROUTES = '''\
default via 192.0.2.1 dev br-mgmt
192.0.2.0/24 dev br-mgmt  proto kernel  scope link  src 192.0.2.11
'''


def node(dies_at=None, addresses=ADDRESSES, routes=ROUTES, **bridges):
    system = FakeSystem(dies_at=dies_at)
    system.ovs = Ovs(system, **(bridges or dict(
        br_prv=['p_1-0', 'phy-br-prv'], br_int=['int-br-prv', 'qvo1'],
        br_floating=['p_2-0'], br_own=['eth7'])))
    system.ovs.links, system.ovs.addresses, system.ovs.routes = LINKS, addresses, routes
    return system


def states(system):
    return [outcome.state for outcome in converge(WANTED, system)]


def test_bridges_go_and_the_integration_bridge_stays_empty():
    """From Fuel 8.0 on, Puppet waits for br-int on computes."""
    system = node()

    assert states(system) == [CHANGED] * 3
    changes = system.changes
    assert states(system) == [UNCHANGED] * 3

    assert system.ovs.bridges == {'br-int': [], 'br-own': ['eth7']}
    assert system.changes == changes


def test_what_will_go_is_told():
    system = node()

    assert [resource.difference(system) for resource in WANTED] == [
        'br-prv: is there, with ports p_1-0 phy-br-prv',
        'br-int: has ports int-br-prv qvo1', 'br-floating: is there, with ports p_2-0']


def test_an_integration_bridge_that_is_missing_is_made():
    system = node(br_own=[])

    assert states(system) == [UNCHANGED, CHANGED, UNCHANGED]
    assert system.ovs.bridges['br-int'] == []


@pytest.mark.parametrize('extra, found', [
    ('4: br-prv    inet 198.51.100.9/24 scope global br-prv\n',
     '198.51.100.9/24 on br-prv'),
    ('4: br-prv    inet6 2001:db8::9/64 scope global\n', '2001:db8::9/64 on br-prv'),
    ('7: p_1-0    inet 198.51.100.9/24 scope global p_1-0\n',
     '198.51.100.9/24 on p_1-0'),
    ('10: v101.7    inet 198.51.100.9/24 scope global v101.7\n',
     '198.51.100.9/24 on v101.7')])
def test_a_bridge_that_carries_an_address_of_the_node_is_never_removed(extra, found):
    """On the bridge itself, on one of its ports, or on a VLAN of a VLAN on it."""
    system = node(addresses=ADDRESSES + extra)

    outcome = next(converge(WANTED, system))

    assert outcome.state == FAILED
    assert outcome.difference.startswith(
        'bridge br-prv: the node itself uses {}, so it is not touched. Move'.format(
            found))
    assert 'br-prv' in system.ovs.bridges and system.changes == 0


@pytest.mark.parametrize('way', [
    'dev br-prv  scope link',
    '\\\tnexthop via 192.0.2.9  dev br-mgmt weight 1'
    '\\\tnexthop via 198.51.100.9  dev br-prv weight 1'])
def test_a_bridge_that_a_route_needs_is_never_removed(way):
    system = node(routes=ROUTES + '203.0.113.0/24 {}\n'.format(way))

    assert states(system)[0] == FAILED
    assert use(system, 'br-prv') == 'route 203.0.113.0/24 via br-prv'


def test_ports_of_the_integration_bridge_that_the_node_needs_stay():
    system = node(addresses='5: int-br-prv    inet 198.51.100.9/24 scope global\n')

    assert [o.state for o in converge(WANTED[1:2], system)] == [FAILED]
    assert system.ovs.bridges['br-int'] == ['int-br-prv', 'qvo1']


def test_link_local_addresses_and_other_interfaces_are_no_use_of_a_bridge():
    assert use(node(), 'br-prv') == use(node(), 'br-missing') == ''


def test_without_open_vswitch_there_is_nothing_to_do():
    system = FakeSystem()
    system.programs['ovs-vsctl'] = None

    assert states(system) == [UNCHANGED] * 3
    assert use(system, 'br-prv') == ''


def test_an_open_vswitch_that_is_stopped_is_an_error_with_its_cure():
    system = node()
    system.ovs.is_stopped = True

    outcome = next(converge(WANTED, system))

    assert outcome.state == FAILED
    assert outcome.difference.endswith(
        'database connection failed. Start Open vSwitch (service openvswitch-switch '
        'start) and run this again; if its bridges may stay, the setting cleanup_ovs '
        'can be switched off instead')


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(node, states):
        assert system.ovs.bridges == whole.ovs.bridges
