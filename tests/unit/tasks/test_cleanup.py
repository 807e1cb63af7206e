"""What the traditional set-up left goes, and nothing that anybody needs."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, NOT_REACHED, UNCHANGED, converge
from calico_fuel.tasks import cleanup
from tests.unit.builders import environment, roles
from tests.unit.fake import etcd_keys
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.ovs import Ovs
from tests.unit.fake.pacemaker import Pacemaker
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem

RELEASES = ['6.1', '7.0', '8.0', '9.0', '9.2']
OLD = ['neutron-plugin-openvswitch-agent', 'neutron-l3-agent', 'neutron-metadata-agent']
NEW = ['neutron-openvswitch-agent'] + OLD[1:]
NEEDED = ['nova-api-metadata', 'nova-compute', 'openvswitch-switch',
          'neutron-dhcp-agent']


def is_old(release):
    return not release.startswith('9')


class Agents(Neutron):
    """Agents that are dead once they have been polled ``polls_to_die`` times."""

    def __init__(self, system, polls_to_die=3):
        Neutron.__init__(self, system)
        self.objects['agent'] = []
        self.polls_to_die = polls_to_die

    def record(self, binary, host, alive=':-)', dies=True):
        self.add('agent', binary=binary, host=host, alive=alive, dies=dies)

    def _list(self, kind, arguments):
        self.polls_to_die -= 1
        for agent in self.objects['agent']:
            if agent['dies'] and self.polls_to_die < 0:
                agent['alive'] = 'xxx'
        return Neutron._list(self, kind, arguments)

    def left(self):
        return sorted((a['binary'], a['host']) for a in self.objects['agent'])


class Node(FakeSystem):
    """A node as Fuel of *release* deploys it, of any roles."""

    def __init__(self, release='6.1', dies_at=None):
        FakeSystem.__init__(self, dies_at=dies_at)
        names = OLD if is_old(release) else NEW
        self.pacemaker = Pacemaker(self, [
            ('p_' if is_old(release) else '') + name
            for name in names + ['neutron-dhcp-agent']] + ['p_haproxy'])
        self.services = Services(self, jobs=names + NEEDED, running=names + NEEDED)
        self.ovs = Ovs(self, br_int=['int-br-prv', 'qvo1'], br_tun=['patch-int'],
                       br_prv=['p_1-0'], br_floating=['p_2-0'], br_own=['eth7'])
        self.programs['birdc'] = None
        self.keys = {}
        self.servers.append(self.etcd)
        self.neutron = Agents(self)
        for host in ('node-1.example.com', 'node-2.example.com', 'node-2', 'gone'):
            for binary in NEW + ['neutron-dhcp-agent', 'calico-felix']:
                self.neutron.record(binary, host)

    def etcd(self, method, url, body):
        return etcd_keys.answer(self.keys, True, self.clock, method, url, body)


def wanted(system, of_nodes, release='6.1', uid='1', **settings):
    of_all = environment(of_nodes, release, uid, **settings)
    return cleanup.resources(of_all, of_all.this_node, system)


def states(system, *args, **kwargs):
    return set(o.state for o in converge(wanted(system, *args, **kwargs), system))


@pytest.mark.parametrize('release', RELEASES)
def test_a_controller_loses_the_agents_that_pacemaker_runs(release):
    system = Node(release)

    assert states(system, roles(2, 1), release, uid='2') == {CHANGED}
    assert states(system, roles(2, 1), release, uid='2') == {UNCHANGED}

    left = [name for name, polls in system.pacemaker.running.items() if polls]
    assert left == ['p_haproxy']
    assert system.services.running == set((OLD if is_old(release) else NEW) + NEEDED)


@pytest.mark.parametrize('release', RELEASES)
def test_a_compute_loses_the_agents_that_carry_no_traffic_any_more(release):
    """Its metadata API, its DHCP agent and Open vSwitch itself stay."""
    system = Node(release)
    for program in ('cibadmin', 'crm_mon', 'bash'):
        del system.programs[program]

    states(system, roles(1, 1), release, uid='2')
    assert states(system, roles(1, 1), release, uid='2') == {UNCHANGED}

    assert system.services.running == set(NEEDED)
    system.services.boot()
    assert system.services.running == set(NEEDED)


@pytest.mark.parametrize('release', RELEASES)
@pytest.mark.parametrize('uid', ['1', '2'])
def test_bridges_go_and_from_8_0_on_the_integration_bridge_stays_empty(release, uid):
    """Puppet of 8.0 and later waits for it on computes."""
    system = Node(release)

    states(system, roles(1, 1), release, uid=uid)

    left = {'br-own': ['eth7']}
    if release not in ('6.1', '7.0'):
        left['br-int'] = []
    assert system.ovs.bridges == left


def test_a_bridge_that_the_node_needs_stays_and_is_no_failure():
    """A network template gave br-prv an address; the summary tells of it."""
    system = Node()
    system.ovs.addresses = '4: br-prv    inet 198.51.100.9/24 scope global br-prv\n'

    outcomes = list(converge(wanted(system, roles(1, 1), uid='2'), system))

    assert (UNCHANGED, 'bridge br-prv stays: the node itself uses 198.51.100.9/24 on '
            'br-prv') in [(o.state, o.label) for o in outcomes]
    assert sorted(system.ovs.bridges) == ['br-own', 'br-prv']


@pytest.mark.parametrize('release', ['6.1', '8.0'])
def test_a_stopped_open_vswitch_fails_the_bridges_only(release):
    """Agents are stopped all the same, and a bridge in use is safe afterwards."""
    system = Node(release)
    system.ovs.is_stopped = True

    outcomes = list(converge(wanted(system, roles(1, 1), release, uid='2'), system))

    failed, = [outcome for outcome in outcomes if outcome.state == FAILED]
    assert 'bridge br-int' in failed.label
    assert [o.label for o in outcomes if o.state == NOT_REACHED] == [
        'no bridge br-tun', 'no bridge br-prv', 'no bridge br-floating']
    assert 'Start Open vSwitch (service openvswitch-switch start)' in failed.difference
    assert system.services.running == set(NEEDED)
    system.ovs.is_stopped = False
    assert states(system, roles(1, 1), release, uid='2') == {CHANGED, UNCHANGED}


def test_a_bridge_whose_use_could_not_be_told_is_not_removed_either():
    system = Node()
    system.ovs.is_stopped = True
    resources = wanted(system, roles(1, 1), uid='2')
    system.ovs.is_stopped = False
    system.ovs.addresses = '4: br-prv    inet 198.51.100.9/24 scope global br-prv\n'

    assert [o.label for o in converge(resources, system) if o.state == FAILED] == [
        'no bridge br-prv']

    assert 'br-prv' in system.ovs.bridges


def test_the_primary_controller_removes_the_records_of_agents_that_died():
    """DHCP agents of computes serve; and it waits until Neutron sees the deaths.
    Of a host that is gone none stays."""
    system = Node()
    system.keys['/calico/v1/host/gone/config/LogSeverityFile'] = ('DEBUG', None)

    assert states(system, roles(1, 1)) == {CHANGED, UNCHANGED}
    assert states(system, roles(1, 1)) == {UNCHANGED}

    assert system.neutron.left() == [
        ('calico-felix', 'node-1.example.com'),
        ('calico-felix', 'node-2'), ('calico-felix', 'node-2.example.com'),
        ('neutron-dhcp-agent', 'node-2'),
        ('neutron-dhcp-agent', 'node-2.example.com')]


@pytest.mark.parametrize('release, is_served_there', [
    ('6.1', True), ('7.0', True), ('8.0', False), ('9.2', False)])
def test_a_controller_that_is_a_compute_keeps_its_dhcp_agent_up_to_kilo(
        release, is_served_there):
    system = Node(release)
    of_nodes = [['primary-controller', 'compute'], ['controller']]

    states(system, of_nodes, release)

    record = ('neutron-dhcp-agent', 'node-1.example.com')
    assert (record in system.neutron.left()) == is_served_there
    assert ('neutron-dhcp-agent', 'node-2.example.com') not in system.neutron.left()
    assert 'neutron-dhcp-agent' in system.services.running


@pytest.mark.parametrize('of_nodes, settings', [
    (roles(1, 1)[::-1], {'cleanup_ovs': False}),
    ([['mongo'], ['primary-controller']], {})])
def test_nothing_is_touched_where_it_is_not_wanted(of_nodes, settings):
    """The node fails on any command."""
    system = FakeSystem()

    assert states(system, of_nodes, **settings) <= {UNCHANGED}


def test_without_the_clean_up_only_what_hosts_left_that_are_gone_is_removed():
    system = Node()
    for agent in system.neutron.objects['agent']:
        agent['alive'] = 'xxx'
    before = [record for record in system.neutron.left() if record[1] != 'gone']

    assert states(system, roles(1, 1), cleanup_ovs=False) == {CHANGED, UNCHANGED}

    assert system.neutron.left() == before
    assert 'br-tun' in system.ovs.bridges


def test_a_node_without_pacemaker_and_open_vswitch_is_clean():
    system = FakeSystem()
    for program in ('cibadmin', 'ovs-vsctl'):
        system.programs[program] = None
    Services(system)

    assert states(system, [['primary-controller'], ['controller', 'compute']],
                  uid='2') == {UNCHANGED}


def test_what_fuel_brings_back_goes_again():
    """Its Puppet starts the agents; ifupdown makes the bridges at boot."""
    system = Node()
    states(system, roles(1, 1))
    for element in system.pacemaker.resources.iter('nvpair'):
        if element.get('name') == 'target-role':
            element.set('value', 'Started')
    system.pacemaker.running['p_neutron-l3-agent'] = 3
    system.ovs.bridges.update({'br-int': ['int-br-prv'], 'br-prv': ['p_1-0']})

    states(system, roles(1, 1))

    assert system.pacemaker.running['p_neutron-l3-agent'] == 0
    assert sorted(system.ovs.bridges) == ['br-own']


@pytest.mark.parametrize('release', ['6.1', '9.2'])
def test_a_run_killed_at_any_change_is_finished_by_the_next(release):
    of_nodes = [['primary-controller', 'compute'], ['controller']]

    def state(system):
        return (system.ovs.bridges, system.neutron.left(), system.services.running,
                sorted(system.pacemaker.running.items()))
    for whole, system in at_every_change(
            lambda dies_at: Node(release, dies_at),
            lambda system: states(system, of_nodes, release)):
        assert state(system) == state(whole)
