"""The core tasks as data: what Fuel's own sources and a real message say of them."""

import functools

import pytest

from lab.fuel import fuel_metadata, graph, graph_tasks
from lab.fuel.conditions import is_due
from tests.graph import graph_checks
from tests.graph.builders import nodes

RELEASES = ('9.0', '9.1', '9.2')
ROLES = (['primary-controller'], ['controller'], ['controller', 'cinder'], ['compute'],
         ['compute', 'cinder'], ['cinder'], ['base-os'])


@functools.lru_cache(maxsize=None)
def placed(release):
    return graph.place(graph_tasks.tasks_of(release), nodes(release, *ROLES))


@functools.lru_cache(maxsize=None)
def ancestors(release):
    return graph_checks.ancestors(placed(release))


def network_ids(release, uid):
    return {id.replace('openstack-network-', '') for id in placed(release).ids[uid]
            if 'openstack-network' in id}


@pytest.mark.parametrize('release', RELEASES)
def test_core_tasks_have_an_order_and_no_dependency_on_nothing(release):
    tasks = graph_tasks.tasks_of(release)

    assert len(graph.order(placed(release))) == len(placed(release).steps())
    assert graph_checks.dangling(tasks) == []
    assert not set(graph_tasks.core(release)['left_out']) & set(tasks)


@pytest.mark.parametrize('release', RELEASES)
@pytest.mark.parametrize('earlier, later', [
    ('rsync_core_puppet', 'upload_configuration'),
    ('upload_configuration', 'configuration_symlink'),
    ('configuration_symlink', 'plugins_rsync'),
    ('plugins_rsync', 'plugins_setup_repositories'),
    ('hiera', 'globals'), ('globals', 'logging'), ('logging', 'tools'),
    ('tools', 'netconfig'), ('hiera_default_route', 'netconfig'),
    ('netconfig', 'firewall'), ('netconfig', 'hosts'), ('firewall', 'top-role-compute'),
    ('hosts', 'top-role-compute'), ('top-role-compute', 'openstack-network-start'),
    ('openstack-network-start', 'openstack-network-common-config'),
    ('openstack-network-common-config', 'openstack-network-server-config'),
    ('openstack-network-common-config', 'openstack-network-plugins-l2'),
    ('openstack-network-plugins-l2', 'openstack-network-compute-nova'),
    ('openstack-network-compute-nova', 'enable_nova_compute_service'),
    ('openstack-network-compute-nova', 'openstack-network-end'),
    ('openstack-network-server-config', 'openstack-network-end'),
    ('openstack-network-networks', 'openstack-network-routers'),
    ('copy_deleted_nodes', 'update_hosts'), ('enable_quorum', 'upload_cirros'),
])
def test_a_node_does_one_after_the_other(release, earlier, later):
    pairs = [(graph.Step(uid, earlier), graph.Step(uid, later))
             for uid, ids in placed(release).ids.items()
             if {earlier, later} <= set(ids)]

    assert pairs
    assert all(first in ancestors(release)[second] for first, second in pairs)


@pytest.mark.parametrize('release', RELEASES)
@pytest.mark.parametrize('earlier, later', [
    ('plugins_setup_repositories', 'pre_deployment_start'),
    ('pre_deployment_end', 'hiera'), ('primary-database', 'neutron-db'),
    ('virtual_ips on 1', 'netconfig on 4'), ('primary-rabbitmq', 'rabbitmq'),
    ('primary-rabbitmq', 'openstack-network-common-config'),
    ('primary-keystone', 'openstack-network-start'),
    ('primary-openstack-controller', 'top-role-compute'),
    ('openstack-network-end', 'deploy_end'), ('deploy_end', 'update_hosts'),
    ('enable_quorum', 'post_deployment_end'),
])
def test_nodes_wait_for_each_other(release, earlier, later):
    firsts = {step for step in ancestors(release) if earlier in (step.id, str(step))}
    seconds = [step for step in ancestors(release) if later in (step.id, str(step))]

    assert firsts and seconds
    assert all(firsts <= ancestors(release)[second] for second in seconds)


def test_9_2_has_a_task_of_its_own_for_the_first_neutron_server():
    assert {'primary-openstack-network-server-config'} == {
        id for id in placed('9.2').ids['1'] if 'network-server-config' in id}
    assert {'openstack-network-server-config'} == {
        id for id in placed('9.1').ids['1'] if 'network-server-config' in id}


def test_controllers_and_computes_get_the_network_tasks_of_a_real_9_2_master():
    assert network_ids('9.2', '4') == {
        'agents-l3', 'agents-metadata', 'agents-sriov', 'common-config', 'compute-nova',
        'end', 'plugins-l2', 'start'}
    assert network_ids('9.2', '1') == {
        'common-config', 'end', 'networks', 'primary-agents-dhcp', 'primary-agents-l3',
        'primary-agents-metadata', 'primary-plugins-l2', 'primary-server-config',
        'routers', 'routers-ha', 'server-nova', 'start'}
    assert network_ids('9.2', '6') == set()


@pytest.mark.parametrize('release', ['9.0', '9.2'])
def test_a_deployment_without_changes_runs_what_has_no_condition(release):
    data = fuel_metadata.metadata(release, [['primary-controller'], ['compute']])
    tasks = graph_tasks.tasks_of(release).values()

    assert {task.id for task in tasks if is_due(task, data, data)} == {
        task.id for task in tasks if task.type not in ('skipped', 'stage', 'group')
        and (not task.condition or task.id.startswith('plugins_'))}


@pytest.mark.parametrize('release, also', [
    ('9.0', set()),
    ('9.2', {'openstack-network-common-config', 'openstack-network-agents-l3'})])
def test_another_compute_makes_tasks_due_on_the_one_that_is_there(release, also):
    roles = [['primary-controller'], ['compute'], ['compute']]
    old = fuel_metadata.metadata(release, roles[:2], uid='2')
    new = fuel_metadata.metadata(release, roles, uid='2')

    due = {id for id, task in graph_tasks.tasks_of(release).items()
           if is_due(task, old, new)}

    assert {'hosts', 'firewall', 'top-role-compute'} | also <= due
    assert not due & {'netconfig', 'pre_hiera_config', 'configuration_symlink'}
    assert ('openstack-network-common-config' in due) is (release == '9.2')
