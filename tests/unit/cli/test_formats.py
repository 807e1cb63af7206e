"""What the status of a node prints: for people, as JSON, for Nagios."""

from __future__ import unicode_literals

import json
import re

import pytest

from calico_fuel import checks
from calico_fuel.cli import formats
from calico_fuel.codes.bgp import BGP_DOWN, PEER_DOWN
from calico_fuel.tasks import status
from tests.unit.fake.verify_node import TASKS, node_of

DETAILS = '''\
reflector_node_1 BGP      master   up     2015-11-17 03:03:20  Established
  Import limit:   1000
  Routes:         41 imported, 1 filtered, 6 exported, 41 preferred
'''
# Of a plugin of Nagios: 'label'=value[unit];[warn];[crit];[min];[max].
PERFORMANCE = re.compile(
    r"[a-z_]+=[0-9.]+s?;[0-9.:]*;[0-9.:]*;[0-9.]*(;[0-9.]*)?\Z")


def checked(uid='2', *found):
    """The Status of a healthy node with these Checks besides."""
    of, node = node_of(uid)
    node.bird.details = DETAILS if uid == '2' else ''
    seen = status.of_node(of, of.this_node, node, TASKS)
    return seen._replace(checks=sorted(
        found, key=lambda one: status.WORST_FIRST.index(one.severity)) + seen.checks)


def down(number=1):
    return checks.fault(
        BGP_DOWN, 'BGP client_node_{}'.format(number), 'start Active', 'Established',
        'Check node-{}'.format(number))


BORDER = checks.fault(PEER_DOWN, 'BGP external_border', 'start', 'Established', 'Look')


def test_the_table_of_a_good_node_is_short_and_says_so_first():
    lines = formats.table(checked()).split('\n')

    assert lines[0] == 'node-2 (compute), environment 7, Fuel 6.1: good'
    assert lines[1] == ('1/1 sessions, 0/0 tap routes, 0 routes by BGP, youngest '
                        'session 3 d')
    assert len(lines) < 24 and max(map(len, lines)) < 110


def test_the_table_has_what_is_wrong_first_with_its_code_and_fix():
    lines = formats.table(checked('2', down(), BORDER)).split('\n')

    assert lines[0].endswith(': 1 problem, 1 note')
    assert [line.split()[:2] for line in lines[3:6]] == [
        ['CODE', 'SUBJECT'], ['BAD', 'BGP_DOWN'], ['note', 'PEER_DOWN']]
    assert lines[-1] == (
        'BGP_DOWN: BGP client_node_1: start Active, expected: Established. Check '
        'node-1')


def test_hundreds_of_problems_are_one_screen():
    text = formats.table(checked('1', *[down(number) for number in range(300)]))

    assert text.startswith('node-1 (primary-controller), environment 7, Fuel 6.1: 300 ')
    assert '(290 more: calico-fuel status --format json)' in text
    assert len(text.split('\n')) < 40


def test_json_has_all_of_it():
    found = json.loads(formats.as_json(checked('2', down())))

    assert (found['node'], found['fqdn'], found['roles'], found['environment'],
            found['fuel'], found['result']) == (
        'node-2', 'node-2.example.com', ['compute'], 7, '6.1', 'problem')
    assert found['time'] == 1448000000
    assert found['checks'][0] == {
        'code': 'BGP_DOWN', 'severity': 'problem', 'subject': 'BGP client_node_1',
        'state': 'start Active', 'expected': 'Established', 'fix': 'Check node-1'}
    assert set(one['severity'] for one in found['checks'][1:]) == {'good'}
    assert found['sessions'] == [{
        'name': 'reflector_node_1', 'neighbor': 'node-1.example.com',
        'address': '192.0.2.11', 'is_established': True, 'state': 'up Established',
        'since': '2015-11-17 03:03:20', 'imported': 41, 'exported': 6, 'filtered': 1,
        'limit': 1000}]
    assert found['counts']['sessions'] == 1 and found['counts']['endpoints'] == 0


def test_json_of_a_session_that_bird_does_not_know_has_no_numbers():
    of, node = node_of('2')
    node.bird.loaded = None

    session, = json.loads(formats.as_json(status.of_node(
        of, of.this_node, node, TASKS)))['sessions']

    assert (session['is_established'], session['state'], session['imported']) == (
        False, None, None)


@pytest.mark.parametrize('found, begin, number', [
    ((), 'CALICO OK - 1/1 sessions, ', 0),
    ((BORDER,), 'CALICO WARNING - PEER_DOWN, 1/1 sessions', 1),
    ((BORDER, down(), down(2)), 'CALICO CRITICAL - BGP_DOWN, PEER_DOWN, 1/1', 2)])
def test_nagios_reads_one_line_with_the_worst_and_the_exit_status(found, begin, number):
    line, exit_status = formats.nagios(checked('2', *found))

    assert line.startswith(begin) and exit_status == number
    assert '\n' not in line and line.count('|') == 1
    values = line.partition(' | ')[2].split()
    assert 'sessions=1;1:;1:;0;1' in values
    assert 'problems={};;0;0'.format(2 * (number == 2)) in values
    for value in values:
        assert PERFORMANCE.match(value), value


def test_nagios_learns_why_nothing_can_be_said_in_one_line():
    assert formats.unknown('/etc/astute.yaml: does not exist.\nRun | this')[0] == (
        'CALICO UNKNOWN - /etc/astute.yaml: does not exist. Run / this')


@pytest.mark.parametrize('seconds, words', [
    (0, '0 s'), (59, '59 s'), (60, '1 min'), (7200, '2 h'), (90000, '1 d')])
def test_an_age_is_said_in_one_unit(seconds, words):
    assert formats.age(seconds) == words
