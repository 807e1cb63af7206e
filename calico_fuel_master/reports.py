"""What nodes say of themselves (``calico-fuel status``) -> the environment.

A node may be in the hands of somebody else: nothing that it says is trusted to have
the right form.
"""

from __future__ import unicode_literals

import json
from collections import namedtuple

from calico_fuel.checks import (
    GOOD, MARKS, Check, columns, counted, cut, one_line, verdict)
from calico_fuel.cli import output
from calico_fuel.codes.code import NOTE, PROBLEM
from calico_fuel.fuel.yaml_values import entries, mapping

STATUS = ' status --format json'
SILENT = 'no answer'
# Worst first.
ORDER = (SILENT, PROBLEM, NOTE, GOOD)
MOST_FIXES, CELL = 5, 60
# More would be no status.
MOST_TEXT, MOST_ROWS, MOST_LONG = 2000000, 2000, 2000


class Session(namedtuple('Session', (
        'name neighbor address is_established state since imported exported'))):
    """A BGP session, as its node sees it; the last three may be empty."""


class Report(namedtuple('Report', (
        'name roles result why time fuel environment version checks sessions'))):
    """A node: its result, or SILENT and ``why``; ``time`` is in seconds or None.

    The code of a Check is a text here.
    """

    @property
    def verdict(self):
        """Its state in words."""
        words = verdict(self.checks)
        return self.result if words == GOOD else words

    @property
    def sessions_up(self):
        """Such as 2/3; empty without an answer."""
        return '' if self.result == SILENT else '{}/{}'.format(
            sum(one.is_established for one in self.sessions), len(self.sessions))


def of_answers(answers):
    return [_report(answer) for answer in answers]


def _report(answer):
    why = answer.why
    if not why:
        try:
            data = mapping(json.loads(answer.text)) if (
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
    checks = [_check(each) for each in entries(data, 'checks')[:MOST_ROWS]]
    return Report(
        target.name, tuple(_text(role) for role in _roles(data)) or target.roles,
        min([data['result']] + [check.severity for check in checks],
            key=ORDER.index), '',
        _number(data.get('time')), _text(data.get('fuel')),
        _text(data.get('environment')), _text(data.get('version')),
        tuple(sorted(checks, key=lambda check: ORDER.index(check.severity))),
        tuple(_session(each) for each in entries(data, 'sessions')[:MOST_ROWS]))


def _roles(data):
    roles = data.get('roles')
    return roles[:MOST_ROWS] if isinstance(roles, list) else ()


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


def _text(value):
    return '' if value is None else '\n'.join(
        one_line(line) for line in '{}'.format(value)[:MOST_LONG].split('\n'))


def _number(value):
    return value if isinstance(value, (int, float)) and 0 <= value < 1e11 else None


def worst_first(reports):
    return sorted(reports, key=lambda report: ORDER.index(report.result))


def summary(reports):
    silent = sum(report.result == SILENT for report in reports)
    words = [verdict([check for report in reports for check in report.checks])]
    if silent:
        words = [one for one in words if one != GOOD] + [
            '{} without an answer'.format(counted(silent, 'node'))]
    return '{}: {}'.format(counted(len(reports), 'node'), ', '.join(words))


def faults(reports):
    """Pairs of a Report and a Check that is not good, problems first."""
    return [(report, check) for severity in (PROBLEM, NOTE) for report in reports
            for check in report.checks if check.severity == severity]


def table(reports):
    """All for people: nodes, checks that are not good, the first fixes."""
    lines = [summary(reports), '', columns(
        [('NODE', 'RESULT', 'SESSIONS', 'ROLES')] + [
            (one.name, one.result, one.sessions_up or '-', ' '.join(one.roles) or '-')
            for one in worst_first(reports)])]
    found = faults(reports)
    if found:
        lines += ['', columns([('', 'CODE', 'NODE', 'SUBJECT', 'STATE')] + [
            (MARKS[check.severity], check.code or '-', report.name,
             _cell(check.subject), _cell(check.state)) for report, check in found])]
    lines += ['{}: no answer: {}'.format(report.name, report.why) for report in reports
              if report.result == SILENT]
    fixes = ['{}: {}: {}'.format(report.name, check.code or check.subject, check.fix)
             for report, check in found if check.is_problem and check.fix]
    return '\n'.join(lines + [''] * bool(fixes) + fixes[:MOST_FIXES])


def _cell(text):
    return cut(' '.join(text.split()), CELL)


def as_json(reports):
    """The same as JSON, with the checks and sessions of all nodes."""
    return output.json_text([dict(
        report._asdict(), checks=[check._asdict() for check in report.checks],
        sessions=[session._asdict() for session in report.sessions])
        for report in reports])
