"""What nodes say of themselves (``calico-fuel status``) -> the environment.

A node may be in the hands of somebody else: nothing that it says is trusted to have
the right form.
"""

from __future__ import unicode_literals

import json
from collections import namedtuple

from calico_fuel.checks import columns, counted, one_line

STATUS = ' status --format json'
GOOD, NOTE, PROBLEM, SILENT = 'good', 'note', 'problem', 'no answer'
# Worst first.
ORDER = (SILENT, PROBLEM, NOTE, GOOD)
MOST_FIXES, CELL = 5, 60
# More would be no status.
MOST_TEXT, MOST_ROWS, MOST_LONG = 2000000, 2000, 2000


class Session(namedtuple('Session', (
        'name neighbor address is_established state since imported exported'))):
    """A BGP session, as its node sees it; the last three may be empty."""


class Check(namedtuple('Check', 'code severity subject state expected fix')):
    """A check of a node; ``severity`` is good, note or problem."""


class Report(namedtuple('Report', (
        'name roles result why time fuel environment version checks sessions'))):
    """A node: its result, or SILENT and ``why``; ``time`` is in seconds or None."""

    def number(self, severity):
        return sum(check.severity == severity for check in self.checks)

    @property
    def established(self):
        return sum(session.is_established for session in self.sessions)


def of_answers(answers):
    """The Report of each Answer of ``status``."""
    return [_report(answer) for answer in answers]


def _report(answer):
    why = answer.why
    if not why:
        try:
            data = _dict(json.loads(answer.text)) if (
                len(answer.text) <= MOST_TEXT) else {}
        except (RuntimeError, ValueError):
            data = {}
        if data.get('result') in (GOOD, NOTE, PROBLEM):
            return _of_data(answer.target, data)
        said = (answer.errors or answer.text).strip().split('\n')[-1]
        why = 'calico-fuel status: exit status {}: {}'.format(
            answer.status, _text(said) or 'it said nothing')
    return Report(answer.target.name, answer.target.roles, SILENT, why, None, '', '',
                  '', (), ())


def _of_data(target, data):
    checks = [_check(_dict(each)) for each in _list(data.get('checks'))]
    worst = [one for one in ORDER if one == data['result'] or any(
        check.severity == one for check in checks)]
    return Report(
        target.name,
        tuple(_text(role) for role in _list(data.get('roles'))) or target.roles,
        worst[0], '', _number(data.get('time')), _text(data.get('fuel')),
        _text(data.get('environment')), _text(data.get('version')),
        tuple(sorted(checks, key=lambda check: ORDER.index(check.severity))),
        tuple(_session(_dict(each)) for each in _list(data.get('sessions'))))


def _check(data):
    severity = data.get('severity')
    return Check(_text(data.get('code')), severity if severity in ORDER[1:] else NOTE,
                 *[_text(data.get(key)) for key in (
                     'subject', 'state', 'expected', 'fix')])


def _session(data):
    return Session(_text(data.get('name')), _text(data.get('neighbor')),
                   _text(data.get('address')), data.get('is_established') is True,
                   *[_text(data.get(key)) for key in (
                       'state', 'since', 'imported', 'exported')])


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    return value[:MOST_ROWS] if isinstance(value, list) else []


def _text(value):
    return '' if value is None else '\n'.join(
        one_line(line) for line in '{}'.format(value)[:MOST_LONG].split('\n'))


def _number(value):
    return value if isinstance(value, (int, float)) and 0 <= value < 1e11 else None


def worst_first(reports):
    return sorted(reports, key=lambda report: ORDER.index(report.result))


def number(reports, result):
    return sum(report.result == result for report in reports)


def summary(reports):
    """The environment in one line."""
    problems = sum(report.number(PROBLEM) for report in reports)
    notes = sum(report.number(NOTE) for report in reports)
    silent = number(reports, SILENT)
    parts = [counted(problems, 'problem')] if problems else []
    parts += [counted(notes, 'note')] if notes else []
    parts += ['{} without an answer'.format(counted(silent, 'node'))] if silent else []
    return '{}: {}'.format(counted(len(reports), 'node'), ', '.join(parts) or GOOD)


def faults(reports):
    """Pairs of a Report and a Check that is not good, problems first."""
    return [(report, check) for severity in (PROBLEM, NOTE) for report in reports
            for check in report.checks if check.severity == severity]


def table(reports):
    """All for people: nodes, checks that are not good, the first fixes."""
    lines = [summary(reports), '', columns(
        [('NODE', 'RESULT', 'SESSIONS', 'ROLES')] + [
            (one.name, one.result, '-' if one.result == SILENT else '{}/{}'.format(
                one.established, len(one.sessions)), ' '.join(one.roles) or '-')
            for one in worst_first(reports)])]
    found = faults(reports)
    if found:
        lines += ['', columns([('', 'CODE', 'NODE', 'SUBJECT', 'STATE')] + [
            ('BAD' if check.severity == PROBLEM else 'note', check.code or '-',
             report.name, _cell(check.subject), _cell(check.state))
            for report, check in found])]
    lines += ['{}: no answer: {}'.format(report.name, report.why) for report in reports
              if report.result == SILENT]
    fixes = []
    for report, check in found:
        if check.severity == PROBLEM and check.fix:
            fixes.append('{}: {}: {}'.format(report.name, check.code or check.subject,
                                             check.fix))
    return '\n'.join(lines + [''] * bool(fixes) + fixes[:MOST_FIXES])


def _cell(text):
    text = ' '.join(text.split())
    return text if len(text) <= CELL else text[:CELL - 3] + '...'


def as_json(reports):
    """The same as JSON, with the checks and sessions of all nodes."""
    return json.dumps([dict(
        report._asdict(), checks=[check._asdict() for check in report.checks],
        sessions=[session._asdict() for session in report.sessions])
        for report in reports], indent=2, sort_keys=True, separators=(',', ': '))
