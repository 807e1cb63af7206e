"""Every value that an operator can write is taken, or refused with the fix."""

from __future__ import unicode_literals

import pytest

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
