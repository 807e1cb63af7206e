"""Fuel 9: the task graph runs what a change asks for, and nothing else."""

import pytest

from calico_fuel.bgp import held_routes
from calico_fuel.render import CRON_FILE
from lab.machine.programs import eventually
from tests.plan.nodes import deploying, established, members

REFLECTORS = ['reflector_node_5', 'reflector_node_6']


@pytest.fixture(scope='class')
def lab(make_lab):
    lab = make_lab('primary-controller', 'compute', 'compute')
    lab.add_workload('node-2')
    lab.add_workload('node-3')
    return lab


@pytest.fixture
def deploy(lab, lost_packets, record_property):
    """Deploy an *event* under a ping at 20 Hz that loses nothing; what ran where."""
    def deploy(event=lambda: None):
        first, second = (workload for _, workload in lab.workloads.values())
        lost = lost_packets(lab, first, second, deploying(lab, event))
        record_property('packets lost', lost)
        assert lost == 0
        return {(step.id, step.uid) for step in lab.fuel.ran}
    return deploy


class TestFuel9:
    """One environment that grows and shrinks, one test after the other."""

    @pytest.mark.plan('Fuel 9: first deployment')
    def test_the_graph_brings_every_node_to_its_place(self, lab):
        """No Open vSwitch agent was ever installed, and all workloads answer."""
        assert lab.fuel.ready == {'node-1', 'node-2', 'node-3'}
        assert established(lab, 'node-1') == ['client_node_2', 'client_node_3']
        for name, member in lab.fuel.members.items():
            assert 'openvswitch' not in member.machine.run('dpkg-query', '--show'), name
        assert lab.is_matrix_whole()

    @pytest.mark.plan('Fuel 9: deployment repeated')
    def test_a_deployment_without_changes_runs_only_what_releases_routes(self, deploy):
        """On computes, where none are held."""
        assert deploy() == {('calico-release-routes', 'node-2'),
                            ('calico-release-routes', 'node-3')}

    @pytest.mark.plan('Fuel 9: compute added')
    def test_a_new_compute_runs_on_others_what_these_need_only(self, lab, deploy):
        """The controller's session and firewall; the other computes look only."""
        ran = deploy(lambda: lab.fuel.add('compute'))

        assert {task for task, uid in ran if uid in ('node-2', 'node-3')} == {
            'calico-compute', 'calico-release-routes', 'calico-compute-verify'}
        assert ('calico-route-reflector', 'node-1') in ran
        assert established(lab, 'node-4') == ['reflector_node_1']

    @pytest.mark.plan('Fuel 9: dedicated nodes')
    def test_dedicated_nodes_take_over_from_the_controller(self, lab, deploy):
        """Two reflectors and three etcd members; the controller is neither then."""
        def add():
            for role in 'calico-rr', 'calico-rr', 'calico-etcd', 'calico-etcd', (
                    'calico-etcd'):
                lab.fuel.add(role)
        deploy(add)

        for name in 'node-2', 'node-3', 'node-4':
            assert eventually(lambda n=name: established(lab, n) == REFLECTORS)
        assert established(lab, 'node-1') == []
        assert members(lab, 'node-7') == ['node-7', 'node-8', 'node-9']
        member, controller = (
            lab.fuel.members[name].machine for name in ('node-7', 'node-1'))
        member.run('rm', '-r', '/var/lib/calico-fuel/etcd-backups')
        member.run('sh', '-c', "sed -n 's/^17 .* root //p' {} | sh".format(CRON_FILE))
        assert member.run('ls', '/var/lib/calico-fuel/etcd-backups')
        assert CRON_FILE not in controller.run('find', '/etc/cron.d')

    @pytest.mark.plan('Fuel 9: dedicated nodes removed')
    def test_a_reflector_and_a_member_may_go(self, lab, deploy):
        """One of two and one of three."""
        def remove():
            lab.fuel.remove('node-6')
            lab.fuel.remove('node-9')
        deploy(remove)

        assert established(lab, 'node-2') == REFLECTORS[:1]
        assert members(lab, 'node-7') == ['node-7', 'node-8']

    @pytest.mark.plan('Fuel 9: controller added and removed')
    def test_controllers_come_and_go(self, lab, deploy):
        """The new one is the primary in the end, and Neutron's driver is ready."""
        deploy(lambda: lab.fuel.add('controller'))
        deploy(lambda: lab.fuel.remove('node-1'))

        assert 'primary-controller' in lab.fuel.members['node-10'].roles
        assert 'verify: good' in lab.task('node-10', 'verify')

    @pytest.mark.plan('Fuel 9: compute removed')
    def test_a_compute_that_goes_leaves_no_session(self, lab, deploy):
        """On the reflector, which hears of it by the graph."""
        deploy(lambda: lab.fuel.remove('node-4'))

        assert established(lab, 'node-5') == ['client_node_2', 'client_node_3']

    @pytest.mark.plan('Fuel 9: setting changed')
    def test_a_setting_runs_what_it_touches(self, lab, deploy):
        """Border router, password: BIRD where it speaks; no etcd, Neutron, package."""
        ran = deploy(lambda: lab.fuel.settings.update(
            external_peers='border 65010 192.0.2.200', bgp_password='another'))

        assert 'external_border' in lab.birdc('node-5', 'show', 'protocols')
        assert {task for task, _ in ran} == {
            'calico-preflight', 'calico-hold-routes', 'calico-route-reflector',
            'calico-compute', 'calico-release-routes', 'calico-compute-verify',
            'calico-verify'}
        for name in 'node-2', 'node-3':
            assert not lab.fuel.members[name].machine.run(
                'ip', 'route', 'show', 'proto', held_routes.PROTOCOL)

    @pytest.mark.plan('Fuel 9: last dedicated reflector removed')
    def test_the_controller_reflects_again_when_nobody_else_does(self, lab, deploy):
        """The routes of the one that was wiped live until the controller has them."""
        deploy(lambda: lab.fuel.remove('node-5'))

        assert established(lab, 'node-10') == ['client_node_2', 'client_node_3']
        assert established(lab, 'node-2') == ['reflector_node_10']
