"""What nodes say of themselves, and who says nothing."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel_master import reports
from calico_fuel_master.nodes import Target
from calico_fuel_master.remote import Answer
from tests.unit.master.answers import status


def answer(name, data=None, why='', code=0, errors='', text=None):
    return Answer(Target(name, name, ('controller',)), None if why else code,
                  json.dumps(data) if text is None else text, errors, why)


def of(*answers):
    return reports.of_answers(answers)


THREE = (answer('node-1', status('node-1')),
         answer('node-2', status('node-2', 'BGP_DOWN', 'TAP_DOWN'), code=1),
         answer('node-3', why='did not end within 5 s'))


def test_the_table_has_the_worst_first_and_every_fix():
    lines = reports.table(of(*THREE)).split('\n')

    assert lines[0] == '3 nodes: 2 problems, 1 node without an answer'
    assert [line.split()[0] for line in lines[3:6]] == ['node-3', 'node-2', 'node-1']
    assert 'BAD  BGP_DOWN  node-2  subject of BGP_DOWN  bad' in lines
    assert 'node-3: no answer: did not end within 5 s' in lines
    assert 'node-2: BGP_DOWN: Fix BGP_DOWN.' in lines


def test_a_good_environment_is_good():
    assert reports.table(of(THREE[0])).split('\n')[0] == '1 node: good'


@pytest.mark.parametrize('text', [
    '', 'null', '[]', '{}', '{"result": "fine"}', '[' * 100000, '{"result": 1}',
    '"' + 'x' * 3000000 + '"'])
def test_an_answer_of_another_form_is_none(text):
    seen, = of(answer('node-1', text=text, code=1, errors='x\nTraceback \x1b'))

    assert seen.result == reports.SILENT
    assert seen.why == 'calico-fuel status: exit status 1: Traceback \\x1b'
    assert reports.table([seen])


@pytest.mark.parametrize('key', sorted(status('node-1')))
@pytest.mark.parametrize('value', [None, 7, -1, 'x\x1by', [], [7], {}, {'a': 1}, True])
def test_a_node_in_the_hands_of_somebody_else_breaks_nothing(key, value):
    seen = of(answer('node-1', status('node-1', **{str(key): value})))

    assert '\x1b' not in reports.table(seen) + reports.as_json(seen)


def test_a_node_that_calls_itself_good_with_a_problem_is_not():
    seen, = of(answer('node-1', status('node-1', 'BGP_DOWN', result='good')))

    assert seen.result == 'problem'


def test_json_has_every_check_and_session():
    data = json.loads(reports.as_json(of(*THREE)))

    assert [node['name'] for node in data] == ['node-1', 'node-2', 'node-3']
    assert data[1]['checks'][0]['code'] == 'BGP_DOWN'
    assert data[0]['sessions'][0]['neighbor'] == 'node-1.example.com'
    assert data[2]['why'] == 'did not end within 5 s'
