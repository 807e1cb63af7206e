"""Bridges in a real Open vSwitch database; the kernel's part is left out.

ovs-vswitchd needs a kernel module that the machine of the tests may lack, so
ovs-vsctl is told not to wait for it.
"""

import os

import pytest

from calico_fuel import system
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.errors import NodeError
from calico_fuel.openstack.ovs_bridge import EmptyBridge
from calico_fuel.openstack.ovs_bridge import NoBridge
from lab.machine.programs import eventually
from lab.network.bird import PROJECT

COMMON = PROJECT / '.cache/openvswitch-common'
SWITCH = PROJECT / '.cache/openvswitch-switch'
WANTED = [EmptyBridge('br-int'), NoBridge('br-tun'), NoBridge('br-prv')]


class Node:
    """calico_fuel.system without ovs-vswitchd."""

    def __getattr__(self, name):
        return getattr(system, name)

    def run(self, argv, **options):
        no_wait = ['--no-wait'] if argv[0] == 'ovs-vsctl' else []
        return system.run([*argv[:1], *no_wait, *argv[1:]], **options)

    def ovs_vsctl(self, *words):
        return self.run(['ovs-vsctl', '--timeout=5', *words]).stdout.split()


@pytest.fixture
def node(demand, lab_run, monkeypatch):
    monkeypatch.setenv('PATH', '{}:{}:{}'.format(
        SWITCH / 'usr/bin', COMMON / 'usr/bin', os.environ['PATH']))
    monkeypatch.setenv('OVS_RUNDIR', str(lab_run.directory))
    server = COMMON / 'usr/sbin/ovsdb-server'
    demand(programs=['ovs-vsctl', 'ovsdb-tool', str(server)])
    database, socket = lab_run.directory / 'conf.db', lab_run.directory / 'db.sock'
    system.run(['ovsdb-tool', 'create', str(database),
                str(SWITCH / 'usr/share/openvswitch/vswitch.ovsschema')])
    lab_run.start(
        [str(server), '--remote=punix:{}'.format(socket),
         '--unixctl={}'.format(lab_run.directory / 'ctl'), str(database)],
        lab_run.directory / 'ovsdb.log')
    assert eventually(socket.exists)
    node = Node()
    node.ovs_vsctl('init')
    return node


def states(node):
    return [outcome.state for outcome in converge(WANTED, node)]


def test_bridges_go_with_their_ports_and_the_integration_bridge_stays(node):
    for bridge in 'br-int', 'br-tun', 'br-prv', 'br-own':
        node.ovs_vsctl('add-br', bridge)
        for number in 1, 2:
            node.ovs_vsctl('add-port', bridge, '{}-{}'.format(bridge[3:], number))

    assert states(node) == [CHANGED] * 3
    assert states(node) == [UNCHANGED] * 3

    assert node.ovs_vsctl('list-br') == ['br-int', 'br-own']
    assert node.ovs_vsctl('list-ports', 'br-int') == []
    assert node.ovs_vsctl('list-ports', 'br-own') == ['own-1', 'own-2']


def test_an_empty_database_gets_the_integration_bridge(node):
    """Puppet of Fuel 8.0 waits for it."""
    assert states(node) == [CHANGED, UNCHANGED, UNCHANGED]
    assert node.ovs_vsctl('list-br') == ['br-int']


def test_a_database_that_is_down_is_an_error_and_not_no_bridge(node, monkeypatch):
    monkeypatch.setenv('OVS_RUNDIR', '/nonexistent')

    with pytest.raises(NodeError) as error:
        WANTED[1].difference(node)

    assert 'database connection failed' in error.value.args[0]
