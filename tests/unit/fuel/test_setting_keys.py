"""A key that is no setting is told, and refused only where it looks like one."""

from __future__ import unicode_literals

from calico_fuel.fuel import setting_keys
from calico_fuel.fuel.settings import KEYS

# What Nailgun 7.0 and 9.2 put into the section of a plugin, and settings that the
# earlier plugins have for the same things.
OF_OTHERS = {
    'metadata': {'enabled': True, 'label': 'Calico', 'toggleable': True, 'weight': 70,
                 'plugin_id': 1, 'class': 'plugin', 'group': 'network',
                 'hot_pluggable': False, 'plugin_version': '4.0.0'},
    'enable_external_peering': False, 'enable_ipv4': True, 'enable_ipv6': False}


def test_of_the_keys_that_are_no_settings_those_of_fuel_are_not_told():
    assert setting_keys.unknown(OF_OTHERS, KEYS) == [
        'enable_external_peering', 'enable_ipv4', 'enable_ipv6']
    assert setting_keys.unknown({'metadata': {}, 'as_number': '1'}, KEYS) == []


def test_a_key_that_looks_like_a_setting_is_not_unknown_but_misspelt():
    raw = {'floating_ip': True, 'enable_ipv6': False}

    assert list(setting_keys.misspelt(raw, KEYS)) == [('floating_ip', 'floating_ips')]
    assert setting_keys.unknown(raw, KEYS) == ['enable_ipv6']
