"""The cases of the earlier plugin's test plan in which nodes come and go, by its ids.

What tells of it to the nodes that stay is the list of nodes, on Fuel before 9.
"""

import time

import pytest

from calico_fuel.bgp.local_files import PINNED
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from tests.live import VERIFY_AT_ONCE
from tests.plan import border
from tests.plan.nodes import KEYS, ask_etcd, deploying, established, peers

CALICO = KEYS + 'calico/'
AGENTS = '/var/lib/standin/agents'
AGENT = '"neutron-dhcp-agent","{0}","agent-of-{0}","{1}"\n'
# In lists only: it never answers.
NOBODY = {9: ['compute']}
# The bound is 75 s, of which a minute of cron; one of the lab has 10 s.
BOUND = 75 - 60 + 10


def seconds_after_list(lab, roles, is_so, meanwhile=lambda: None):
    """From a list of nodes on the controller, by itself, until *is_so*."""
    begin = time.monotonic()
    # As mcollective does: truncated, then written.
    lab.fuel.members['node-1'].machine.write(
        '/etc/hiera/nodes.yaml', fuel_metadata.nodes_text(roles))
    meanwhile()
    assert eventually(is_so, 40)
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

    def is_forgotten():
        return is_gone(lab, both[:1], '192.0.2.13')

    def is_nobody_gone():
        return is_gone(lab, both, '192.0.2.19')

    def is_established():
        return sorted(established(lab, 'node-1')) == both and 'client_node_9' in peers(
            lab, 'node-1')

    def run_of_fuel():
        # Longer than a minute of the lab.
        machine.run('sh', '-c', 'flock /run/calico-fuel/lock sleep 12 '
                    '>/dev/null 2>&1 &')

    def runs_of_fuel():
        # One after the other, so one meets that of cron.
        for _ in range(20):
            if is_established():
                break
            lab.task('node-1', 'etcd')

    def leave_out():
        machine.write('/etc/hiera/nodes.yaml', fuel_metadata.nodes_text(without))
        # As cron does a minute after a new list.
        lab.task('node-1', 'refresh --all')
        verdict = lab.task('node-1', 'verify')
        assert 'list of nodes: lacks node-3' in verdict
        assert 'calico-fuel forget-node node-3' in verdict
    lost = lost_packets(lab, first, second, leave_out)
    assert sorted(established(lab, 'node-1')) == both
    record_property('packets lost by a compute that the list lacks', lost)
    assert lost == 0

    seconds = {}
    lab.task('node-1', 'forget-node node-3')
    assert is_forgotten()
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
    assert max(seconds.values()) <= BOUND
    assert seconds['gone between runs of Fuel'] >= 12
    assert 'another run' not in machine.read('/var/log/calico-fuel.log')


@pytest.mark.plan('test_rr_config_changes')
def test_the_peers_of_the_route_reflector_follow_the_computes(
        make_lab, lost_packets, record_property):
    """The controller has one peer, then two, then none. A compute that the list lacks
    loses no packet, and the controller follows each list within 75 s.

    Steps: Deploy a controller and a compute. Add a compute and deploy. Up to Fuel 8.0,
    take a compute out of the list of nodes, forget it, and list it again. Remove both
    computes, add a storage node and deploy.
    """
    lab = make_lab('primary-controller', 'compute')
    assert peers(lab, 'node-1') == ['client_node_2']

    lab.fuel.add('compute')
    lab.fuel.deploy()
    assert eventually(lambda: peers(lab, 'node-1') == [
        'client_node_2', 'client_node_3'], 30)
    # On Fuel 9 the task graph sees to it.
    if not lab.fuel.release.startswith('9'):
        follow_the_list(lab, lost_packets, record_property)

    lab.fuel.remove('node-2')
    lab.fuel.remove('node-3')
    lab.fuel.add('cinder')
    lab.fuel.deploy()

    assert eventually(lambda: peers(lab, 'node-1') == [], 30)


@pytest.mark.plan('modify_env_with_plugin_remove_add_controller')
def test_controllers_come_and_go(make_lab, lost_packets, record_property):
    """No packet is lost. The computes have a session to each controller that is there,
    and no route stays pinned.

    Steps: Deploy a controller and two computes without a BGP password. Add a controller
    and deploy, during a ping between two instances. Remove the first controller and
    deploy. Add another one, let nodes derive the BGP password, and deploy.
    """
    lab = make_lab('primary-controller', 'compute', 'compute', bgp_password='none')
    first, second = lab.add_workload('node-2'), lab.add_workload('node-3')
    address, lost = lab.fuel.members['node-1'].machine.address, []

    def change(event):
        lost.append(lost_packets(lab, first, second, deploying(lab, event)))
        for _ in range(2):
            lab.add_workload()
        assert lab.is_matrix_whole()
    change(lambda: lab.fuel.add('controller'))
    assert established(lab, 'node-2') == ['reflector_node_1', 'reflector_node_4']
    change(lambda: lab.fuel.remove('node-1'))
    # Up to Fuel 8.0 no task runs on computes: they follow the list of nodes alone.
    assert eventually(lambda: peers(lab, 'node-2') == established(
        lab, 'node-2') == ['reflector_node_4'], 15)
    assert address not in lab.fuel.members['node-2'].machine.read('/etc/default/etcd')
    lab.fuel.settings['bgp_password'] = ''
    change(lambda: lab.fuel.add('controller'))

    assert 'BGP password derived' in lab.task('node-2', 'topology')
    assert sorted(established(lab, 'node-2')) == [
        'reflector_node_4', 'reflector_node_5']
    for compute in lab.computes():
        assert not compute.machine.run('ip', 'route', 'show', 'proto', 202)
    record_property('packets lost at each change', lost)
    assert lost == [0, 0, 0]


