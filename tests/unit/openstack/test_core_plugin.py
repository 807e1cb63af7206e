"""The core plugin of Neutron never changes under ports, and is told from another."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack import core_plugin
from tests.unit.builders import environment, roles
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.system import FakeSystem

REFUSAL = ('floating_ips: is {} now, and Neutron has 1 ports of the former core plugin '
           '({}): port port-')


@pytest.fixture
def system():
    return FakeSystem()


@pytest.fixture
def api(system):
    return Neutron(system)


def outcome(system, is_on, release='9.2'):
    of = environment(release=release, floating_ips=is_on)
    found, = converge(core_plugin.resources(of, of.this_node), system)
    return found


def test_a_new_controller_takes_the_plugin_of_the_setting(system, api):
    """Those that are there have ports, and would refuse another one."""
    api.add_port('net-1', 'compute:nova', 'vm')

    assert outcome(system, True).state == CHANGED
    assert outcome(system, True).state == UNCHANGED

    assert system.text(core_plugin.PATH) == 'calico'


@pytest.mark.parametrize('before, after, name', [(False, True, 'ml2'),
                                                 (True, False, 'calico')])
@pytest.mark.parametrize('owner', ['compute:nova', 'network:floatingip', ''])
def test_with_ports_another_plugin_is_refused(system, api, before, after, name, owner):
    outcome(system, before)
    api.add_port('net-1', owner, 'user')
    changes = system.changes

    refused = outcome(system, after)

    assert refused.state == FAILED and system.changes == changes
    assert REFUSAL.format('on' if after else 'off', name) in refused.difference
    assert 'Set the former value, or delete the instances' in refused.difference
    assert outcome(system, before).state == UNCHANGED


@pytest.mark.parametrize('before, after', [(False, True), (True, False)])
def test_without_ports_but_those_of_routers_and_dhcp_it_changes(
        system, api, before, after):
    _, _, router = api.add_defaults()
    for owner in ('network:router_ha_interface', 'network:router_centralized_snat',
                  'network:ha_router_replicated_interface'):
        api.add_port('net-1', owner, router)
    outcome(system, before)

    assert outcome(system, after).state == CHANGED
    assert outcome(system, after).state == UNCHANGED


ML2S = ['router', 'l3_agent_scheduler']


@pytest.mark.parametrize('remembered, extensions, name', [
    (None, ML2S, 'ml2'), (None, ['router'], 'calico'), (None, ['quotas'], None),
    ('calico', ML2S, 'calico')])
def test_before_a_deployment_neutron_tells_what_is_not_remembered(
        system, api, remembered, extensions, name):
    api.objects['ext'] = [{'alias': alias} for alias in extensions]
    if remembered:
        system.write(core_plugin.PATH, remembered, 0o644)

    assert core_plugin.before_deployment(system) == name


def test_a_new_node_and_a_neutron_without_an_answer_tell_nothing(system):
    assert core_plugin.before_deployment(system) is None
    Neutron(system).is_away = 1

    assert core_plugin.before_deployment(system) is None


@pytest.mark.parametrize('release, uid', [('6.1', '1'), ('7.0', '1'), ('9.2', '2')])
def test_computes_and_old_releases_have_no_choice(release, uid):
    of = environment(release=release, uid=uid, floating_ips=True)

    assert core_plugin.resources(of, of.this_node) == []


def looked(system, uid='1', **settings):
    of = environment(roles(1, 1), '9.2', uid, **settings)
    return core_plugin.checks_of(of, of.this_node, system)


def test_calicos_plugin_is_told_by_its_extensions(system, api):
    check, = looked(system, floating_ips=True)

    assert not check.is_problem and check.state == "Calico's"


@pytest.mark.parametrize('extensions, words', [
    (['quotas'], 'lacks the extension router'),
    (['router', 'l3_agent_scheduler'], "ML2's: it has the extension l3_agent_sched")])
def test_another_plugin_is_a_problem(system, api, extensions, words):
    api.objects['ext'] = [{'alias': alias} for alias in extensions]

    check, = looked(system, floating_ips=True)

    assert check.is_problem and words in check.state
    assert 'calico-fuel neutron-server' in check.fix


def test_a_neutron_that_does_not_answer_is_a_problem(system, api):
    api.is_away = 1

    check, = looked(system, floating_ips=True)

    assert check.is_problem and check.code.name == 'NEUTRON_DOWN'


def test_without_floating_ips_and_on_computes_nothing_is_asked(system):
    assert looked(system) == looked(system, '2', floating_ips=True) == []
