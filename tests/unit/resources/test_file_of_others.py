"""Files of others keep every byte that is not ours, and so do their backups."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.file import File, original, text_difference
from calico_fuel.resources.file import NoText
from calico_fuel.resources.firewall import Chain
from calico_fuel.resources.firewall import NoRules
from calico_fuel.resources.iptables import SAVED
from calico_fuel.resources.options import Options
from calico_fuel.resources.saved_rules import SavedRules
from calico_fuel.resources.service import Disabled, Service
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem

# Latin-1, a form feed, U+0085 in both encodings, U+2028, CRLF, no newline at the end.
ODD = (b'#\x0csection two\x0b\r\nrabbit_password=gr\xfcn\n# \x85 \xc2\x85'
       b' \xe2\x80\xa8 \x00\nmine = \xff')
PATH = '/etc/nova/nova.conf'
WANTED = Options(PATH, [('DEFAULT', 'ours', '1')])


def content(system, path=PATH):
    return system.files[path].content


def bring(system, *resources):
    return [outcome.state for outcome in converge(resources, system)]


def test_an_option_is_set_and_every_other_byte_stays():
    system = FakeSystem({PATH: b'[DEFAULT]\n' + ODD})

    assert bring(system, WANTED) == [CHANGED]

    assert content(system) == b'[DEFAULT]\nours=1\n' + ODD
    assert content(system, original(PATH)) == b'[DEFAULT]\n' + ODD
    assert bring(system, WANTED) == [UNCHANGED]


def test_a_file_of_ours_is_utf_8_and_needs_no_second_change():
    system = FakeSystem({PATH: ODD})
    ours = File(PATH, 'ours \u20ac\n')

    assert bring(system, ours) == [CHANGED]
    assert content(system) == b'ours \xe2\x82\xac\n'
    assert bring(system, ours) == [UNCHANGED]


def test_leftovers_go_and_every_other_byte_stays():
    system = FakeSystem({'/etc/hosts': ODD + b'\nleft over\n' + ODD})

    assert bring(system, NoText('/etc/hosts', 'left over\n')) == [CHANGED]

    assert content(system, '/etc/hosts') == ODD + b'\n' + ODD


RULES = (b'# \x85\x0c\r\n*filter\n:INPUT ACCEPT [0:0]\n'
         b'-A INPUT -m comment --comment "gr\xfcn \x0c" -j ACCEPT\nCOMMIT')
A_SET = b'-A felix-a -m set --match-set felix-b src -j RETURN\n'


@pytest.mark.parametrize('resource, ours', [
    (SavedRules(SAVED), A_SET),
    (NoRules('filter', 'INPUT', ('-j ACCEPT',)), b'-A INPUT -j ACCEPT\n')])
def test_saved_rules_go_and_every_byte_of_others_stays(resource, ours):
    system = FakeSystem({SAVED: RULES.replace(b'COMMIT', ours + b'COMMIT')})
    Iptables(system)

    assert bring(system, resource) == [CHANGED]

    assert content(system, SAVED) == RULES


@pytest.mark.parametrize('rules', [RULES, RULES + b'\n'])
def test_a_saved_chain_comes_and_every_byte_of_others_stays(rules):
    system = FakeSystem({SAVED: rules})
    Iptables(system)

    ours = Chain('filter', 'ours', 'INPUT', '-p tcp', ('-j ACCEPT',))
    assert bring(system, ours) == [CHANGED]

    added = (b':ours - [0:0]\n', b'-A INPUT -p tcp -j ours\n', b'-A ours -j ACCEPT\n')
    left = content(system, SAVED)
    for line in added:
        assert left.count(line) == 1
        left = left.replace(line, b'')
    assert left == rules


def test_a_table_that_is_not_saved_yet_is_added_behind_a_last_line_without_end():
    system = FakeSystem({SAVED: b'*nat\nCOMMIT\n# gr\xfcn'})
    Iptables(system)
    bring(system, Chain('filter', 'ours', 'INPUT', '-p tcp', ('-j ACCEPT',)))

    assert content(system, SAVED).startswith(b'*nat\nCOMMIT\n# gr\xfcn\n*filter\n')
    assert content(system, SAVED).endswith(b'\nCOMMIT\n')


def test_an_override_of_upstart_keeps_the_bytes_of_others():
    override, odd = '/etc/init/some.override', b'\n\n# gr\xfcn\x0cmanual'
    system = FakeSystem({override: odd})
    Services(system, jobs=['some'])

    assert bring(system, Disabled('some')) == [CHANGED]
    assert content(system, override) == odd + b'\nmanual\n'

    assert bring(system, Service('some', ())) == [CHANGED]
    assert content(system, override) == odd + b'\n'


def test_a_difference_is_text_whatever_the_bytes():
    found = text_difference('/f', 'gr\xfcn \x85\n', 'gr\xc3\xbcn \x1b[0m\r\n')

    assert found.split('\n')[3:] == ['-gr\xfcn \\x85', '+gr\xfcn \\x1b[0m\\x0d', ' ']
