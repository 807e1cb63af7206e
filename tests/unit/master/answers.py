"""What nodes answer: status and explain as JSON, in the forms of calico-fuel."""

from __future__ import unicode_literals

import json

from calico_fuel_master.nodes import Target
from calico_fuel_master.remote import Answer


def status(name, *codes, **changes):
    """A node with a problem of each of these codes, and two sessions."""
    checks = [{'code': code, 'severity': 'problem', 'subject': 'subject of ' + code,
               'state': 'bad', 'expected': 'good', 'fix': 'Fix {}.'.format(code)}
              for code in codes]
    checks.append({'code': None, 'severity': 'good', 'subject': 'BIRD',
                   'state': 'runs', 'expected': 'runs', 'fix': ''})
    data = {
        'node': name, 'fqdn': name + '.example.com', 'roles': ['compute'],
        'environment': 7, 'fuel': '9.2', 'version': '4.0.0', 'time': 1700000000,
        'seconds': 0.4, 'result': 'problem' if codes else 'good', 'checks': checks,
        'sessions': [{
            'name': 'reflector_node_{}'.format(number),
            'neighbor': 'node-{}.example.com'.format(number),
            'address': '192.0.2.1{}'.format(number), 'is_established': True,
            'state': 'up Established', 'since': '2026-11-30 08:00:00', 'imported': 4,
            'exported': 1, 'filtered': 0, 'limit': None} for number in (1, 2)],
        'counts': {'sessions': 2, 'sessions_established': 2}}
    return dict(data, **changes)


def links(name, seen, broken=(), where=None):
    """Three links, of which this node has *seen* some."""
    result = []
    for number in '123':
        verdict = ('broken' if number in broken else
                   'good' if number in seen else 'elsewhere')
        result.append({
            'name': 'link ' + number, 'state': 'state ' + number, 'verdict': verdict,
            'code': 'TAP_DOWN' if verdict == 'broken' else '',
            'fix': 'Set it up.' if verdict == 'broken' else '',
            'where': name if verdict != 'elsewhere' else where or 'node-3'})
        if verdict == 'broken':
            break
    return {'node': name, 'from': None, 'to': '203.0.113.3', 'links': result}


def environment(computes, down=None, silent=None, peer='border-1'):
    """Answers of two reflectors, node-1 and node-2, and of computes from node-3.

    The session of node-2 and the node *down* is down; *silent* does not answer.
    """
    found = []
    numbers = range(3, 3 + computes)
    for number in [1, 2] + list(numbers):
        name = 'node-{}'.format(number)
        if number == silent:
            found.append(Answer(Target(name, name, ('compute',)), None, '', '', 'away'))
            continue
        sessions = [
            _session('reflector_node_{}', other, other == 2 and number == down)
            for other in (1, 2) if other != number]
        if number < 3:
            sessions += [
                _session('client_node_{}', other, other == down and number == 2)
                for other in numbers]
            sessions.append(dict(_session('external_{}', 1, False), neighbor=peer))
        data = status(
            name, *(['BGP_DOWN'] if number == down else []), sessions=sessions,
            roles=['controller' if number < 3 else 'compute'])
        found.append(Answer(Target(name, name, ('compute',)), 0, json.dumps(data), '',
                            ''))
    return found


def _session(name, number, is_down):
    return {'name': name.format(number), 'address': '192.0.2.{}'.format(number),
            'neighbor': 'node-{}.example.com'.format(number),
            'is_established': not is_down, 'since': '2026-11-30 08:00:00',
            'state': 'start Active' if is_down else 'up Established'}
