"""The cases of the earlier plugin's test plan that look at an environment, by its ids.

And settings that it must not take. Cases in which nodes come and go are in
test_plan_changes.
"""

import json
import urllib.parse

import pytest

from lab.fuel.granular import DeploymentFailed
from lab.machine.programs import eventually
from tests.plan import border
from tests.plan.conftest import FELIX, FUEL
from tests.plan.nodes import KEYS, ask_etcd, established, peers

# Two on one compute and one on the other, of each.
GROUPS = ['sg1', 'sg1', 'sg2', 'sg2', 'sg1', 'sg2']
COMPLETE = (
    '. /etc/bash_completion.d/calico-fuel && COMP_WORDS=(calico-fuel etcd-b) '
    'COMP_CWORD=1 && _calico_fuel && echo "${COMPREPLY[@]}"')
SESSIONS = ['client_node_2', 'client_node_3', 'external_border']
ENDPOINT = KEYS + 'calico/v1/host/node-3/workload/openstack/{0}/endpoint/{0}'
TASK = 'cd /etc/fuel/plugins/calico-fuel-plugin-4.0 && ./run_task '


def pings(lab, is_same_group):
    """Whether each pair in one group, or in two, has an answer."""
    return [is_reached for (a, b), is_reached in lab.matrix().items()
            if (lab.groups[a] == lab.groups[b]) == is_same_group]


@pytest.fixture(scope='class')
def lab(make_lab):
    """A controller, two computes with six instances, a storage node, and a border
    router, which is also the outbound router.
    """
    lab = make_lab('primary-controller', 'compute', 'compute', 'cinder',
                   external_peers=border.PEER, workload_gateway=border.ADDRESS)
    for group in GROUPS:
        lab.add_workload(group=group)
    lab.border = border.start(lab)
    lab.border.node.configure('address add {}/32 dev lo'.format(border.OUTSIDE))
    return lab


