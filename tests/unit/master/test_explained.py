"""The links between instances, each by the node that sees it."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel_master import explained
from calico_fuel_master.nodes import Target
from calico_fuel_master.remote import Answer
from tests.unit.master.answers import links


def answer(name, data=None, why='', text=None):
    return Answer(Target(name, name, ()), 0, json.dumps(data) if text is None else text,
                  'no etcd', why)


def seen(*answers):
    joined = explained.joined(answers)
    return [(each.name, each.verdict, each.node) for each in joined]


def test_what_one_node_cannot_see_another_fills_in():
    answers = (answer('node-2', links('node-2', '12')),
               answer('node-3', links('node-3', '3')))

    assert seen(*answers) == [
        ('link 1', 'good', 'node-2'), ('link 2', 'good', 'node-2'),
        ('link 3', 'good', 'node-3')]
    lines, status = explained.text(explained.joined(answers), [])
    assert status == 0 and lines[-1] == 'good: 3 of 3 links'


def test_a_name_with_its_domain_is_the_same_node():
    assert seen(answer('node-2', links('node-2', '12', where='node-3.example.com')),
                answer('node-3', links('node-3', '3')))[-1] == (
        'link 3', 'good', 'node-3')


def test_the_first_break_ends_the_way_with_its_fix_whoever_sees_it():
    answers = (answer('node-2', links('node-2', '13')),
               answer('node-3', links('node-3', '1', broken='2')))

    lines, status = explained.text(explained.joined(answers), [])

    assert status == 1
    assert lines[1:] == ['broken at link 2 (link 2): TAP_DOWN', '  Set it up.']


def test_a_link_that_nobody_saw_is_named_with_who_did_not_answer():
    silent = answer('node-3', why='ssh: no route')
    lines, status = explained.text(explained.joined([
        answer('node-2', links('node-2', '12')), silent]), [silent])

    assert status == 1
    assert lines[1:] == ['link 3: nobody saw it: state 3',
                         'node-3: no answer: ssh: no route',
                         'not all seen: 2 of 3 links']


def test_breaks_on_the_ways_of_other_nodes_are_told():
    answers = [answer('node-2', links('node-2', '123')),
               answer('node-3', links('node-3', '', broken='1'))]

    assert explained.broken_elsewhere(answers, explained.joined(answers)) == [
        'from node-3: broken at link 1 (TAP_DOWN): Set it up.']


@pytest.mark.parametrize('text', [
    '', '[]', '{}', '{"links": 1}', '{"links": [1]}', '{"links": null}',
    '[' * 100000])
def test_an_answer_of_another_form_is_none(text):
    assert explained.links_of(answer('node-2', text=text)) == []


def test_no_answer_at_all_is_a_failure():
    silent = answer('node-2', text='')

    assert explained.text(explained.joined([silent]), [silent]) == (
        ['no node explained it', 'node-2: no answer: no etcd'], 1)


def test_a_name_from_a_node_forges_no_line():
    data = links('node-2', '123')
    data['links'][0]['state'] = 'x\ny\x1b'

    assert explained.joined([answer('node-2', data)])[0].state == 'x\\x0ay\\x1b'
