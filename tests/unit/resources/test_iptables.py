"""Only the edited lines of saved rules change, and iptables-restore makes the same."""

from __future__ import unicode_literals

from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.resources.firewall import Chain
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.system import FakeSystem
from tests.unit.resources.test_firewall import (
    DROP, FELIX, FUEL, JUMP, NO_CHAIN, NO_RULES, ONE, OPEN, TWO, chain)


def with_chain(text, wanted):
    return wanted.edited(text).text


def test_a_table_that_was_not_saved_is_added_behind_the_others():
    mangle = Chain('mangle', 'calico-fuel-dhcp', 'POSTROUTING', '-p udp', ('-j X',))

    assert with_chain(FUEL, mangle) == FUEL + (
        '*mangle\n:POSTROUTING ACCEPT [0:0]\n:calico-fuel-dhcp - [0:0]\n'
        '-A POSTROUTING -p udp -j calico-fuel-dhcp\n-A calico-fuel-dhcp -j X\n'
        'COMMIT\n')


def test_rules_saved_with_counters_are_understood():
    """iptables-save -c."""
    saved = with_chain(FUEL, chain(ONE)).replace('\n-A', '\n[12:840] -A')

    assert with_chain(saved, chain(ONE)) == saved
    assert '[12:840] -A calico-fuel-bgp' not in with_chain(saved, chain(TWO))


def test_only_our_own_chain_is_declared():
    """iptables-restore --noflush empties every chain that it is told of."""
    table = chain(TWO).edited(with_chain(FUEL, chain(ONE)))

    assert table.commands == ('*filter\n:calico-fuel-bgp - [0:0]\n'
                              '-A calico-fuel-bgp {}\nCOMMIT\n'.format(TWO))


def test_a_running_table_that_iptables_save_does_not_print_gets_our_chain():
    """As iptables-nft, where it has no rules yet."""
    assert chain(ONE).edited('# Generated\n').commands == (
        '*filter\n:calico-fuel-bgp - [0:0]\n-A calico-fuel-bgp {}\n'
        '-I INPUT 1 {}\nCOMMIT\n'.format(ONE, JUMP))


CHAINS = st.lists(st.sampled_from([ONE, TWO, '-s 192.0.2.14/32 -j ACCEPT']),
                  unique=True, max_size=3).map(lambda rules: chain(*rules))
LINES = st.lists(st.sampled_from([
    '-A INPUT ' + rule for rule in (FELIX, DROP, JUMP, '-j RETURN', '-p icmp -j ACCEPT')
] + ['-A calico-fuel-bgp ' + ONE, '-A felix-INPUT -j DROP', '# comment',
     ':calico-fuel-bgp - [0:0]', ':felix-INPUT - [0:0]', '']), max_size=8)
SAVED_TEXTS = st.tuples(LINES, st.booleans()).map(lambda made: '\n'.join(
    ['*filter'] + made[0] + ['COMMIT']) + '\n' * made[1])


def others(text):
    return [line for line in text.splitlines() if 'calico-fuel-bgp' not in line]


@given(SAVED_TEXTS, CHAINS, CHAINS)
def test_any_saved_rules_are_put_right_at_once_and_keep_what_is_not_ours(
        text, first, second):
    once = with_chain(with_chain(text, first), second)

    assert with_chain(once, second) == once
    assert others(once) == others(text)
    assert [line for line in once.splitlines()
            if line.startswith('-A calico-fuel-bgp')] == [
        '-A calico-fuel-bgp ' + rule for rule in second.rules]


RULES = st.lists(st.sampled_from(
    [FELIX, DROP, JUMP, OPEN, '-j RETURN', '-j calico-fuel-bgp']), max_size=6)


@given(RULES, st.lists(st.one_of(CHAINS, st.sampled_from([NO_CHAIN, NO_RULES]))))
def test_iptables_restore_makes_of_running_rules_what_is_made_of_saved_ones(
        rules, resources):
    running = Iptables(FakeSystem(), INPUT=rules)
    running.rules['filter']['calico-fuel-bgp'] = [TWO]
    for resource in resources:
        text = running.save(['iptables-save', '-t', 'filter'], None).stdout
        edited = resource.edited(text)
        if edited.text != text:
            assert not running.restore(
                ['iptables-restore', '--noflush'], edited.commands).status
        for name, found in running.rules['filter'].items():
            assert edited.rules(name) == found
        assert (':calico-fuel-bgp' in edited.text) == (
            'calico-fuel-bgp' in running.rules['filter'])
