"""Options are edited like a careful operator would."""

from __future__ import unicode_literals

import pytest

from calico_fuel.resources import ini

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


@pytest.mark.parametrize('text', ['', '\n', 'no equals sign\n'])
def test_any_text_takes_an_option(text):
    assert ini.value_of(ini.with_option(text, 's', 'o', 'v'), 's', 'o') == 'v'


# A value in brackets that ends no line, in a file with sections.
NOVA = '''\
[DEFAULT]
memcached_servers=[fd00::11]:11211,[fd00::12]:11211
linuxnet_interface_driver=nova.network.linux_net.LinuxOVSInterfaceDriver
cell_hosts = [
[neutron]
service_metadata_proxy=True
'''


def test_an_address_in_brackets_hides_no_option_and_no_header_after_it():
    assert ini.with_options(NOVA, [
        ('DEFAULT', 'linuxnet_interface_driver', None),
        ('neutron', 'service_metadata_proxy', 'False')]) == (
            '[DEFAULT]\nmemcached_servers=[fd00::11]:11211,[fd00::12]:11211\n'
            'cell_hosts = [\n[neutron]\nservice_metadata_proxy=False\n')


@pytest.mark.parametrize('old', [
    'acl = [ "/dev/a", "/dev/b" ]  # comment', 'acl = [ "/dev/]", "#" ] # [',
    'acl = ["/dev/a",\n# "x",\n', 'acl = [ # comment', 'acl = [', 'acl = [ "/dev/[a'])
def test_what_follows_a_list_stays(old):
    rest = '\nmax_processes = 1\nuser = "root"\nother = [ "x" ]\n'
    first, newline, others = old.partition('\n')

    assert ini.with_option(old + rest, '', 'acl', '["/dev/kvm"]') == (
        'acl=["/dev/kvm"]' + newline + others + rest)


@pytest.mark.parametrize('old', [
    'acl = [\n    "/dev/a",\n"b=c", "/dev/[d"\n]', 'acl = [\n"#",\n"]"]  # comment',
    'acl = ["/dev/a",\r\n  "/dev/b" ]'])
def test_a_list_goes_with_all_its_lines(old):
    assert ini.with_option('a = 1\n' + old + '\nb = 2\n', '', 'acl', None) == (
        'a = 1\nb = 2\n')


def test_an_indented_line_continues_no_value_where_there_are_no_sections():
    text = 'user = "root"\n  group = "kvm"\n'

    assert ini.value_of(text, '', 'group') == '"kvm"'
    assert ini.with_option(text, '', 'user', None) == '  group = "kvm"\n'


def test_an_option_without_a_section_stands_before_the_first_header():
    assert ini.with_option('# why\n[a]\nx=1\n', '', 'y', '2') == (
        '# why\ny=2\n[a]\nx=1\n')


def test_only_a_newline_ends_a_line():
    text = '[a]\n#\x0csection two\x0b\x85\u2028x=1\r\ny = 1\r\n'

    assert ini.value_of(text, 'a', 'x') is None
    assert ini.value_of(text, 'a', 'y') == '1'
    assert ini.with_option(text, 'a', 'y', '2') == text.replace('y = 1\r', 'y=2')


def test_a_byte_of_a_character_is_no_blank():
    """In UTF-8 the second byte of an "\xe0" is that of a blank in Latin-1."""
    assert ini.value_of('[a]\nx = voil\xc3\xa0\n', 'a', 'x') == 'voil\xc3\xa0'
