"""What the plugin's own tasks react to on Fuel 9.0, 9.1 and 9.2."""

import copy

import pytest

from lab import fuel_metadata, graph
from lab.yaql_conditions import is_due
from tests.graph.plugin_graph import EVERYTHING, OWN, OWN_IDS, RELEASES, placed, tasks

# A core task that writes stock values into files of ours, our task that writes them
# again, and a node that has both.
NEUTRON_SERVER, NOVA = 'calico-neutron-server', 'openstack-network-compute-nova'
PUT_BACK = [
    ('9.0', 'openstack-network-server-config', NEUTRON_SERVER, '1'),
    ('9.1', 'openstack-network-server-config', NEUTRON_SERVER, '1'),
    ('9.2', 'primary-openstack-network-server-config', NEUTRON_SERVER, '1'),
    ('9.2', 'openstack-network-server-config', NEUTRON_SERVER, '2'),
    ('9.0', NOVA, 'calico-compute', '4'), ('9.1', NOVA, 'calico-compute', '4'),
    ('9.2', NOVA, 'calico-compute', '4')]


def metadata(release, uid):
    return fuel_metadata.metadata(release, list(EVERYTHING), uid=uid)


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
    assert due_again == set()


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


@pytest.mark.parametrize('release, core, own, uid', PUT_BACK)
def test_what_a_core_task_puts_back_is_changed_again_at_once(release, core, own, uid):
    data = metadata(release, uid)
    reacts_to = {entry['id']: entry for entry in graph.core(release)['tasks']}[core][
        'reacts_to']

    relevant = [term for term in reacts_to if term not in ('controllers', 'is_primary')]
    missed = [name for name, new in changes(relevant, data)
              if is_due(tasks(release)[core], data, new)
              and not is_due(tasks(release)[own], data, new)]

    assert missed == []
