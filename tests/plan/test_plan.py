"""The cases of the earlier plugin's test plan that happen on nodes, by its ids."""

import re
import time

import pytest

from lab import fuel_metadata, laboratory
from lab.commands import eventually
from tests.plan.conftest import FELIX

# Two on one compute and one on the other, of each.
GROUPS = ['sg1', 'sg1', 'sg2', 'sg2', 'sg1', 'sg2']


def established(lab, name):
    """The neighbors of a node with an Established session, by BIRD's names."""
    return re.findall(r'(?m)^(\S+) +BGP .*Established',
                      lab.birdc(name, 'show', 'protocols'))


def deploying(lab, event):
    """*event* and the deployment that follows it, as one event."""
    def both():
        event()
        lab.fuel.deploy()
    return both


def peers(lab, name):
    return re.findall(r'(?m)^(\S+) +BGP ', lab.birdc(name, 'show', 'protocols'))


def ask_etcd(lab, method, path):
    """What etcd says to node-1 about Calico's keys."""
    return lab.fuel.members['node-1'].machine.run(
        'python3', '-c', 'import sys, urllib.request as u; print(u.urlopen(u.Request('
        '"http://127.0.0.1:4001/v2/keys/calico/" + sys.argv[2], method=sys.argv[1]), '
        'timeout=5).read().decode())', method, path)


def pings(lab, is_same_group):
    """Whether each pair in one group, or in two, has an answer."""
    return [is_reached for (a, b), is_reached in lab.matrix().items()
            if (lab.groups[a] == lab.groups[b]) == is_same_group]


@pytest.fixture(scope='class')
def lab(make_lab):
    return make_lab('primary-controller', 'compute', 'compute')


class TestOneEnvironment:
    """Cases 4 to 8 look at one environment, one after the other."""

    @pytest.mark.plan('deploy_openstack_with_calico')
    def test_the_deployment_succeeds(self, lab):
        """Every task of the plugin ended well on every node."""
        assert lab.fuel.ready == {'node-1', 'node-2', 'node-3'}

    @pytest.mark.plan('verify_bgp_sessions')
    def test_the_route_reflector_has_a_session_to_every_compute(self, lab):
        """birdc on the controller shows both computes Established."""
        assert established(lab, 'node-1') == ['client_node_2', 'client_node_3']

    @pytest.mark.plan('create_vms')
    def test_workloads_are_spread_over_the_computes(self, lab, record_property):
        """Six workloads, three on each compute, with addresses of the pool."""
        record_property('stand_in', 'Nova: the lab attaches them')
        for group in GROUPS:
            lab.add_workload(group=group)

        places = [place for place, _ in lab.workloads.values()]
        assert sorted(places) == ['node-2'] * 3 + ['node-3'] * 3

    @pytest.mark.plan('test_connectivity')
    def test_every_workload_reaches_every_other_one(self, lab):
        """All pairs of a group answer a ping; without Felix all 30 pairs."""
        assert eventually(lambda: all(pings(lab, is_same_group=True)), 15)
        assert FELIX or all(pings(lab, is_same_group=False))

    @pytest.mark.plan('test_security')
    def test_groups_are_kept_apart(self, lab):
        """Workloads of another security group do not answer."""
        if not FELIX:
            pytest.skip('needs Felix')
        assert not any(pings(lab, is_same_group=False))


@pytest.mark.plan('test_initial_rr_config')
def test_a_storage_node_is_no_peer(make_lab):
    """One controller, one compute, one storage node: one peer."""
    lab = make_lab('primary-controller', 'compute', 'cinder')

    assert peers(lab, 'node-1') == ['client_node_2']


# In lists only: it never answers.
NOBODY = {9: ['compute']}


def seconds_after_list(lab, roles, is_so, meanwhile=lambda: None):
    """From a list of nodes on the controller, by itself, until *is_so*."""
    begin = time.monotonic()
    # As mcollective does: truncated, then written.
    lab.fuel.members['node-1'].machine.write(
        '/etc/hiera/nodes.yaml', fuel_metadata.nodes_text(roles))
    meanwhile()
    assert eventually(is_so, 30)
    return round(time.monotonic() - begin, 1)


