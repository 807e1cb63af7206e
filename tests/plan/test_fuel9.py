"""Fuel 9: the task graph runs what a change asks for, and nothing else."""

from calico_fuel.bgp.bird_service import PINNED
from calico_fuel.render import CRON_FILE
from lab.machine.programs import eventually
from tests.plan.nodes import deploying, established, members

REFLECTORS = ['reflector_node_5', 'reflector_node_6']


def test_an_environment_of_fuel_9_grows_and_shrinks(make_lab, case):
    """A controller and two computes with an instance each. Each deployment but the
    first is under traffic between these, and no packet is lost.
    """
    def machine(name):
        return lab.fuel.members[name].machine

    def deploy(bear, event=lambda: None):
        """What ran, and where."""
        bear(lab, deploying(lab, event))
        return {(step.id, step.uid) for step in lab.fuel.ran}

    with case('Fuel 9: first deployment',
              'No node has Open vSwitch. The controller has a session to each '
              'compute, and the instances reach each other.'):
        lab = make_lab('primary-controller', 'compute', 'compute')
        for name in 'node-2', 'node-3':
            lab.add_workload(name)
        assert lab.fuel.ready == {'node-1', 'node-2', 'node-3'}
        assert established(lab, 'node-1') == ['client_node_2', 'client_node_3']
        for name in lab.fuel.members:
            assert 'openvswitch' not in machine(name).run('dpkg-query', '--show'), name
        assert lab.is_matrix_whole()

    with case('Fuel 9: deployment repeated',
              'The task release-routes runs on each node, and no other.') as bear:
        assert deploy(bear) == {('calico-release-routes', name)
                                for name in ('node-1', 'node-2', 'node-3')}

    with case('Fuel 9: compute added', 'It has a session to the controller, whose '
              'task route-reflector runs. The other computes run compute, '
              'release-routes and verify alone.') as bear:
        ran = deploy(bear, lambda: lab.fuel.add('compute'))
        assert {task for task, uid in ran if uid in ('node-2', 'node-3')} == {
            'calico-compute', 'calico-release-routes', 'calico-compute-verify'}
        assert ('calico-route-reflector', 'node-1') in ran
        assert established(lab, 'node-4') == ['reflector_node_1']

    with case('Fuel 9: dedicated nodes added', 'Each compute has a session to the two '
              'new route reflectors alone. The three others are the members of etcd, '
              'and cron backs it up there.') as bear:
        deploy(bear, lambda: [lab.fuel.add(role) for role in [
            'calico-rr'] * 2 + ['calico-etcd'] * 3])
        for name in 'node-2', 'node-3', 'node-4':
            assert eventually(lambda n=name: established(lab, n) == REFLECTORS)
        assert established(lab, 'node-1') == []
        assert members(lab, 'node-7') == ['node-7', 'node-8', 'node-9']
        machine('node-7').run('rm', '-r', '/var/lib/calico-fuel/etcd-backups')
        machine('node-7').run(
            'sh', '-c', "sed -n 's/^17 .* root //p' {} | sh".format(CRON_FILE))
        assert machine('node-7').run('ls', '/var/lib/calico-fuel/etcd-backups')
        assert CRON_FILE not in machine('node-1').run('find', '/etc/cron.d')

    with case('Fuel 9: dedicated nodes removed', 'A compute has a session to the other '
              'route reflector alone, and etcd has the other two members.') as bear:
        deploy(bear, lambda: [lab.fuel.remove(name) for name in ('node-6', 'node-9')])
        assert established(lab, 'node-2') == REFLECTORS[:1]
        assert members(lab, 'node-7') == ['node-7', 'node-8']

    with case('Fuel 9: controller added and removed', 'The new one is the primary '
              'controller, and verify is good there.') as bear:
        deploy(bear, lambda: lab.fuel.add('controller'))
        deploy(bear, lambda: lab.fuel.remove('node-1'))
        assert 'primary-controller' in lab.fuel.members['node-10'].roles
        assert 'verify: good' in lab.task('node-10', 'verify')

    with case('Fuel 9: compute removed', 'The route reflector has sessions to the '
              'other computes alone.') as bear:
        deploy(bear, lambda: lab.fuel.remove('node-4'))
        assert established(lab, 'node-5') == ['client_node_2', 'client_node_3']

    with case('Fuel 9: external peer added, BGP password changed', 'The route '
              'reflector has the peer, and no route stays pinned. No task for etcd, '
              'Neutron or packages runs.') as bear:
        ran = deploy(bear, lambda: lab.fuel.settings.update(
            external_peers='border 65010 192.0.2.200', bgp_password='another'))
        assert 'external_border' in lab.birdc('node-5', 'show', 'protocols')
        assert {task for task, _ in ran} == {
            'calico-preflight', 'calico-hold-routes', 'calico-route-reflector',
            'calico-compute', 'calico-release-routes', 'calico-compute-verify',
            'calico-verify'}
        for name in 'node-2', 'node-3':
            assert not machine(name).run(
                'ip', 'route', 'show', 'proto', PINNED)

    with case('Fuel 9: last dedicated reflector removed', 'The controller is the route '
              'reflector, with a session to each compute.') as bear:
        deploy(bear, lambda: lab.fuel.remove('node-5'))
        assert established(lab, 'node-10') == ['client_node_2', 'client_node_3']
        assert established(lab, 'node-2') == ['reflector_node_10']
