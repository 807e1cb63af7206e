"""What the plugin's own tasks react to on Fuel 9.0, 9.1 and 9.2."""

import copy
import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.openstack import options
from lab.fuel import fuel_metadata, graph, graph_tasks
from lab.fuel.conditions import is_due
from tests.graph.plugin_graph import EVERYTHING, OWN, OWN_IDS, RELEASES, placed, tasks

RELEASE = 'calico-release-routes'
# Core task -> what it writes of the options that we want, by Fuel's library 9.0 to 9.2
# (openstack_tasks/manifests). Those with none write files of ours, too.
SERVER = {
    (options.NEUTRON_CONF, 'DEFAULT', 'agent_down_time'): '30',
    (options.NEUTRON_CONF, 'DEFAULT', 'allow_automatic_l3agent_failover'): 'True',
    (options.NEUTRON_CONF, 'DEFAULT', 'l3_ha'): 'False',
    (options.NEUTRON_CONF, 'DEFAULT', 'router_distributed'): 'False',
    (options.ML2_CONF, 'ml2', 'mechanism_drivers'): 'openvswitch,l2population',
    (options.ML2_CONF, 'ml2', 'type_drivers'): 'local,flat,vlan,gre,vxlan',
    (options.ML2_CONF, 'ml2', 'tenant_network_types'): 'flat,vlan',
    (options.ML2_CONF, 'ml2_type_flat', 'flat_networks'): '*',
    (options.ML2_CONF, 'securitygroup', 'enable_security_group'): 'True'}
WRITES = {
    'openstack-network-common-config': {
        (options.NEUTRON_CONF, 'DEFAULT', 'core_plugin'): options.ML2_PLUGIN,
        (options.NEUTRON_CONF, 'DEFAULT', 'service_plugins'): 'L3RouterPlugin',
        (options.NEUTRON_CONF, 'DEFAULT', 'advertise_mtu'): 'True',
        (options.NEUTRON_CONF, 'oslo_concurrency', 'lock_path'):
            '/var/lib/neutron/lock'},
    'primary-openstack-network-server-config': SERVER,
    'openstack-network-server-config': SERVER,
    'openstack-network-server-nova': {},
    'primary-openstack-controller': {
        (options.NOVA_CONF, 'neutron', 'service_metadata_proxy'): 'True'},
    'openstack-controller': {
        (options.NOVA_CONF, 'neutron', 'service_metadata_proxy'): 'True'},
    'top-role-compute': {
        (options.NOVA_CONF, 'DEFAULT', 'network_device_mtu'): '65000'},
    'openstack-network-compute-nova': {
        (options.NOVA_CONF, 'DEFAULT', 'linuxnet_interface_driver'):
            'nova.network.linux_net.LinuxOVSInterfaceDriver',
        (options.NOVA_CONF, 'DEFAULT', 'linuxnet_ovs_integration_bridge'): 'br-int',
        (options.QEMU_CONF, '', 'clear_emulator_capabilities'): '0'}}
# A node of each kind, and our task that writes those files there.
OWNERS = {'1': 'calico-neutron-server', '2': 'calico-neutron-server',
          '4': 'calico-compute'}


def metadata(release, uid, **settings):
    return fuel_metadata.metadata(release, list(EVERYTHING), uid=uid, **settings)


@pytest.mark.parametrize('release', RELEASES)
def test_what_preflight_refuses_it_refuses_when_it_is_switched_on_later(release):
    data = metadata(release, '4')
    dpdk = copy.deepcopy(data)
    dpdk['network_scheme']['transformations'].append({'provider': 'dpdkovs'})

    for new in dict(data, auto_assign_floating_ip=True), dpdk:
        assert is_due(tasks(release)['calico-preflight'], data, new)


@pytest.mark.parametrize('release', RELEASES)
def test_our_tasks_run_on_a_new_node_and_again_only_after_a_change(release):
    due_once, due_again = set(), set()
    for uid, ids in placed(release).ids.items():
        if uid not in placed(release).nodes:
            continue
        data = metadata(release, uid)
        own = [tasks(release)[id] for id in ids if id in OWN_IDS]
        due_once |= {task.id for task in own if is_due(task, {}, data)}
        due_again |= {task.id for task in own if is_due(task, data, data)}

    assert due_once == {entry['id'] for entry in OWN
                        if entry['type'] not in ('group', 'skipped', 'stage')}
    assert due_again == {RELEASE}