def is_gone(lab, left, address):
    """Whether node-1 has the peers that are left, and no port open to *address*."""
    return peers(lab, 'node-1') == left and address not in lab.fuel.members[
        'node-1'].machine.run('iptables-save', '-t', 'filter')


def follow_the_list(lab, lost_packets, record_property):
    """A compute that lives is left out of the list, is forgotten, and comes back.

    With it comes one that nobody hears of, and goes.
    """
    machine = lab.fuel.members['node-1'].machine
    whole = {int(member.uid): member.roles for member in lab.fuel.members.values()}
    without = {uid: roles for uid, roles in whole.items() if uid != 3}
    both = ['client_node_2', 'client_node_3']
    first, second = lab.add_workload('node-2'), lab.add_workload('node-3')
    assert lab.is_matrix_whole()

    def is_kept():
        return '"kept": ["3"]' in machine.read('/var/lib/calico-fuel/nodes')

    def is_forgotten():
        return is_gone(lab, both[:1], '192.0.2.13')

    def is_nobody_gone():
        return is_gone(lab, both, '192.0.2.19')

    def is_established():
        return established(lab, 'node-1') == both and 'client_node_9' in peers(
            lab, 'node-1')

    def run_of_fuel():
        machine.run('sh', '-c', 'flock /var/lock/calico-fuel.lock sleep 3 '
                    '>/dev/null 2>&1 &')

    def runs_of_fuel():
        # One after the other, so one meets that of the watcher.
        for _ in range(20):
            if is_established():
                break
            lab.task('node-1', 'etcd')

    def leave_out():
        seconds_after_list(lab, without, is_kept)
        verdict = lab.task('node-1', 'verify')
        assert 'list of nodes: lacks node-3' in verdict
        assert 'Deploy node-3 again' in verdict
    lost = lost_packets(lab, first, second, leave_out)
    assert established(lab, 'node-1') == both
    record_property('packets lost by a compute that the list lacks', lost)
    assert lost == 0

    seconds = {}
    lab.task('node-1', 'forget node-3 --force')
    for ending, meanwhile, later in (
            ('', (), ()), (' between runs of Fuel', [runs_of_fuel], [run_of_fuel])):
        # The list in which it was forgotten.
        seconds_after_list(lab, without, is_forgotten)
        seconds['Established' + ending] = seconds_after_list(
            lab, {**whole, **NOBODY}, is_established, *meanwhile)
        seconds['gone' + ending] = seconds_after_list(
            lab, whole, is_nobody_gone, *later)
    for what, figure in seconds.items():
        record_property('seconds until ' + what, figure)
    assert max(seconds.values()) <= 10
    assert seconds['gone between runs of Fuel'] >= 3
    assert 'another run' not in machine.read('/var/log/calico-fuel.log')


@pytest.mark.plan('test_rr_config_changes')
def test_the_peers_of_the_route_reflector_follow_the_computes(
        make_lab, lost_packets, record_property):
    """1 peer; 2 with a compute more; none when both are gone and a storage comes."""
    lab = make_lab('primary-controller', 'compute')
    assert peers(lab, 'node-1') == ['client_node_2']

    lab.fuel.add('compute')
    lab.fuel.deploy()
    assert eventually(lambda: peers(lab, 'node-1') == [
        'client_node_2', 'client_node_3'], 15)
    # On Fuel 9 the task graph sees to it.
    if not lab.fuel.release.startswith('9'):
        follow_the_list(lab, lost_packets, record_property)

    lab.fuel.remove('node-2')
    lab.fuel.remove('node-3')
    lab.fuel.deploy()
    lab.fuel.add('cinder')
    lab.fuel.deploy()

    assert eventually(lambda: peers(lab, 'node-1') == [], 15)


BORDER = '''
router id 192.0.2.200;
protocol device { }
protocol direct { }
protocol kernel { export all; }
protocol bgp environment {
  local as 65010;
  neighbor 192.0.2.11 as 64512;
  multihop;
  connect retry time 2;
  import all;
  export none;
}
'''


