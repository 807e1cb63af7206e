"""A setting that holds a password is known as one, and shown without it everywhere."""

from __future__ import unicode_literals

import io
import os

import pytest
import yaml

from calico_fuel import render
from calico_fuel.cli import report
from calico_fuel.diag import secrets
from calico_fuel.fuel import passwords
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.resources import shown
from calico_fuel_master import difference, plugin_section
from tests.unit.master.builders import environments, section

PAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))), 'environment_config.yaml')
PLANTED = 'pl4nted-word'
VALUES = {'bgp_password': PLANTED,
          'external_peers': 'border-1 65010 198.51.100.1 ' + PLANTED}


def test_each_setting_that_holds_a_password_is_among_them():
    """Fuel's page has a type for it, or says where in the value it stands."""
    with io.open(PAGE, encoding='utf-8') as stream:
        controls = yaml.safe_load(stream)['attributes']

    assert set(passwords.SETTINGS) == set(VALUES) == set(
        key for key, control in controls.items() if control.get('type') == 'password'
        or 'PASSWORD' in control.get('description', ''))


def rows(**values):
    return '{}'.format(plugin_section.rows(plugin_section.section(
        {PLUGIN_NAME: section(True, **values)}, '7')))


def of_settings(key, value):
    old, new = environments(), environments(**{key: value})
    another = environments(**{key: value + '-too'})
    return '\n'.join(difference.of_settings(old, new) + difference.of_settings(new, old)
                     + difference.of_settings(new, another))


def files(key, value):
    of = difference.first(environments(**{key: value}))
    found = render.files(of, of.this_node, 1)
    assert any(PLANTED in text for _, text in found)
    return '\n'.join(
        shown.masked(text) + shown.text_difference(path, None, text)
        + shown.text_difference(path, text, '') for path, text in found)


def reports(key, value):
    of = difference.first(environments(**{key: value}))
    return '\n'.join(form(of) for form in (
        report.topology_table, report.topology_json, report.topology_dot))


def archive(key, value):
    """With settings that a node can read, and with some that it cannot."""
    of = difference.first(environments(**{key: value}))
    return secrets.masked('tried ' + PLANTED, secrets.in_metadata({}, of)) + (
        secrets.masked('tried ' + value, secrets.in_metadata(
            {PLUGIN_NAME: {key: value, 'as_number': 'x'}})))


@pytest.mark.parametrize('key', sorted(VALUES))
@pytest.mark.parametrize('text', [
    lambda key, value: rows(**{key: value}),
    lambda key, value: rows(**{key: value + '"'}),
    of_settings, files, reports, archive],
    ids=['settings', 'bad settings', 'preview', 'files', 'topology', 'diag'])
def test_it_is_printed_without_the_password(text, key):
    printed = text(key, VALUES[key])

    assert printed and PLANTED not in printed


def test_another_setting_is_shown_as_it_is():
    assert passwords.masked('as_number', 64512) == 64512
    assert passwords.masked('bgp_password', '') == ''
