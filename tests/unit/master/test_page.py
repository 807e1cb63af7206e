"""The environment as one web page."""

from __future__ import unicode_literals

import re

from calico_fuel_master import page
from tests.unit.master.answers import environment
from tests.unit.master.test_reports import answer, of, status

NOW = 1700000060


def written(*answers):
    return page.page(of(*answers), NOW)


def rows(text, title):
    table = text.partition('<h2>{}</h2>'.format(title))[2].partition('</table>')[0]
    return [re.sub('<[^>]+>', '|', row) for row in re.findall('<tr><td.*?</tr>', table)]


def test_the_page_loads_nothing_from_anywhere():
    text = written(*environment(computes=3))

    assert re.findall('(?:src|href|url)[=(]', text) == []
    assert re.findall('https?://[^"]+', text) == ['http://www.w3.org/2000/svg']
    assert "default-src 'none'" in text


def test_the_worst_stands_first():
    text = written(*environment(computes=3, down=4, silent=5))

    checks = rows(text, 'Checks that are not good')
    assert 'no answer' in checks[0] and 'node-5' in checks[0]
    assert 'BGP_DOWN' in checks[1] and 'Fix BGP_DOWN.' in checks[1]
    assert 'node-5' in rows(text, 'Nodes')[0] and 'node-4' in rows(text, 'Nodes')[1]
    assert 'node-4' in rows(text, 'BGP sessions')[0] or (
        'node-2' in rows(text, 'BGP sessions')[0])
    assert '5 nodes: 1 problem, 1 node without an answer' in text


def test_a_good_environment_says_so_and_when():
    text = written(*environment(computes=1))

    assert 'No problem and no note.' in text
    assert 'Seen 2023-11-14 22:14 UTC' in text and 'data-time="1700000060"' in text


def test_what_a_node_says_is_text_and_no_markup():
    bad = '<img src=x onerror="alert(1)">\'&'
    data = status('node-1', 'BGP_DOWN', roles=[bad], fuel=bad, version=bad,
                  environment=bad)
    data['checks'][0].update(subject=bad, state=bad, fix=bad, code=bad, expected=bad)
    for key in 'neighbor', 'address', 'state', 'since', 'imported', 'name':
        data['sessions'][0][key] = bad
    data['sessions'][0]['is_established'] = False

    text = written(answer('node-1', data), answer('node-2', why=bad))

    assert '<img' not in text and 'onerror="' not in text
    assert text.count('&lt;img') > 10
