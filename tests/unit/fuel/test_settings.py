"""The settings as a whole: defaults, misspelt keys, and what depends on another."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.errors import SettingsError
from calico_fuel.fuel import settings
from calico_fuel.fuel.settings import parse_settings
from tests.unit.fuel.test_setting_keys import OF_OTHERS


def parse(**raw):
    return parse_settings(raw, 'astute.yaml: calico-fuel-plugin')


def problems(**raw):
    with pytest.raises(SettingsError) as error:
        parse(**raw)
    return '\n'.join(error.value.problems)


def test_without_any_setting_the_defaults_count():
    parsed = parse()

    assert parsed.as_number == 64512
    assert parsed.bgp_password is None
    assert parsed.external_peers == parsed.workload_prefixes == ()
    assert parsed.calico_network is None
    assert parsed.remove_default_networks is False
    assert parsed.cleanup_ovs is True
    assert parsed.bfd is False


def test_a_calico_network_takes_its_first_address_as_gateway():
    network = parse(calico_network_name='demo',
                    calico_network_cidr='10.65.0.0/24').calico_network

    assert (network.name, str(network.prefix)) == ('demo', '10.65.0.0/24')
    assert network.gateway == network.prefix.first + 1


@pytest.mark.parametrize('raw, reason', [
    ({'calico_network_name': 'demo'}, 'calico_network_cidr: network "demo" needs'),
    ({'calico_network_cidr': '10.65.0.0/24'}, 'calico_network_name: is empty'),
    ({'calico_network_gateway': '10.65.0.1'}, 'calico_network_name: is empty'),
    ({'calico_network_name': 'demo', 'calico_network_cidr': '10.65.0.0/31'},
     '8 to 30 bits'),
    ({'calico_network_name': 'demo', 'calico_network_cidr': '10.65.0.0/24',
      'calico_network_gateway': '10.66.0.1'}, 'not a host address'),
    ({'calico_network_name': 'demo', 'calico_network_cidr': '10.65.0.0/24',
      'calico_network_gateway': '10.65.0.255'}, 'not a host address'),
    ({'calico_network_name': 'n\xe4t'}, '"n\xe4t": write at most 255 printable'),
    ({'calico_network_name': '-n'}, 'the first of them not a dash'),
    ({'calico_network_cidr': 'n\xe4t'}, '"n\xe4t" is not an IPv4 prefix'),
    ({'calico_network_name': 'a\nb'}, 'printable')])
def test_a_calico_network_that_cannot_be_is_refused(raw, reason):
    assert reason in problems(**raw)


def test_all_problems_are_told_at_once():
    found = problems(as_number='0', bgp_password='"', workload_prefixes='x')

    assert len(found.split('\n')) == 3


def test_a_problem_names_file_section_and_key():
    with pytest.raises(SettingsError) as error:
        parse(as_number='0')

    assert error.value.args[0].startswith(
        'astute.yaml: calico-fuel-plugin: as_number: AS 0 ')


@pytest.mark.parametrize('key, meant', [
    ('as_numer', 'as_number'), ('bgp_pasword', 'bgp_password'),
    ('workload-prefixes', 'workload_prefixes'), ('external_peer', 'external_peers')])
def test_a_misspelt_setting_is_refused_and_the_right_one_named(key, meant):
    """Else its value would be ignored, and the environment be without a password."""
    found = problems(**{str(key): 's3cret'})

    assert found == '{}: is no setting: do you mean {}?'.format(key, meant)


def test_a_key_of_another_version_stops_nothing():
    """On Fuel 6.1 and 7.0 it stays in the environment for good."""
    assert parse(**OF_OTHERS) == parse()


ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(),
                     st.text(), st.lists(st.integers()))


@given(st.dictionaries(
    st.sampled_from([s.key for s in settings.SETTINGS]), ANYTHING))
def test_any_value_gives_settings_or_a_deliberate_error(raw):
    try:
        parse(**raw)
    except SettingsError:
        pass


def test_a_misspelt_key_makes_no_line_of_its_own():
    with pytest.raises(SettingsError) as error:
        parse(**{str('as_number\nx'): ''})

    assert error.value.args[0].endswith(
        'as_number\\x0ax: is no setting: do you mean as_number?')