class TestOneEnvironment:
    """No test changes it."""

    @pytest.mark.plan('deploy_openstack_with_calico')
    def test_the_deployment_succeeds(self, lab):
        """Every task of the plugin ends well on every node.

        Steps: Create an environment with the plugin. Add the nodes. Deploy changes.
        """
        assert lab.fuel.ready == {'node-1', 'node-2', 'node-3', 'node-4'}

    @pytest.mark.plan('man page and completion')
    def test_a_node_has_the_man_page_and_the_completion_of_the_command(self, lab):
        """Bash completes the command, and the man page is that of the plugin.

        Steps: On a node, load `/etc/bash_completion.d/calico-fuel` in bash, as a login
        does, and complete the word `etcd-b` behind the command. Read the file that the
        man page leads to.
        """
        machine = lab.fuel.members['node-2'].machine
        assert machine.run('bash', '-c', COMPLETE).strip() == 'etcd-backup'
        leads_to = machine.read('/usr/local/share/man/man8/calico-fuel.8')
        assert '.TH CALICO' in machine.read(leads_to.split()[1])

    @pytest.mark.plan('verify_bgp_sessions')
    def test_the_route_reflector_has_a_session_to_every_compute(self, lab):
        """The sessions to both computes and to the border router are Established.

        Steps: Run `birdc show protocols` on the controller.
        """
        assert eventually(lambda: established(lab, 'node-1') == SESSIONS, 20)

    @pytest.mark.plan('test_initial_rr_config')
    def test_a_storage_node_is_no_peer(self, lab):
        """Both computes and the border router are peers. The storage node is none.

        Steps: Run `birdc show protocols` on the controller.
        """
        assert peers(lab, 'node-1') == SESSIONS

    @pytest.mark.plan('create_vms')
    def test_workloads_are_spread_over_the_computes(self, lab, record_property):
        """Each compute has three instances.

        Steps: Start six instances, in two security groups.
        """
        record_property('stand_in', 'Nova: the lab attaches them')

        places = [place for place, _ in lab.workloads.values()]
        assert sorted(places) == ['node-2'] * 3 + ['node-3'] * 3

    @pytest.mark.plan('test_connectivity')
    def test_every_workload_reaches_every_other_one(self, lab):
        """Every instance reaches every other one of its security group. Without Felix
        it reaches those of the other group too.

        Steps: Ping from each instance to each other one.
        """
        assert eventually(lambda: all(pings(lab, is_same_group=True)), 15)
        assert FELIX or all(pings(lab, is_same_group=False))

    @pytest.mark.plan('test_security')
    def test_groups_are_kept_apart(self, lab):
        """No instance of the other security group answers.

        Steps: With a real Felix, ping from each instance to those of the other security
        group.
        """
        if not FELIX:
            pytest.skip('needs Felix')
        assert not any(pings(lab, is_same_group=False))

    @pytest.mark.plan('test_external_connectivity')
    def test_workloads_reach_what_is_behind_a_border_router(
            self, lab, record_property):
        """The border router learns the route of the instance, and the instance reaches
        the host. The compute has another default route. The deleted rule is back.

        Steps: Ping a host behind the border router from an instance. Delete a rule of
        the outbound router on the compute. Run the scripts of an interface that comes
        up.
        """
        record_property('border router', 'a real BIRD with AS 65010')
        workload = next(workload for place, workload in lab.workloads.values()
                        if place == 'node-3')
        assert eventually(
            lambda: 'via 192.0.2.13' in lab.border.node.routes(workload.address), 20)
        compute = lab.fuel.members['node-3'].machine
        # The strict check of source addresses, as Felix wants it.
        compute.node.set(conf__all__rp_filter=1)
        # The workload asks: its security group lets nobody outside ping it.
        assert eventually(lambda: 'bytes from' in workload.run(
            'ping', '-n', '-c', 1, '-W', 1, border.OUTSIDE, check=False))
        assert border.ADDRESS not in compute.run('ip', 'route', 'show', 'default')

        # As at a boot, when ifupdown brings an interface up.
        before = compute.run('ip', 'rule')
        compute.run('ip', 'rule', 'del', 'pref', 20200)
        compute.run('run-parts', '/etc/network/if-up.d')
        assert compute.run('ip', 'rule') == before
        assert ' changed' not in lab.task('node-3', 'compute').splitlines()[-1]

    @pytest.mark.plan('workload prefixes without the workloads')
    @pytest.mark.skipif(FUEL.startswith('9'), reason='the tasks are the same')
    def test_prefixes_without_the_workloads_are_refused_and_all_routes_stay(self, lab):
        """`preflight` stops the deployment, and each task refuses. Each names an
        instance, with its host or its tap. `bird.conf`, the routes and the traffic stay
        as they were.

        Steps: Change the instance CIDRs to others. Deploy again. Run `preflight`,
        `route-reflector`, `compute` and `verify` by hand.
        """
        here, there = (next(workload for place, workload in lab.workloads.values()
                            if place == name) for name in ('node-2', 'node-3'))
        ask_etcd(lab, 'node-1', ENDPOINT.format(there.name), 'value=' +
                 urllib.parse.quote(json.dumps({'ipv4_nets': [there.address + '/32']})),
                 'PUT', check=True)
        reflector, node = [
            lab.fuel.members[name].machine for name in ('node-1', 'node-2')]

        def kept():
            return (node.run('ip', 'route', 'show', 'proto', 'bird'),
                    node.read('/etc/bird/bird.conf'))
        assert eventually(lambda: there.address in kept()[0])
        before = kept()
        lab.fuel.settings['workload_prefixes'] = '10.99.0.0/16'

        with pytest.raises(DeploymentFailed) as error:
            lab.fuel.deploy(again=True)

        on_host = there.address + ' (host node-3)'
        assert './run_task preflight failed' in str(error.value)
        assert on_host in str(error.value)
        on_tap = '{} (tap'.format(here.address)
        for machine, task, named in (
                (reflector, 'preflight', on_host),
                (reflector, 'route-reflector', on_host),
                (reflector, 'verify', on_host), (node, 'preflight', on_tap),
                (node, 'compute', on_tap), (node, 'verify', on_tap)):
            ran = machine.attempt(TASK + task)
            assert ran.status == 1, ran
            assert named in ran.output, ran
            assert kept() == before
        assert lab.is_matrix_whole()