@pytest.mark.plan('modify_env_with_plugin_remove_add_compute')
def test_computes_come_and_go(make_lab, lost_packets, record_property):
    """No packet is lost between the others. Of the removed compute no session, open
    port, key in etcd or record of an agent is left. The added one has a session, and
    its instance is reached.

    Steps: Deploy a controller and three computes. Remove a compute and deploy, during a
    ping between two other instances. On Fuel 6.1, run `calico-fuel forget-node` on the
    controller. Run `calico-fuel cleanup` there. Add a compute and deploy.
    """
    lab = make_lab('primary-controller', 'compute', 'compute', 'compute')
    first, second = lab.add_workload('node-2'), lab.add_workload('node-3')
    controller, lost = lab.fuel.members['node-1'].machine, []
    controller.write(AGENTS, AGENT.format('node-4', 'xxx') +
                     AGENT.format('node-3', ':-)'))

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
            ask_etcd(lab, 'node-1', CALICO + 'felix/v1/host/node-4/status', '',
                     'DELETE', check=True)
            said = controller.attempt(VERIFY_AT_ONCE).output
            assert 'calico-fuel forget-node node-4' in said
            lab.task('node-1', 'forget-node node-4 --force')
            assert 'node-4' not in ask_etcd(
                lab, 'node-1', CALICO + '?recursive=true', '', 'GET', check=True)
        begin = time.monotonic()
        assert eventually(lambda: is_gone(
            lab, ['client_node_2', 'client_node_3'], '192.0.2.14'), 30)
        if lab.fuel.release in ('7.0', '8.0'):
            # From the list that Fuel has written.
            seconds = round(time.monotonic() - begin, 1)
            record_property('seconds until gone', seconds)
            assert seconds <= BOUND
    ask_etcd(lab, 'node-1', CALICO + 'v1/host/node-4/config/LogSeverityFile',
             'value=INFO', 'PUT', check=True)
    lost.append(lost_packets(lab, first, second, leave))
    # As 90 s after the last report, and then cron a minute after a new list of nodes.
    ask_etcd(lab, 'node-1', CALICO + 'felix/v1/host/node-4/status', '', 'DELETE')
    lab.task('node-1', 'cleanup')
    assert controller.read(AGENTS) == AGENT.format('node-3', ':-)')
    assert 'LogSeverityFile' in controller.run(
        'find', '/var/lib/calico-fuel/etcd-backups', '-type', 'f',
        '-exec', 'cat', '{}', '+')
    change(lambda: lab.fuel.add('compute'))
    lab.add_workload('node-5')

    assert established(lab, 'node-1') == [
        'client_node_2', 'client_node_3', 'client_node_5']
    assert lab.is_matrix_whole()
    record_property('packets lost at each change', lost)
    assert lost == [0, 0]


@pytest.mark.plan('BGP password changed, seen from outside')
def test_an_instance_and_a_border_router_lose_nothing_while_the_password_changes(
        make_lab, lost_packets, record_property):
    """No packet is lost, and no route stays pinned.

    Steps: Deploy a controller and a compute, with a border router as external peer and
    outbound router. Ping a host behind it from an instance. Change the BGP password and
    deploy.
    """
    lab = make_lab('primary-controller', 'compute', external_peers=border.PEER,
                   workload_gateway=border.ADDRESS)
    instance, router = lab.add_workload('node-2'), border.start(lab)
    router.node.configure('address add {}/32 dev lo'.format(border.OUTSIDE))
    both = ['client_node_2', 'external_border']

    def change():
        lab.fuel.settings['bgp_password'] = 'another'
        lab.fuel.deploy(again=True)
        assert eventually(lambda: sorted(established(lab, 'node-1')) == both)
    assert eventually(lambda: sorted(established(lab, 'node-1')) == both)
    lost = lost_packets(
        lab, instance, router.node._replace(address=border.OUTSIDE), change)

    assert 'pinned' not in lab.birdc('node-1', 'show', 'protocols')
    assert PINNED not in lab.fuel.members['node-1'].machine.run(
        'find', '/etc/bird/local.d')
    record_property('packets lost', lost)
    assert lost == 0
