"""What the earlier test plan left out."""

import json
import re

import pytest

from lab.fuel import pacemaker
from lab.machine.programs import eventually
from tests.plan.conftest import FUEL
from tests.plan.nodes import (
    daemons, established, is_whole, members, three_controllers)


@pytest.fixture(scope='class')
def lab(make_lab):
    """Three controllers, and two computes with an instance each."""
    return three_controllers(make_lab, computes=2)


class TestThreeControllers:
    """One environment, which each test leaves as good as it was."""

    DAEMONS = 'sbin/bird', 'bin/etcd', 'bin/calico-felix'

    @pytest.mark.plan('three controllers')
    def test_three_controllers_are_three_reflectors_and_etcd_members(self, lab):
        """The compute has a session to each controller, and each controller is a
        member.

        Steps: Deploy. Show the sessions of a compute. List the members of etcd.
        """
        assert established(lab, 'node-4') == [
            'reflector_node_1', 'reflector_node_2', 'reflector_node_3']
        assert members(lab, 'node-2') == ['node-1', 'node-2', 'node-3']

    @pytest.mark.plan('nodes without internet')
    def test_the_deployment_needed_nothing_but_the_master(self, lab):
        """Every package source is the master, and no address outside answers.

        Steps: Deploy. Read the package sources of each node. Ping an address outside
        from each node.
        """
        for name, member in lab.fuel.members.items():
            sources = member.machine.run(
                'find', '/etc/apt', '-name', '*.list', '-exec', 'cat', '{}', '+')
            master = lab.fuel.metadata(name)['master_ip']
            assert set(re.findall(r'https?://([^:/ ]+)', sources)) == {master}
            assert member.machine.result(
                'ping', '-n', '-c', 1, '-W', 1, '203.0.113.253').status

    @pytest.mark.plan('each task again')
    def test_each_task_run_again_changes_nothing(self, lab):
        """No task changes anything, and each daemon keeps its process.

        Steps: Run each task of the plugin by hand on each node. Run `calico-fuel
        verify`.
        """
        watched = ('sbin/bird', 'bin/etcd', 'bin/neutron-server', 'bin/nova',
                   'bin/calico-felix', 'dhcp-agent')
        before = {name: daemons(lab, name, *watched) for name in lab.fuel.members}

        for name in lab.fuel.members:
            for task in ('packages', 'etcd', 'neutron-server', 'route-reflector',
                         'compute', 'cron', 'cleanup', 'networks'):
                said = lab.task(name, task).splitlines()[-1]
                assert 'changed' not in said.replace('unchanged', ''), said
            lab.task(name, 'verify')

        assert {name: daemons(lab, name, *watched)
                for name in lab.fuel.members} == before

    @pytest.mark.plan('dry run')
    def test_a_dry_run_shows_what_would_change_and_changes_nothing(self, lab):
        """The first dry run shows no change. The second shows the old and the new timer
        and no password, and changes nothing. After the task no change is left.

        Steps: Run `calico-fuel compute --dry-run` on a compute. Change a timer in
        `bird.conf`, and run it again. Run `calico-fuel compute`, then the dry run.
        """
        assert 'would change' not in lab.task('node-4', 'compute --dry-run')
        machine = lab.fuel.members['node-4'].machine
        machine.run('sed', '-i', 's/time 30;/time 90;/', '/etc/bird/bird.conf')
        password, = set(re.findall(
            'password "(.*)"', machine.read('/etc/bird/bird.conf')))

        said = lab.task('node-4', 'compute --dry-run')

        assert '-  hold time 90;' in said and '+  hold time 30;' in said
        assert password not in said
        assert 'hold time 90;' in machine.read('/etc/bird/bird.conf')
        lab.task('node-4', 'compute')
        assert 'would change' not in lab.task('node-4', 'compute --dry-run')

    @pytest.mark.plan('deployment repeated')
    def test_a_deployment_repeated_without_change_restarts_no_routing(
            self, lab, lose_nothing):
        """No packet is lost. BIRD, etcd and Felix keep their processes.

        Steps: Deploy again without a change, during a ping between two instances.
        """
        before = {name: daemons(lab, name, *self.DAEMONS)
                  for name in lab.fuel.members}

        lose_nothing(lab, lambda: lab.fuel.deploy(again=True))

        assert {name: daemons(lab, name, *self.DAEMONS)
                for name in lab.fuel.members} == before

    @pytest.mark.plan('loss of a route reflector')
    def test_the_loss_and_return_of_a_route_reflector_costs_nothing(
            self, lab, lose_nothing):
        """No packet is lost.

        Steps: Stop BIRD on a controller, during a ping between two instances. Wait
        until the computes have two sessions. Start it again.
        """
        machine = lab.fuel.members['node-1'].machine

        def event():
            machine.run('service', 'bird', 'stop')
            assert eventually(lambda: len(established(lab, 'node-4')) == 2)
            machine.run('service', 'bird', 'start')
            assert eventually(lambda: len(established(lab, 'node-4')) == 3, 30)
        lose_nothing(lab, event)

    @pytest.mark.plan('reboot of a controller')
    def test_a_controller_that_rebooted_is_as_before(self, lab, lose_nothing):
        """No packet is lost, and `verify` is good afterwards.

        Steps: Cut the power of a controller during a ping between two instances, and
        start it again. Run `calico-fuel verify` there.
        """
        def event():
            lab.reboot('node-1')
            assert eventually(lambda: len(established(lab, 'node-1')) == 4, 40)
        lose_nothing(lab, event)

        assert 'verify: good' in lab.task('node-1', 'verify')

    @pytest.mark.plan('reboot of a compute')
    def test_a_compute_that_rebooted_is_as_before(self, lab):
        """All three sessions are Established, `verify` is good, and the instances reach
        each other.

        Steps: Cut the power of a compute, and start it again. Run `calico-fuel verify`
        there. Ping between the instances.
        """
        lab.reboot('node-4')

        assert eventually(lambda: len(established(lab, 'node-4')) == 3, 40)
        assert 'verify: good' in lab.task('node-4', 'verify')
        assert lab.is_matrix_whole(30)

    @pytest.mark.report
    @pytest.mark.plan('plugin removed from one of three controllers')
    def test_a_controller_without_the_plugin_leaves_the_rest_as_it_is(
            self, lab, lose_nothing):
        """No packet is lost. Its etcd member leaves, and comes back.

        Steps: Run `calico-fuel remove --with-etcd-data` on a controller, during a ping
        between two instances. Run its tasks again.
        """
        def event():
            lab.task('node-3', 'remove --with-etcd-data')
            assert members(lab, 'node-1') == ['node-1', 'node-2']
            assert eventually(
                lambda: 'reflector_node_3' not in established(lab, 'node-4'))
            for task in 'packages', 'etcd', 'route-reflector', 'neutron-server', 'cron':
                lab.task('node-3', task)
            assert eventually(lambda: is_whole(lab), 40)
        lose_nothing(lab, event)

        assert members(lab, 'node-1') == ['node-1', 'node-2', 'node-3']

    # Fuel 9 starts no such agents, and writes no such list.
    if not FUEL.startswith('9'):
        @pytest.mark.plan('agents of pacemaker')
        def test_pacemaker_runs_no_agent_of_neutron(self, lab):
            """Pacemaker runs none of Neutron's agents, and still runs what is not
            Neutron's.

            Steps: On Fuel 6.1 to 8.0, deploy, which starts the agents. List what
            pacemaker runs on each controller.
            """
            for name in 'node-1', 'node-2', 'node-3':
                machine = lab.fuel.members[name].machine
                assert pacemaker.running(machine, lab.fuel.release) == [pacemaker.OTHER]

        @pytest.mark.plan('controller in error')
        def test_a_controller_that_the_list_lacks_stays_a_member_and_a_reflector(
                self, lab):
            """The task `etcd` changes nothing, and `verify` names the controller. It
            stays an etcd member and a route reflector.

            Steps: On Fuel 6.1 to 8.0, take a controller out of another one's list of
            nodes, as Fuel does while it is in error. Run `calico-fuel etcd` on both,
            and `calico-fuel verify`. List it again.
            """
            path = '/etc/hiera/nodes.yaml'
            first = lab.fuel.members['node-1'].machine
            whole = first.read(path)
            entries = json.loads(whole)['nodes']
            first.write(path, json.dumps({'nodes': [
                entry for entry in entries if entry['name'] != 'node-3']}))

            for name in 'node-1', 'node-3', 'node-1':
                said = lab.task(name, 'etcd').splitlines()[-1]
                assert 'changed' not in said.replace('unchanged', ''), said
            assert 'lacks node-3' in lab.task('node-1', 'verify')

            first.write(path, whole)
            assert members(lab, 'node-3') == ['node-1', 'node-2', 'node-3']
            assert 'reflector_node_3' in established(lab, 'node-1')
            assert 'lacks' not in lab.task('node-1', 'etcd')
