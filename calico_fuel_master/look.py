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


class Look(namedtuple('Look', (
        'name roles result why time fuel environment version checks sessions'))):
    """A node: its result, or SILENT and ``why``; ``time`` is in seconds or None."""

    def number(self, severity):
        return sum(check.severity == severity for check in self.checks)

    @property
    def established(self):
        return sum(session.is_established for session in self.sessions)


def of_answers(answers):
    """The Look of each Answer of ``status``."""
    return [_look(answer) for answer in answers]


def _look(answer):
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
    return Look(answer.target.name, answer.target.roles, SILENT, why, None, '', '', '',
                (), ())


def _of_data(target, data):
    checks = [_check(_dict(each)) for each in _list(data.get('checks'))]
    worst = [one for one in ORDER if one == data['result'] or any(
        check.severity == one for check in checks)]
    return Look(
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


def worst_first(looks):
    return sorted(looks, key=lambda look: ORDER.index(look.result))


def number(looks, result):
    return sum(look.result == result for look in looks)


def summary(looks):
    """The environment in one line."""
    problems = sum(look.number(PROBLEM) for look in looks)
    notes = sum(look.number(NOTE) for look in looks)
    silent = number(looks, SILENT)
    parts = [counted(problems, 'problem')] if problems else []
    parts += [counted(notes, 'note')] if notes else []
    parts += ['{} without an answer'.format(counted(silent, 'node'))] if silent else []
    return '{}: {}'.format(counted(len(looks), 'node'), ', '.join(parts) or GOOD)


def faults(looks):
    """Pairs of a Look and a Check that is not good, problems first."""
    return [(look, check) for severity in (PROBLEM, NOTE) for look in looks
            for check in look.checks if check.severity == severity]


def table(looks):
    """All for people: nodes, checks that are not good, the first fixes."""
    lines = [summary(looks), '', columns(
        [('NODE', 'RESULT', 'SESSIONS', 'ROLES')] + [
            (look.name, look.result, '-' if look.result == SILENT else '{}/{}'.format(
                look.established, len(look.sessions)), ' '.join(look.roles) or '-')
            for look in worst_first(looks)])]
    found = faults(looks)
    if found:
        lines += ['', columns([('', 'CODE', 'NODE', 'SUBJECT', 'STATE')] + [
            ('BAD' if check.severity == PROBLEM else 'note', check.code or '-',
             look.name, _cell(check.subject), _cell(check.state))
            for look, check in found])]
    lines += ['{}: no answer: {}'.format(look.name, look.why) for look in looks
              if look.result == SILENT]
    fixes = []
    for look, check in found:
        if check.severity == PROBLEM and check.fix:
            fixes.append('{}: {}: {}'.format(look.name, check.code or check.subject,
                                             check.fix))
    return '\n'.join(lines + [''] * bool(fixes) + fixes[:MOST_FIXES])


def _cell(text):
    text = ' '.join(text.split())
    return text if len(text) <= CELL else text[:CELL - 3] + '...'


def as_json(looks):
    """The same as JSON, with the checks and sessions of all nodes."""
    return json.dumps([dict(
        look._asdict(), checks=[check._asdict() for check in look.checks],
        sessions=[session._asdict() for session in look.sessions])
        for look in looks], indent=2, sort_keys=True, separators=(',', ': '))
