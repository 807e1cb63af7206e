"""The plugin's settings as Nailgun stores them, of every release."""

from __future__ import unicode_literals

import copy

import pytest

from calico_fuel.fuel.settings import SETTINGS
from calico_fuel_master import plugin_section
from calico_fuel_master.errors import MasterError
from tests.unit.master.builders import section

NAME = 'calico-fuel-plugin'


@pytest.fixture(params=[False, True], ids=['6.1 and 7.0', '8.0 and later'])
def has_versions(request):
    return request.param


def read(raw):
    return plugin_section.section({NAME: raw}, '7')


def test_every_setting_is_shown_with_its_value_and_default(has_versions):
    rows = plugin_section.rows(read(section(has_versions, as_number='64999', bfd=True)))

    assert [row[0] for row in rows[1:]] == [each.key for each in SETTINGS]
    assert ('as_number', '64999', '64512') in rows and ('bfd', 'on', 'off') in rows


def test_no_password_is_shown(has_versions):
    rows = plugin_section.rows(read(section(
        has_versions, bgp_password='hidden-word',
        external_peers='border-1 65010 198.51.100.1 hidden-word')))

    assert 'hidden-word' not in '{}'.format(rows)
    assert ('external_peers', 'border-1 65010 198.51.100.1 ********', '(empty)') in rows
    assert ('bgp_password', '********', '(empty)') in rows
    # It may stand at any place.
    assert 'hidden-word' not in '{}'.format(plugin_section.rows(read(section(
        has_versions, external_peers='border-1 hidden-word'))))


def test_other_values_are_changed_in_place_and_nothing_else(has_versions):
    raw = section(has_versions)
    kept = copy.deepcopy(raw)
    old = read(raw)

    new = old.with_values({'as_number': '64999', 'bfd': True}, True)

    assert raw == kept and new.is_enabled and not old.is_enabled
    assert new.values == dict(old.values, as_number='64999', bfd=True)
    back = new.with_values({'as_number': '64512', 'bfd': False}, False)
    back.raw['metadata']['enabled'] = False
    assert back.raw == kept


def test_the_version_that_is_enabled_counts_else_the_newest():
    raw = section(True)
    older = copy.deepcopy(raw['metadata']['versions'][0])
    older['metadata'].update(plugin_id=1, plugin_version='3.10.0')
    older['as_number']['value'] = '64600'
    raw['metadata']['versions'].insert(0, older)
    raw['metadata']['chosen_id'] = 1

    assert read(raw).version == '4.0.0'
    enabled = read(raw).with_values({}, True)
    assert (enabled.raw['metadata']['chosen_id'], enabled.values['as_number']) == (
        2, '64512')
    raw['metadata']['enabled'] = True
    assert (read(raw).version, read(raw).values['as_number']) == ('3.10.0', '64600')


def test_an_environment_without_the_plugin_is_refused():
    with pytest.raises(MasterError) as error:
        plugin_section.section({'common': {}}, '7')

    assert 'up to Fuel 7.0 before you create the environment' in error.value.args[0]


@pytest.mark.parametrize('change, words', [
    ('as_number', 'is no KEY=VALUE'), ('as_numbr=1', 'as_numbr: is no KEY=VALUE'),
    ('bfd=maybe', 'bfd: must be true or false'),
    ('route_limit=9', 'Fuel has no such setting in this environment')])
def test_a_change_that_is_none_is_refused(has_versions, change, words):
    raw = section(has_versions)
    of = read(raw)
    del of.chosen['route_limit']

    with pytest.raises(MasterError) as error:
        plugin_section.values([change], of, None)

    assert words in error.value.args[0]


def test_a_value_can_come_from_a_file_and_a_switch_is_no_text(has_versions):
    found = plugin_section.values(
        ['bgp_password=@secret', 'bfd=true', 'workload_prefixes=a=b'],
        read(section(has_versions)), {'secret': 'hidden-word\n'}.__getitem__)

    assert found == {'bgp_password': 'hidden-word', 'bfd': True,
                     'workload_prefixes': 'a=b'}


def test_all_problems_are_those_that_a_node_would_find(has_versions):
    found = plugin_section.problems(read(section(
        has_versions, as_number='0', calico_network_cidr='192.0.2.1/24')))

    assert len(found) == 2 and 'AS 0 is reserved' in found[0]
