"""Every value that an operator can write is taken, or refused with the fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.fuel.setting_values import ExternalPeer
from tests.unit.fuel.test_settings import parse, problems


@pytest.mark.parametrize('value, number', [
    ('1', 1), ('64512', 64512), (' 65534 ', 65534),
    ('65536', 65536), ('4200000000', 4200000000), ('4294967294', 4294967294)])
def test_as_numbers_of_two_and_four_octets_are_taken(value, number):
    assert parse(as_number=value).as_number == number


@pytest.mark.parametrize('value', ['0', '23456', '65535', '4294967295'])
def test_reserved_as_numbers_are_refused_with_their_rfc(value):
    found = problems(as_number=value)

    assert 'as_number: AS {} is reserved'.format(value) in found
    assert 'RFC' in found and '64512' in found


@pytest.mark.parametrize('value', [
    '', '00', '0007', '-1', '1.10', '64512a', '4294967296', '99999999999',
    '64 512', '64512\n64513', True, ['64512']])
def test_what_is_no_as_number_is_refused(value):
    assert 'as_number: ' in problems(as_number=value)


@pytest.mark.parametrize('value', ['s3cret', "a'b", '#;{}\\', ' ', 'x' * 80])
def test_a_password_that_bird_can_quote_is_taken(value):
    assert parse(bgp_password=value).bgp_password == value


@pytest.mark.parametrize('value', [['s3cret'], {'s3cret': 1}, True])
def test_a_password_that_is_no_text_is_refused_but_not_shown(value):
    found = problems(bgp_password=value)

    assert 'bgp_password: must be text' in found and 's3cret' not in found


@pytest.mark.parametrize('value, reason', [
    ('do"uble', 'double quote'), ('x' * 81, '80'), ('n\xe4', 'ASCII'),
    ('two\nlines', 'ASCII'), ('line\n', 'ASCII'), ('tab\t', 'ASCII')])
def test_a_password_that_bird_cannot_use_is_refused_but_not_shown(value, reason):
    found = problems(bgp_password=value)

    assert reason in found
    assert value not in found


def test_external_peers_stand_one_on_a_line():
    parsed = parse(external_peers='''
        # our border routers
        b6 4200000001 2001:DB8::1
        b4 65010 198.51.100.9 p4ss word # all of it
    ''')

    assert parsed.external_peers == (
        ExternalPeer('b4', 65010, '198.51.100.9', 'p4ss word # all of it'),
        ExternalPeer('b6', 4200000001, '2001:db8::1', None))


@pytest.mark.parametrize('line, reason', [
    ('b1 65010', 'NAME AS ADDRESS'),
    ('b1:65010:198.51.100.9', 'NAME AS ADDRESS'),
    ('b.1 65010 198.51.100.9', 'the first word must be a name'),
    ('b1 65O10 198.51.100.9', 'the second word must be an AS number'),
    ('b1 0 198.51.100.9', 'AS 0 is reserved'),
    ('b1 65010 198.51.100', 'the third word must be an IPv4 or IPv6 address'),
    ('b1 65010 127.0.0.1', 'unicast'),
    ('b1 65010 198.51.100.9 "quoted"', 'double quote'),
    ('good 65010 198.51.100.10', 'the name "good" is taken by "good"'),
    ('other 65010 198.51.100.1', 'the address 198.51.100.1 is also that of "good"')])
def test_each_bad_line_is_named_by_its_number(line, reason):
    found = problems(external_peers='good 65010 198.51.100.1\n\n' + line)

    assert 'external_peers: line 3: ' in found and reason in found


def test_two_names_that_are_one_for_bird_are_refused():
    assert ('line 2: the name "border_1" is taken by "border-1" (for BIRD a hyphen '
            'becomes an underscore)') in problems(external_peers=(
                'border-1 65010 198.51.100.1\nborder_1 65010 198.51.100.2'))


@pytest.mark.parametrize('line', [
    'b1 65010 nowhere s3cret', 'b1 65010 s3cret', 'b1 s3cret 198.51.100.1',
    '$3cret 65010 198.51.100.1', 'b1 65010 127.0.0.1 s3cret',
    'b1 0 198.51.100.1 s3cret', 'b1 65010 198.51.100.1 "s3cret"'])
def test_a_bad_line_does_not_show_a_password_wherever_it_stands(line):
    assert '3cret' not in problems(external_peers=line)


def test_workload_prefixes_stand_between_blanks_commas_and_newlines():
    parsed = parse(
        workload_prefixes='10.66.0.0/16,\xa010.65.0.0/16\n10.65.1.0/24\u2028')

    assert [str(p) for p in parsed.workload_prefixes] == [
        '10.65.0.0/16', '10.66.0.0/16']


@pytest.mark.parametrize('value, reason', [
    ('10.65.0.1/16', 'write 10.65.0.0/16'), ('10.65.0.0', 'not an IPv4 prefix'),
    ('2001:db8::/32', 'not an IPv4 prefix'),
    ('x 10.65.0.1/16', 'write 10.65.0.0/16'), ('0.0.0.0/0', 'leave')])
def test_what_is_no_workload_prefix_is_refused(value, reason):
    assert reason in problems(workload_prefixes=value)


@pytest.mark.parametrize('value', ['yes', 2, None, ''])
def test_a_switch_is_true_or_false(value):
    assert 'cleanup_ovs: must be true or false' in problems(cleanup_ovs=value)


def test_switches_written_by_the_command_line_are_taken():
    parsed = parse(cleanup_ovs='false', remove_default_networks='true')

    assert parsed.cleanup_ovs is False and parsed.remove_default_networks is True
