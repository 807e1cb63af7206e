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
    return three_controllers(make_lab, computes=2)


class TestThreeControllers:
    """One environment, which each test leaves as good as it was."""

    DAEMONS = 'sbin/bird', 'bin/etcd', 'bin/calico-felix'

    @pytest.mark.plan('three controllers')
    def test_three_controllers_are_three_reflectors_and_etcd_members(self, lab):
        """Every compute has three sessions, etcd has three members."""
        assert established(lab, 'node-4') == [
            'reflector_node_1', 'reflector_node_2', 'reflector_node_3']
        assert members(lab, 'node-2') == ['node-1', 'node-2', 'node-3']

    @pytest.mark.plan('nodes without internet')
    def test_the_deployment_needed_nothing_but_the_master(self, lab):
        """Every package source of every node is the master; nothing else answers."""
        for name, member in lab.fuel.members.items():
            sources = member.machine.run(
                'find', '/etc/apt', '-name', '*.list', '-exec', 'cat', '{}', '+')
            master = lab.fuel.metadata(name)['master_ip']
            assert set(re.findall(r'https?://([^:/ ]+)', sources)) == {master}
            assert member.machine.result(
                'ping', '-n', '-c', 1, '-W', 1, '203.0.113.253').status

    @pytest.mark.plan('each task again')
    def test_each_task_run_again_changes_nothing(self, lab):
        """By hand, on every node: no change, and every daemon keeps its pid."""
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
        """Nothing on a finished node; on one that drifted the option, and no more."""
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
            self, lab, lost_packets, record_property):
        """BIRD, etcd and Felix keep their pids, and no packet is lost."""
        before = {name: daemons(lab, name, *self.DAEMONS)
                  for name in lab.fuel.members}
        first, second = (workload for _, workload in lab.workloads.values())

        lost = lost_packets(lab, first, second, lambda: lab.fuel.deploy(again=True))

        record_property('packets lost', lost)
        assert lost == 0
        assert {name: daemons(lab, name, *self.DAEMONS)
                for name in lab.fuel.members} == before

    @pytest.mark.plan('loss of a route reflector')
    def test_the_loss_and_return_of_a_route_reflector_costs_nothing(
            self, lab, lost_packets, record_property):
        """One of three stops and comes back: no packet is lost."""
        machine = lab.fuel.members['node-1'].machine
        first, second = (workload for _, workload in lab.workloads.values())

        def event():
            machine.run('service', 'bird', 'stop')
            assert eventually(lambda: len(established(lab, 'node-4')) == 2)
            machine.run('service', 'bird', 'start')
            assert eventually(lambda: len(established(lab, 'node-4')) == 3, 30)
        lost = lost_packets(lab, first, second, event)

        record_property('packets lost', lost)
        assert lost == 0

    @pytest.mark.plan('reboot of a controller')
    def test_a_controller_that_rebooted_is_as_before(
            self, lab, lost_packets, record_property):
        """All its processes were killed; verify is good again, no packet is lost."""
        first, second = (workload for _, workload in lab.workloads.values())

        def event():
            lab.reboot('node-1')
            assert eventually(lambda: len(established(lab, 'node-1')) == 4, 40)
        lost = lost_packets(lab, first, second, event)

        record_property('packets lost', lost)
        assert lost == 0
        assert 'verify: good' in lab.task('node-1', 'verify')

    @pytest.mark.plan('reboot of a compute')
    def test_a_compute_that_rebooted_is_as_before(self, lab):
        """All its processes were killed; verify is good and workloads answer."""
        lab.reboot('node-4')

        assert eventually(lambda: len(established(lab, 'node-4')) == 3, 40)
        assert 'verify: good' in lab.task('node-4', 'verify')
        assert lab.is_matrix_whole(30)

    @pytest.mark.report
    @pytest.mark.plan('plugin removed from one of three controllers')
    def test_a_controller_without_the_plugin_leaves_the_rest_as_it_is(
            self, lab, lost_packets, record_property):
        """With its etcd member, which its tasks bring back."""
        first, second = (workload for _, workload in lab.workloads.values())

        def event():
            lab.task('node-3', 'remove --with-etcd-data')
            assert members(lab, 'node-1') == ['node-1', 'node-2']
            assert eventually(
                lambda: 'reflector_node_3' not in established(lab, 'node-4'))
            for task in 'packages', 'etcd', 'route-reflector', 'neutron-server', 'cron':
                lab.task('node-3', task)
            assert eventually(lambda: is_whole(lab), 40)
        lost = lost_packets(lab, first, second, event)

        record_property('packets lost', lost)
        assert lost == 0
        assert members(lab, 'node-1') == ['node-1', 'node-2', 'node-3']

    # Fuel 9 starts no such agents, and writes no such list.
    if not FUEL.startswith('9'):
        @pytest.mark.plan('agents of pacemaker')
        def test_pacemaker_runs_no_agent_of_neutron(self, lab):
            """Each deployment starts them; what is not Neutron's runs on."""
            for name in 'node-1', 'node-2', 'node-3':
                machine = lab.fuel.members[name].machine
                assert pacemaker.running(machine, lab.fuel.release) == [pacemaker.OTHER]

        @pytest.mark.plan('controller in error')
        def test_a_controller_that_the_list_lacks_stays_a_member_and_a_reflector(
                self, lab):
            """Fuel leaves it out of the lists of the others while it is in error."""
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
