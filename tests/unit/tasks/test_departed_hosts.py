"""What Neutron and etcd know of a host that is gone goes, and of no other one."""

from __future__ import unicode_literals

import pytest

from calico_fuel.tasks import departed_hosts
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.tasks.departed_hosts import NoForeignRecords
from calico_fuel.tasks.departed_hosts import NoHostKeys
from calico_fuel.errors import NodeError
from calico_fuel.etcd.backup import DIRECTORY
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron

HOST, FELIX = '/calico/v1/host/', '/calico/felix/v1/host/'
GONE = 'node-9.example.com'
SESSION = '{} BGP master up 12:00:03 Established\n'
# node-1 is the controller, node-2 and node-3 are computes.
NODES = environment(roles(1, 2)).nodes


class Node(EtcdStore):
    """The primary controller; node-9 is gone, and node-3 is off for a while."""

    def __init__(self, dies_at=None):
        super(Node, self).__init__(dies_at)
        self.bird = Bird(self)
        self.bird.loaded = ''
        self.bird.sessions = SESSION.format('client_node_2')
        self.neutron = Neutron(self)
        self.neutron.objects['agent'] = []
        for host, alive in ('node-2', ':-)'), ('node-3.example.com', 'xxx'), (
                GONE, 'xxx'):
            for binary in 'calico-felix', 'neutron-dhcp-agent':
                self.neutron.add('agent', binary=binary, host=host, alive=alive)
            for key in (HOST + host + '/config/LogSeverityFile',
                        FELIX + host + '/last_reported_status',
                        FELIX + host + '/workload/openstack/vm/endpoint/port'):
                self.keys[key] = ('x', None)
        self.report('node-2')

    def report(self, host):
        self.keys[FELIX + host + '/status'] = ('{}', self.clock + 90)

    def records(self):
        return set(record['host'] for record in self.neutron.objects['agent'])

    def hosts(self):
        return set(key[len(base):].split('/')[0] for key in self.keys
                   for base in (HOST, FELIX) if key.startswith(base))


def run(node, nodes=NODES):
    return [outcome.state for outcome in converge(
        [NoForeignRecords(nodes), NoHostKeys(nodes)], node)]


def test_what_a_host_left_that_is_gone_is_removed_and_a_second_run_changes_nothing():
    node = Node()

    assert run(node) == [CHANGED, CHANGED]

    assert node.records() == node.hosts() == {'node-2', 'node-3.example.com'}
    assert run(node) == [UNCHANGED, UNCHANGED]


def test_what_is_removed_is_in_a_backup_before():
    node = Node()

    run(node)

    path, = [path for path in node.files if path.startswith(DIRECTORY)]
    assert HOST + GONE in node.text(path)


def test_the_name_of_a_host_forges_no_line():
    node = Node()
    node.keys[FELIX + 'x\ncleanup: good/status'] = ('{}', node.clock + 90)
    node.neutron.add('agent', binary='calico-felix', host='y\nz', alive='xxx')
    note, = departed_hosts.notes(environment(roles(1, 2)), NODES[0], node)

    assert '\n' not in note.state + note.fix

    del node.keys[FELIX + 'x\ncleanup: good/status']
    node.keys[FELIX + 'x\ncleanup: good/config'] = ('x', None)
    for resource in NoForeignRecords(NODES), NoHostKeys(NODES):
        lines = resource.difference(node).split('\n')
        assert all(line.endswith(': its host is no node of this environment')
                   for line in lines)
    assert FELIX + 'x\\x0acleanup: good' in resource.difference(node)


def test_what_will_be_removed_is_named():
    node = Node()

    assert NoForeignRecords(NODES).difference(node).split('\n')[0] == (
        'calico-felix on node-9.example.com: its host is no node of this environment')
    assert NoHostKeys(NODES).difference(node) == (
        '/calico/v1/host/node-9.example.com: its host is no node of this environment\n'
        '/calico/felix/v1/host/node-9.example.com: its host is no node of this '
        'environment')


@pytest.mark.parametrize('host', [
    'node-3', 'NODE-3', 'node-3.example.com', 'node-3.other.example.org'])
def test_a_node_may_report_under_its_short_or_any_full_name(host):
    node = Node()
    node.neutron.add('agent', binary='calico-felix', host=host, alive='xxx')
    node.keys[HOST + host + '/config/x'] = ('x', None)

    run(node)

    assert host in node.records() and host in node.hosts()


def test_endpoints_that_neutron_has_stay_until_neutron_removes_them():
    """Its driver would write them anew every minute."""
    node = Node()
    endpoint = HOST + GONE + '/workload/openstack/vm/endpoint/port'
    node.keys[endpoint] = ('{}', None)

    run(node)

    assert [key for key in node.keys if GONE in key] == [endpoint]
    assert run(node) == [UNCHANGED, UNCHANGED]
    del node.keys[endpoint]
    node.put(**{HOST[1:] + GONE + '/config/x': 'x'})
    run(node)
    assert GONE not in node.hosts()


@pytest.mark.parametrize('live', [
    lambda node: node.report(GONE),
    lambda node: setattr(node.bird, 'sessions', SESSION.format('client_node_9'))])
def test_a_list_that_lacks_who_lives_removes_nothing_of_anybody(live):
    """Half-written, or stale: node-3, which is off, may be missing by mistake too."""
    node = Node()
    live(node)
    before = node.values()

    assert run(node, NODES[:2]) == [UNCHANGED, UNCHANGED]

    assert node.values() == before and GONE in node.records()


def test_a_list_without_most_nodes_removes_nothing():
    node = Node()

    assert run(node, NODES[:1]) == [UNCHANGED, UNCHANGED]


def test_a_host_with_an_agent_that_lives_is_not_gone():
    """Felix before Calico 1.2 does not report; an agent for DHCP does."""
    node = Node()
    node.neutron.add('agent', binary='neutron-dhcp-agent', host=GONE, alive=':-)')

    assert run(node) == [UNCHANGED, UNCHANGED]


def test_without_etcd_nobody_is_taken_for_gone():
    node = Node()
    node.is_up = False

    for resource in NoForeignRecords(NODES), NoHostKeys(NODES):
        with pytest.raises(NodeError) as error:
            resource.difference(node)
        assert 'etcd does not answer' in error.value.args[0]
        assert 'Run calico-fuel etcd' in error.value.args[0]


def test_a_run_that_is_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(Node, run):
        assert (node.records(), node.hosts()) == (whole.records(), whole.hosts())
