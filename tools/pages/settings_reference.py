"""docs/settings-reference.md, from what Fuel shows and what nodes read."""

import re
from pathlib import Path

import yaml

from calico_fuel.fuel.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = {'text': 'text', 'password': 'password', 'textarea': 'text of several lines',
            'checkbox': 'tick box'}
# Where another page says more of a setting.
MORE = {
    'bgp_password': 'settings.md#the-derived-bgp-password',
    'bfd': 'restarts.md#bfd',
    'external_peers': 'settings.md#external-peers',
    'calico_network_name': 'settings.md#networks-of-instances',
    'workload_prefixes': 'settings.md#instance-cidrs',
    'route_limit': 'settings.md#what-a-reflector-believes',
    'workload_gateway': 'settings.md#outbound-router',
    'reachable_prefixes': 'settings.md#internal-networks',
    'instance_mtu': 'settings.md#mtu-of-instances',
    'remove_default_networks': 'settings.md#networks-of-instances',
    'floating_ips': 'floating-ips.md'}
HEAD = '''\
# Settings, one by one

Fuel shows them in the section "{title}": on the Settings tab of
Fuel 6.1 and 7.0, under Networks -> Other from 8.0 on
([limits](install.md#the-page-of-fuel-80-without-its-updates)).
All releases have the same settings. If one works on some only, its text says so.
Without Neutron, Fuel disables the section.

*Default* is the value in a new environment. *Rule* is what Fuel's page and API answer
to a value that does not match the *pattern*, a regular expression.
[settings.md](settings.md) explains what the settings do.

`make pages` writes this page from `environment_config.yaml`.
'''


def page():
    """The text of the page."""
    attributes = _read('environment_config.yaml')['attributes']
    title = _read('metadata.yaml')['title']
    return HEAD.format(title=title) + ''.join(
        _section(setting, attributes[setting.key]) for setting in SETTINGS)


def _read(name):
    return yaml.safe_load((ROOT / name).read_text(encoding='utf-8'))


def _section(setting, control):
    facts = [('Key', '`{}`'.format(setting.key)),
             ('Control', CONTROLS[control['type']]),
             ('Default', _default(setting, control['value']))]
    if 'regex' in control:
        facts += [('Rule', control['regex']['error']),
                  ('Pattern', '`{}`'.format(control['regex']['source']))]
    facts += [('Warning', '{} Fuel shows this if `{}`.'.format(
        one['message'], _condition(one['condition'])))
        for one in control.get('restrictions', ())]
    if setting.key in MORE:
        facts.append(('More', '[{0}]({0})'.format(MORE[setting.key])))
    return '\n## {}\n\n{}\n\n{}'.format(
        control['label'], control['description'].strip(),
        ''.join('- {}: {}\n'.format(*fact) for fact in facts))


def _default(setting, value):
    text = _value(value)
    if value != setting.default:
        text += '; {} in an environment that lacks this setting'.format(
            _value(setting.default))
    return text


def _value(value):
    if isinstance(value, bool):
        return 'on' if value else 'off'
    return '`{}`'.format(value) if value else 'empty'


def _condition(text):
    """A condition of Fuel's, with the keys alone."""
    return re.sub(r'settings:[\w-]+\.(\w+)\.value', r'\1', text)
