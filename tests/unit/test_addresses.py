"""IPv4 prefixes and ranges, which stand in for the missing ipaddress."""

from __future__ import unicode_literals

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import addresses
from calico_fuel.addresses import Prefix

ADDRESS = st.integers(0, 0xFFFFFFFF)


@given(ADDRESS)
def test_an_address_survives_its_text(number):
    assert addresses.parse_ipv4(addresses.format_ipv4(number)) == number


@pytest.mark.parametrize('text', [
    '', '192.0.2', '192.0.2.256', '192.0.2.1/24', ' 192.0.2.1', '0300.0.2.1',
    '2001:db8::1', 'router', None, 3221225985])
def test_what_is_no_ipv4_address_is_refused(text):
    with pytest.raises(ValueError):
        addresses.parse_ipv4(text)


@pytest.mark.parametrize('text, shortest', [
    ('2001:DB8:0:0::1', '2001:db8::1'), ('192.0.2.1', '192.0.2.1')])
def test_an_address_has_one_text(text, shortest):
    assert addresses.canonical_address(text) == shortest


@pytest.mark.parametrize('text', [
    '192.0.2.0', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '/24',
    '192.0.2.0/24/24', '192.0.2.0/255.0.255.0', '2001:db8::/32', '', None,
    '192.0.2.0/\u0662\u0664', '192.0.2.0/\xb2'])
def test_what_is_no_prefix_is_refused(text):
    with pytest.raises(ValueError):
        addresses.enclosing_prefix(text)


@pytest.mark.parametrize('text', ['192.0.2.77/24', '192.0.2.77/255.255.255.0'])
def test_an_interface_address_lies_in_its_network(text):
    assert '{}'.format(addresses.enclosing_prefix(text)) == '192.0.2.0/24'


def test_host_bits_are_refused_with_the_right_spelling():
    with pytest.raises(ValueError) as error:
        addresses.parse_prefix('10.65.0.1/16')

    assert 'write 10.65.0.0/16' in error.value.args[0]


@given(ADDRESS, st.integers(0, 5000))
def test_a_range_becomes_exactly_its_addresses(first, size):
    last = min(first + size, 0xFFFFFFFF)

    prefixes = addresses.range_prefixes(first, last)

    assert prefixes[0].first == first and prefixes[-1].last == last
    for before, after in zip(prefixes, prefixes[1:]):
        assert before.last + 1 == after.first
    assert len(prefixes) <= 2 * 13


def test_covered_prefixes_are_dropped():
    texts = ['10.1.0.0/16', '10.0.0.0/8', '192.0.2.0/24', '192.0.2.9/32']

    kept = addresses.without_covered(map(addresses.parse_prefix, texts))

    assert [str(prefix) for prefix in kept] == ['10.0.0.0/8', '192.0.2.0/24']


@given(ADDRESS, st.integers(0, 32), ADDRESS)
def test_overlap_is_to_share_an_address(number, length, other):
    prefix = addresses.enclosing_prefix(
        '{}/{}'.format(addresses.format_ipv4(number), length))

    assert prefix.overlaps(Prefix(other, 32)) == (other in prefix)
    assert prefix.covers(Prefix(other, 32)) == (other in prefix)


@pytest.mark.parametrize('text, good', [
    ('198.51.100.1', True), ('2001:db8::1', True), ('127.0.0.1', False),
    ('0.0.0.0', False), ('224.0.0.5', False), ('255.255.255.255', False),
    ('169.254.1.1', False), ('::1', False), ('::', False), ('fe80::1', False),
    ('ff02::5', False)])
def test_only_unicast_addresses_can_end_a_session(text, good):
    assert addresses.is_unicast(text) is good