@pytest.mark.parametrize('release', RELEASES)
def test_routes_are_held_for_another_version_of_the_plugin_which_may_reset_sessions(
        release):
    data = metadata(release, '4')
    new = copy.deepcopy(data)
    new['calico-fuel-plugin']['metadata']['plugin_version'] = '4.0.1'

    for task in 'hold-routes', 'compute':
        assert is_due(tasks(release)['calico-' + task], data, new)


@pytest.mark.parametrize('release', RELEASES)
def test_what_a_failed_deployment_held_is_released_when_its_setting_is_taken_back(
        release):
    """Nailgun compares with a task's last success: hold-routes saw another password."""
    here = placed(release, 'one of each')
    succeeded = {}

    def deploy(password, failing=None):
        ran = []
        for step in graph.order(here):
            if step.id not in OWN_IDS or step.uid not in here.nodes:
                continue
            data = metadata(release, step.uid, bgp_password=password)
            if not is_due(tasks(release)[step.id], succeeded.get(step, {}), data):
                continue
            if step.id == failing:
                break
            succeeded[step] = data
            ran.append(step)
        return ran

    computes = [uid for uid, ids in here.ids.items() if 'calico-hold-routes' in ids]
    deploy('a')
    held = deploy('b', failing='calico-route-reflector')
    ran = deploy('a')

    for uid in computes:
        assert graph.Step(uid, 'calico-hold-routes') in held
        assert graph.Step(uid, RELEASE) not in held
        assert graph.Step(uid, RELEASE) in ran


def changes(terms, data):
    """Metadata in which one of what a core task reacts to has changed, by its name."""
    for term in terms:
        new = copy.deepcopy(data)
        *parents, last = term.split('.')
        inner = new
        for key in parents:
            inner = inner.setdefault(key, {})
        if isinstance(inner.get(last), dict):
            inner[last]['changed'] = {}
        else:
            inner[last] = ['changed']
        yield term, new
    for role in 'compute', 'controller':
        more = fuel_metadata.metadata(
            data['cluster']['fuel_version'], list(EVERYTHING) + [[role]], data['uid'])
        yield 'another ' + role, more


def missed(release, core, own, uid, **settings):
    """The changes upon which Fuel runs *core* on a node, and not *own* of ours."""
    data = metadata(release, uid, **settings)
    reacts_to, = (entry['reacts_to'] for entry in graph_tasks.core(release)['tasks']
                  if entry['id'] == core)
    relevant = [term for term in reacts_to if term not in ('controllers', 'is_primary')]
    return [name for name, new in changes(relevant, data)
            if is_due(tasks(release)[core], data, new)
            and not is_due(tasks(release)[own], data, new)]


@pytest.mark.parametrize('core', sorted(WRITES))
@pytest.mark.parametrize('floating_ips', [False, True])
@pytest.mark.parametrize('release', RELEASES)
def test_what_a_core_task_writes_is_what_we_want_or_is_changed_again_at_once(
        release, floating_ips, core):
    settings = {'floating_ips': floating_ips}
    for uid in set(OWNERS) & {
            uid for uid, ids in placed(release).ids.items() if core in ids}:
        environment = parse_environment(json.dumps(metadata(release, uid, **settings)))
        wanted = options.wanted_options(environment, environment.this_node)
        others = [option for (path, section, option), value in WRITES[core].items()
                  if wanted.get(path, {}).get(section, {}).get(option, value) != value]

        assert not others or missed(
            release, core, OWNERS[uid], uid, **settings) == [], others


@pytest.mark.parametrize('uid, own', [
    ('1', 'calico-controller-cleanup'), ('4', 'calico-compute-cleanup')])
def test_the_bridges_that_fuel_9_0_makes_again_are_removed_at_once(uid, own):
    """Later releases make none of Open vSwitch, by what calico-hiera writes."""
    assert missed('9.0', 'netconfig', own, uid) == []
