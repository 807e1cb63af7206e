"""What nodes answer: status and explain as JSON, in the forms of calico-fuel."""

from __future__ import unicode_literals


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