@pytest.mark.plan('test_external_connectivity')
def test_a_border_router_reaches_workloads(make_lab, record_property):
    """It learns their routes, and is their gateway; the compute's stays another."""
    record_property('border router', 'a real BIRD with AS 65010')
    lab = make_lab('primary-controller', 'compute', 'compute',
                   external_peers='border 65010 192.0.2.200',
                   workload_gateway='192.0.2.200')
    workload = lab.add_workload('node-3')
    border = lab.add_border_router('192.0.2.200', BORDER)

    assert eventually(lambda: 'via 192.0.2.13' in border.routes(workload.address), 20)
    compute = lab.fuel.members['node-3'].machine
    # The strict check of source addresses, as Felix wants it.
    compute.node.set(conf__all__rp_filter=1)
    assert eventually(lambda: 'bytes from' in border.run(
        'ping', '-n', '-c', 1, '-W', 1, '-I', laboratory.OUTSIDE_ADDRESS,
        workload.address, check=False))
    assert 'via 192.0.2.200' not in compute.run('ip', 'route', 'show', 'default')

    # As at a boot, when ifupdown brings an interface up.
    before = compute.run('ip', 'rule')
    compute.run('ip', 'rule', 'del', 'pref', 20200)
    compute.run('run-parts', '/etc/network/if-up.d')
    assert compute.run('ip', 'rule') == before
    assert ' changed' not in lab.task('node-3', 'compute').splitlines()[-1]


@pytest.mark.plan('modify_env_with_plugin_remove_add_controller')
def test_controllers_come_and_go(make_lab, lost_packets, record_property):
    """A second controller, then without the first, then with a new one."""
    lab = make_lab('primary-controller', 'compute', 'compute')
    first, second = lab.add_workload('node-2'), lab.add_workload('node-3')
    lost = []

    def change(event):
        lost.append(lost_packets(lab, first, second, deploying(lab, event)))
        for _ in range(2):
            lab.add_workload()
        assert lab.is_matrix_whole()
    change(lambda: lab.fuel.add('controller'))
    assert established(lab, 'node-2') == ['reflector_node_1', 'reflector_node_4']
    change(lambda: lab.fuel.remove('node-1'))
    assert peers(lab, 'node-2') == established(lab, 'node-2') == ['reflector_node_4']
    change(lambda: lab.fuel.add('controller'))

    assert established(lab, 'node-2') == ['reflector_node_4', 'reflector_node_5']
    record_property('packets lost at each change', lost)
    assert lost == [0, 0, 0]


@pytest.mark.plan('modify_env_with_plugin_remove_add_compute')
def test_computes_come_and_go(make_lab, lost_packets, record_property):
    """One compute less, one compute more; those that stay lose nothing.

    The one that left has no session and no open port any more.
    """
    lab = make_lab('primary-controller', 'compute', 'compute', 'compute')
    first, second = lab.add_workload('node-2'), lab.add_workload('node-3')
    lost = []

    def change(event):
        lost.append(lost_packets(lab, first, second, deploying(lab, event)))
        assert lab.is_matrix_whole()

    def leave():
        lab.fuel.remove('node-4')
        lab.fuel.deploy()
        if lab.fuel.release == '6.1':
            # Which tells nothing to the nodes that stay.
            assert 'client_node_4' in peers(lab, 'node-1')
            # As 90 s after the last report.
            ask_etcd(lab, 'DELETE', 'felix/v1/host/node-4/status')
            lab.task('node-1', 'forget node-4')
            assert 'node-4' not in ask_etcd(lab, 'GET', '?recursive=true')
        begin = time.monotonic()
        assert eventually(lambda: is_gone(
            lab, ['client_node_2', 'client_node_3'], '192.0.2.14'), 15)
        if lab.fuel.release in ('7.0', '8.0'):
            # From the list that Fuel has written.
            seconds = round(time.monotonic() - begin, 1)
            record_property('seconds until gone', seconds)
            assert seconds <= 10
    ask_etcd(lab, 'PUT', 'v1/host/node-4/config/LogSeverityFile?value=INFO')
    lost.append(lost_packets(lab, first, second, leave))
    change(lambda: lab.fuel.add('compute'))
    lab.add_workload('node-5')

    assert established(lab, 'node-1') == [
        'client_node_2', 'client_node_3', 'client_node_5']
    assert lab.is_matrix_whole()
    record_property('packets lost at each change', lost)
    assert lost == [0, 0]
