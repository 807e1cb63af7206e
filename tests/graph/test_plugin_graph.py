"""Where the plugin's own tasks are in the order of Fuel 9.0, 9.1 and 9.2."""

import functools

import pytest

from lab.fuel import graph, graph_deployment, graph_tasks
from tests.graph import graph_checks
from tests.graph.plugin_graph import (
    ENVIRONMENTS, EVERYTHING, OWN, OWN_IDS, RELEASES, nodes, placed, tasks)
from tests.unit import waits

# On every node that has both: the first one, then the second. Extend at will.
SAME_NODE = [
    ('plugins_rsync', 'calico-preflight'),
    ('configuration_symlink', 'calico-preflight'),
    ('plugins_setup_repositories', 'calico-preflight'),
    # From its sources run_task has its Python modules on a new node.
    ('setup_repositories', 'calico-preflight'), ('setup_repositories', 'calico-hiera'),
    ('calico-preflight', 'calico-hiera'),
    ('hiera', 'calico-hiera'), ('calico-hiera', 'globals'),
    ('calico-hiera', 'netconfig'),
    ('netconfig', 'calico-packages'), ('firewall', 'calico-packages'),
    ('setup_repositories', 'calico-packages'), ('hosts', 'calico-packages'),
    ('openstack-network-end', 'calico-packages'),
    ('openstack-network-common-config', 'calico-packages'),
    ('openstack-network-server-config', 'calico-neutron-server'),
    ('primary-openstack-network-server-config', 'calico-neutron-server'),
    ('openstack-network-server-nova', 'calico-neutron-server'),
    ('openstack-network-compute-nova', 'calico-compute'),
    ('top-role-compute', 'calico-compute'),
    ('calico-packages', 'calico-etcd-open-ports'),
    ('calico-packages', 'calico-compute'),
    ('calico-packages', 'calico-route-reflector'),
    ('calico-packages', 'calico-hold-routes'),
    ('calico-etcd-member', 'calico-neutron-server'),
    ('calico-neutron-server', 'calico-networks'),
    ('calico-neutron-server', 'calico-controller-cleanup'),
    ('calico-compute', 'calico-compute-cleanup'),
    ('calico-compute', 'enable_nova_compute_service'),
    ('calico-compute-cleanup', 'enable_nova_compute_service'),
    ('enable_nova_compute_service', 'calico-compute-verify'),
    ('calico-release-routes', 'calico-compute-verify'),
    ('calico-release-routes', 'calico-verify'),
]
# Whichever nodes have them, the sync node of the stages too.
ALL_NODES = [
    ('pre_deployment_end', 'calico-preflight'),
    ('calico-preflight', 'fuel_pkgs'), ('calico-preflight', 'globals'),
    ('calico-preflight', 'netconfig'), ('calico-preflight', 'calico-packages'),
    ('calico-etcd-open-ports', 'calico-etcd-member'),
    ('calico-hold-routes', 'calico-route-reflector'),
    ('calico-hold-routes', 'calico-compute'),
    ('calico-compute', 'calico-release-routes'),
    ('calico-route-reflector', 'calico-release-routes'),
    ('calico-controller-cleanup', 'calico-release-routes'),
    ('deploy_start', 'calico-packages'), ('calico-packages', 'deploy_end'),
    ('calico-etcd-member', 'calico-neutron-server'),
    ('calico-etcd-member', 'calico-compute'),
    ('calico-etcd-member', 'calico-etcd-member-tls'),
    ('calico-compute', 'calico-etcd-member-tls'),
    ('calico-etcd-member-tls', 'deploy_end'),
    ('calico-route-reflector', 'calico-compute'),
    ('calico-compute', 'calico-controller-cleanup'),
    ('calico-compute-cleanup', 'calico-controller-cleanup'),
    ('calico-networks', 'deploy_end'), ('calico-controller-cleanup', 'deploy_end'),
    ('deploy_end', 'calico-compute-verify'), ('calico-compute-verify', 'calico-verify'),
    ('calico-verify', 'post_deployment_end'),
]
# Core's agents made these wait for other nodes, for no need of their own: what they
# need of their own node they still wait for, and deploy_end for all.
FREE_OF_OTHER_NODES = {
    'openstack-network-agents-sriov', 'openstack-network-compute-nova',
    'openstack-network-end', 'openstack-network-server-nova',
    'enable_nova_compute_service'}


@functools.lru_cache(maxsize=None)
def ancestors(release):
    return graph_checks.ancestors(placed(release))


@pytest.mark.parametrize('environment', sorted(ENVIRONMENTS))
@pytest.mark.parametrize('release', RELEASES)
def test_every_environment_can_be_deployed(release, environment):
    result = placed(release, environment)

    assert len(graph.order(result)) == len(result.steps())


