"""Rows for people: what is wrong is marked, and its message names the fix."""

from __future__ import unicode_literals

from calico_fuel import checks
from calico_fuel.codes.bgp import BIRD_DOWN, PEER_DOWN
from calico_fuel.codes.cluster import FELIX_SILENT, NODE_NOT_LISTED
from calico_fuel.codes.node import DRIFT, SERVICE_DOWN, SETTING_WRONG


def test_a_table_marks_what_is_bad_and_what_is_a_note():
    table = checks.table([
        checks.good(BIRD_DOWN, 'BIRD', 'runs'),
        checks.fault(FELIX_SILENT, 'Felix', 'is silent', 'reports', 'Cure'),
        checks.fault(PEER_DOWN, 'border', 'down', 'Established', 'Look')])

    assert table == (
        '      SUBJECT  STATE      EXPECTED\n'
        '      BIRD     runs       runs\n'
        'BAD   Felix    is silent  reports\n'
        'note  border   down       Established')


def test_a_report_is_the_table_what_is_good_the_notes_and_the_problems_last():
    note = checks.fault(PEER_DOWN, 'border', 'down', 'Established', 'Look')

    assert checks.report([
        checks.complaint(SETTING_WRONG, 'nodes: twice. Remove one'), note,
        checks.said('bird: renders'),
    ]) == [
        (False, checks.table([note])), (False, 'bird: renders'),
        (False, 'note: PEER_DOWN: border: down, expected: Established. Look'),
        (True, 'SETTING_WRONG: nodes: twice. Remove one')]


def test_a_sentence_tells_the_state_the_wanted_one_and_the_cure():
    check = checks.fault(FELIX_SILENT, 'Felix', 'is silent', 'reports', 'Do this')

    assert check.sentence == (
        'FELIX_SILENT: Felix: is silent, expected: reports. Do this')


def test_a_short_difference_is_the_state():
    check = checks.of_resource(
        SERVICE_DOWN, 'service bird', True, 'service bird: is stopped',
        'Run calico-fuel compute')

    assert check.sentence == (
        'SERVICE_DOWN: service bird: is stopped, expected: runs. Run calico-fuel '
        'compute')


def test_a_long_difference_is_told_in_the_message_as_far_as_a_terminal_bears_it():
    difference = '\n'.join('+line {}'.format(number) for number in range(40))

    check = checks.of_resource(
        DRIFT, '/etc/x', False, difference, 'Run calico-fuel etcd')

    assert check.state == 'differs'
    assert check.sentence.startswith(
        'DRIFT: /etc/x: differs, expected: as wanted.\n+line 0\n')
    assert '+line 11\n(28 more lines)\nRun calico-fuel etcd' in check.sentence
    assert '+line 12' not in check.sentence


def test_a_long_subject_is_cut_in_the_table_and_whole_in_the_message():
    check = checks.good(DRIFT, 'packages ' + 'x' * 99, 'as wanted')

    assert 'x' * 48 + '...  as wanted' in checks.table([check])
    assert check.sentence.startswith(check.subject)


def test_one_long_line_does_not_widen_the_table():
    check = checks.of_resource(DRIFT, '/etc/x', False, 'x' * 61, 'Fix it')

    assert check.state == 'differs' and 'x' * 61 in check.sentence


def test_a_name_from_elsewhere_forges_no_line():
    """Anybody on a node can write a host name into etcd."""
    check = checks.fault(
        NODE_NOT_LISTED, 'list', 'lacks x\x1b]0;y\x07\nverify: good', 'has all', 'Fix')

    (_, table), (_, sentence) = checks.report([check])

    assert len(table.split('\n')) == 2 and '\n' not in sentence
    for text in table, sentence:
        assert 'lacks x\\x1b]0;y\\x07\\x0averify: good' in text
