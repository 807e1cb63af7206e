"""A Status as a table for people, as JSON, and as a line for Nagios.

No format holds a password.
"""

from __future__ import unicode_literals

from calico_fuel import __version__
from calico_fuel.checks import GOOD, MARKS, columns, cut, one_line, verdict
from calico_fuel.cli import output
from calico_fuel.codes.code import NOTE, PROBLEM

# A screen has 24 lines or more.
MOST_FAULTS, MOST_FIXES, MOST_WIDE = 10, 3, 64
NAGIOS = {GOOD: ('OK', 0), NOTE: ('WARNING', 1), PROBLEM: ('CRITICAL', 2)}


def number_of(status, severity):
    return sum(check.severity == severity for check in status.checks)


def table(status):
    """One screen: what is wrong with the first fixes, then the rest."""
    of, node = status.environment, status.node
    lines = ['{} ({}), environment {}, Fuel {}: {}'.format(
        node.name, ', '.join(sorted(node.roles)), of.id, of.fuel_release,
        verdict(status.checks)), summary(status), '']
    faults = [check for check in status.checks if not check.is_good]
    lines.append(columns([('', 'CODE', 'SUBJECT', 'STATE')] + [
        (MARKS[check.severity], '' if check.is_good else check.code.name,
         cut(check.subject, MOST_WIDE), cut(check.state, MOST_WIDE))
        for check in faults[:MOST_FAULTS] + [
            check for check in status.checks if check.is_good]]))
    if len(faults) > MOST_FAULTS:
        lines.append('({} more: calico-fuel status --format json)'.format(
            len(faults) - MOST_FAULTS))
    for check in [check for check in faults if check.is_problem][:MOST_FIXES]:
        lines += ['', check.sentence]
    return '\n'.join(line for line in lines if line is not None)


def summary(status):
    counts, parts = status.counts, []
    if 'sessions' in counts:
        parts.append('{}/{} sessions'.format(
            counts['sessions_established'], counts['sessions']))
    if 'tap_routes' in counts:
        parts.append('{}/{} tap routes'.format(
            counts['tap_routes'], counts.get('endpoints', '?')))
    if 'bgp_routes' in counts:
        parts.append('{} routes by BGP'.format(counts['bgp_routes']))
    ages = [one.protocol.seconds(status.time) for one in status.sessions
            if one.is_established]
    if any(ages):
        parts.append('youngest session {}'.format(age(min(ages))))
    return ', '.join(parts) or None


def age(seconds):
    """A time for people, such as "3 h"."""
    for unit, length in (('d', 86400), ('h', 3600), ('min', 60)):
        if seconds >= length:
            return '{} {}'.format(seconds // length, unit)
    return '{} s'.format(seconds)


def data(status):
    of, node = status.environment, status.node
    return {
        'node': node.name, 'fqdn': node.fqdn, 'roles': sorted(node.roles),
        'environment': of.id, 'fuel': of.fuel_release, 'version': __version__,
        'time': int(status.time), 'seconds': round(status.seconds, 3),
        'result': status.result,
        'checks': [dict(check._asdict(), code=check.code.name if check.code else None)
                   for check in status.checks],
        'sessions': [_session(one) for one in status.sessions],
        'counts': status.counts,
    }


def _session(seen):
    found = {
        'name': seen.session.name, 'neighbor': seen.session.neighbor,
        'address': seen.session.address, 'is_established': seen.is_established}
    for key in 'since', 'imported', 'exported', 'filtered', 'limit':
        found[key] = getattr(seen.protocol, key, None)
    found['state'] = '{0.state} {0.info}'.format(
        seen.protocol).strip() if seen.protocol else None
    return found


def as_json(status):
    return output.json_text(data(status))


def nagios(status):
    """The line of a plugin of Nagios, with performance data, and its exit status."""
    word, number = NAGIOS[status.result]
    codes = []
    for check in status.checks:
        if not check.is_good and check.code.name not in codes:
            codes.append(check.code.name)
    said = ', '.join(codes + [summary(status) or 'no numbers'])
    return _line(word, said + _performance(status)), number


def unknown(message):
    """The line of one that could not check, and its exit status."""
    return _line('UNKNOWN', message.replace('|', '/')), 3


def _line(word, text):
    return one_line('CALICO {} - {}'.format(word, text.replace('\n', ' ')))


def _performance(status):
    counts = status.counts
    values = ['{}={};;;0'.format(name, counts[name]) for name in sorted(counts)
              if not name.startswith('sessions')]
    if 'sessions' in counts:
        # Fewer are a warning, none is critical.
        values.insert(0, 'sessions={};{}:;1:;0;{}'.format(
            counts['sessions_established'], counts['sessions'], counts['sessions']))
    values += ['problems={};;0;0'.format(number_of(status, PROBLEM)),
               'notes={};0;;0'.format(number_of(status, NOTE)),
               'time={:.3f}s;;;0'.format(status.seconds)]
    return ' | ' + ' '.join(values)