@pytest.mark.parametrize('release', RELEASES)
def test_every_dependency_is_on_a_task_of_the_release(release):
    unknown = [(id, name) for id, name in graph_checks.dangling(tasks(release))
               if id in OWN_IDS]
    left_out = [pair for pair in unknown
                if pair[1] in graph_tasks.core(release)['left_out']]

    assert not left_out, 'add the tasks to lab/fuel/core_tasks/{}.yaml'.format(release)
    assert unknown == []


@pytest.mark.parametrize('release', RELEASES)
def test_every_task_of_ours_is_on_some_node(release):
    assert not set(OWN_IDS) & set(
        graph_checks.nowhere(tasks(release), placed(release)))


@pytest.mark.parametrize('entry', OWN, ids=OWN_IDS)
def test_fuel_takes_no_task_of_ours_for_a_legacy_one(entry):
    assert [int(part) for part in entry['version'].split('.')] >= [2, 0, 0]


def test_no_id_is_defined_twice():
    assert len(OWN_IDS) == len(set(OWN_IDS))


@pytest.mark.parametrize('release', RELEASES)
def test_what_replaces_a_core_task_is_on_no_node_where_that_was_not(release):
    core = graph.place(graph_tasks.tasks_of(release), nodes(release, *EVERYTHING))

    assert [(uid, id) for uid, ids in placed(release).ids.items() for id in ids
            if id in OWN_IDS and id in core.tasks and id not in core.ids[uid]] == []


@pytest.mark.parametrize('release', RELEASES)
def test_no_core_task_loses_its_place_in_the_order_by_what_we_replace(release):
    core = graph.place(graph_tasks.tasks_of(release), nodes(release, *EVERYTHING))

    lost = graph_checks.lost(core, placed(release), OWN_IDS)

    assert [(str(earlier), str(later)) for earlier, later in lost
            if earlier.uid == later.uid or later.id not in FREE_OF_OTHER_NODES] == []


@pytest.mark.parametrize('earlier, later', SAME_NODE)
def test_a_node_does_one_after_the_other(earlier, later):
    seen = set()
    for release in RELEASES:
        for uid, ids in placed(release).ids.items():
            if earlier in ids and later in ids:
                seen.add(release)
                assert graph.Step(uid, earlier) in ancestors(release)[
                    graph.Step(uid, later)], (release, uid)
    assert seen == ({'9.2'} if earlier.startswith('primary-openstack-network-server')
                    else set(RELEASES))


@pytest.mark.parametrize('release', RELEASES)
@pytest.mark.parametrize('earlier, later', ALL_NODES)
def test_nodes_wait_for_each_other(release, earlier, later):
    firsts = {step for step in ancestors(release) if step.id == earlier}
    seconds = [step for step in ancestors(release) if step.id == later]

    assert firsts and seconds
    assert all(firsts <= ancestors(release)[second] for second in seconds)


@pytest.mark.parametrize('release', RELEASES)
def test_a_node_of_a_role_of_ours_is_made_a_node_but_gets_no_openstack(release):
    for uid in ('9', '10', '11'):
        ids = set(placed(release).ids[uid])

        assert {'hiera', 'globals', 'netconfig', 'firewall', 'hosts',
                'calico-packages'} <= ids
        assert not [id for id in ids if 'openstack' in id or 'top-role' in id]


@pytest.mark.parametrize('release', RELEASES)
def test_where_fuel_sets_up_no_network_it_is_told_nothing_of_it(release):
    for uid in placed(release).nodes:
        ids = placed(release).ids[uid]
        assert ('calico-hiera' in ids) == ('netconfig' in ids)


@pytest.mark.parametrize('role', ['calico-rr', 'calico-etcd'])
@pytest.mark.parametrize('release', RELEASES)
def test_no_node_of_a_role_of_ours_may_fail(release, role):
    uid, = {uid for uid, node in placed(release, 'a role each').nodes.items()
            if role in node.names}

    assert graph_deployment.is_over(placed(release, 'a role each'), {uid})


def test_the_timeout_of_a_task_is_enough_for_all_its_attempts():
    """The longest waits of each are bounded below what Fuel 9.0 gives an attempt."""
    for entry in OWN:
        if entry['type'] == 'shell':
            parameters = entry['parameters']
            task = parameters['cmd'].split()[1]
            seconds = waits.FOR_LOCK + waits.of(task, entry['role'])

            assert seconds < 300
            assert parameters['timeout'] >= seconds * (
                parameters['retries'] + 1), entry['id']
