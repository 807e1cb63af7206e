"""Options are edited like a careful operator would."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import ini

TEXT = '''\
# Fuel wrote this.
[DEFAULT]
core_plugin=neutron.plugins.ml2.plugin.Ml2Plugin
# agent_down_time = 75
agent_down_time = 15
service_plugins = router,
    metering

[agent]
root_helper = sudo
'''
QEMU = '''\
#cgroup_device_acl = [
#    "/dev/null"
#]
cgroup_device_acl = [
    "/dev/null", "/dev/full",
    "/dev/zero"
]
user = "root"
'''


def test_only_the_line_of_the_option_changes():
    assert ini.with_option(TEXT, 'DEFAULT', 'agent_down_time', '60') == TEXT.replace(
        'agent_down_time = 15', 'agent_down_time=60')


def test_a_text_that_says_so_already_stays_as_it_is():
    assert ini.with_option(TEXT, 'DEFAULT', 'agent_down_time', '15') == TEXT


def test_an_option_of_another_section_is_another_option():
    changed = ini.with_option(TEXT, 'agent', 'agent_down_time', '60')

    assert ini.value_of(changed, 'DEFAULT', 'agent_down_time') == '15'
    assert ini.value_of(changed, 'agent', 'agent_down_time') == '60'


def test_a_section_that_is_missing_is_added():
    assert ini.with_option(TEXT, 'calico', 'etcd_host', '127.0.0.1') == (
        TEXT + '[calico]\netcd_host=127.0.0.1\n')


def test_an_option_goes_with_the_lines_that_continue_it():
    assert ini.with_option(TEXT, 'DEFAULT', 'service_plugins', None) == TEXT.replace(
        'service_plugins = router,\n    metering\n', '')


def test_of_an_option_that_stands_twice_one_is_left():
    twice = TEXT.replace('[agent]', 'agent_down_time = 20\n[agent]')
    assert ini.value_of(twice, 'DEFAULT', 'agent_down_time') == '20'

    changed = ini.with_option(twice, 'DEFAULT', 'agent_down_time', '20')

    assert changed.count('agent_down_time=20') == 1
    assert 'agent_down_time = 15' not in changed


def test_a_section_that_stands_twice_is_one_section():
    text = '[a]\nx = 1\n[b]\n[a]\nx = 2\n'

    assert ini.with_option(text, 'a', 'x', '3') == '[a]\nx=3\n[b]\n[a]\n'


def test_a_list_in_brackets_is_one_value():
    """qemu.conf of Fuel 6.1 has its list of devices on several lines."""
    assert ini.with_option(QEMU, '', 'cgroup_device_acl', '["/dev/kvm"]') == (
        '#cgroup_device_acl = [\n#    "/dev/null"\n#]\n'
        'cgroup_device_acl=["/dev/kvm"]\nuser = "root"\n')


def test_a_variable_that_a_shell_exports_is_an_option():
    text = 'NEUTRON_PLUGIN_CONFIG=/etc/neutron/plugin.ini\n'

    changed = ini.with_option(text, '', 'export EVENTLET_NO_GREENDNS', 'yes')

    assert changed == text + 'export EVENTLET_NO_GREENDNS=yes\n'
    assert ini.with_option(changed, '', 'export EVENTLET_NO_GREENDNS', 'yes') == changed


NAME = st.text('abc_', min_size=1, max_size=3)
LINES = st.lists(st.one_of(
    st.builds('{} = {}'.format, NAME, NAME), st.builds('[{}]'.format, NAME),
    st.just('# comment'), st.just('  continued'), st.just('')), max_size=12)


@given(LINES, NAME, NAME, st.one_of(st.none(), NAME))
def test_what_is_set_is_read_and_setting_it_again_changes_nothing(
        lines, section, option, value):
    text = ''.join(line + '\n' for line in lines)

    changed = ini.with_option(text, section, option, value)

    assert ini.value_of(changed, section, option) == value
    assert ini.with_option(changed, section, option, value) == changed


@given(LINES, NAME, NAME, NAME, NAME)
def test_other_options_keep_their_values(lines, section, option, value, other):
    text = ''.join(line + '\n' for line in lines)
    before = ini.value_of(text, section, other)

    changed = ini.with_option(text, section, option, value)

    assert other == option or ini.value_of(changed, section, other) == before


@pytest.mark.parametrize('text', ['', '\n', 'no equals sign\n'])
def test_any_text_takes_an_option(text):
    assert ini.value_of(ini.with_option(text, 's', 'o', 'v'), 's', 'o') == 'v'


@pytest.mark.parametrize('text, left', [
    ('[a]\nx=1\n[b]\n', '[a]\nx=1\n'), ('[b]\n[a]\nx=1\n', '[a]\nx=1\n'),
    ('[b]\n# why\n', None), ('[b]\ny=1\n', None), ('[a]\n', None), ('', None)])
def test_a_section_goes_where_nothing_stands_below_its_header(text, left):
    assert ini.without_empty_section(text, 'b') == (text if left is None else left)
