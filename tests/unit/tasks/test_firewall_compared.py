"""Two settings compared: which address an instance reaches with one, not the other."""

from __future__ import unicode_literals

from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel.addresses import format_ipv4, parse_ipv4, parse_prefix
from calico_fuel.tasks import firewall
from tests.unit.builders import environment

# First and last of management, storage and admin, and what lies next to them.
ADDRESSES = (
    '192.0.1.255', '192.0.2.0', '192.0.2.53', '192.0.2.255', '192.0.3.0',
    '198.51.100.127', '198.51.100.128', '198.51.100.191', '198.51.100.192',
    '198.51.100.255', '198.51.101.0', '203.0.113.1')
INTERNAL = set(ADDRESSES[1:4] + ADDRESSES[6:10])
CIDRS = st.lists(st.builds(
    lambda number, length: '{}/{}'.format(
        format_ipv4(number >> 32 - length << 32 - length), length),
    st.sampled_from(list(map(parse_ipv4, ADDRESSES))), st.integers(20, 32)), max_size=3)


def is_in(address, cidr):
    return parse_ipv4(address) in parse_prefix(cidr)


def reachable(**of):
    """Those of ADDRESSES to which an instance can send: the first rule counts."""
    rules = [rule.split() for rule in firewall.internal(environment(**of)).rules]
    return set(address for address in ADDRESSES if next(
        (rule[3] for rule in rules
         if rule[0] == '-d' and is_in(address, rule[1])), 'RETURN') != 'DROP')


@settings(max_examples=25)
@given(CIDRS)
def test_reachable_internal_cidrs_open_what_lies_in_them_and_nothing_else(cidrs):
    opened = reachable(reachable_prefixes=' '.join(cidrs)) - reachable()

    assert reachable() == set(ADDRESSES) - INTERNAL
    assert opened == set(address for address in INTERNAL if any(
        is_in(address, cidr) for cidr in cidrs))
