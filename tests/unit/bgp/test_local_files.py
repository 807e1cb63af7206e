"""What an operator adds to BIRD's configuration is named, and refused ones are told."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp import local_files
from calico_fuel.bgp.bird import BIRD_CONF
from tests.unit.builders import environment
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem, bad


@pytest.fixture
def node():
    node = FakeSystem({BIRD_CONF: 'router id 192.0.2.11;', local_files.README: '#'})
    node.bird = Bird(node)
    return node


def rows(node, roles=('compute',)):
    of = environment([['primary-controller'], list(roles)], uid='2')
    return local_files.of_node(of, of.this_node, node)


def test_what_bird_accepts_is_one_good_row_with_the_names_of_others(node):
    assert [(row.state, row.fix) for row in rows(node)] == [('accepted', '')]

    for name in 'ops.conf', 'ops.conf.old', '10-x.conf', '01-pinned-routes.conf':
        node.write('/etc/bird/local.d/' + name, '')

    row, = rows(node)
    assert row.state == 'accepted, with your 10-x.conf, ops.conf' and not row.fix


def test_few_of_many_names_are_shown(node):
    for number in range(9):
        node.write('/etc/bird/local.d/{}.conf'.format(number), '')

    assert rows(node)[0].state.endswith('4.conf and 4 more')


def test_what_bird_refuses_is_a_problem_in_the_words_of_bird(node):
    node.programs['bird'] = lambda argv, text: bad(
        'bird: /etc/bird/local.d/ops.conf, line 1: syntax error\nforged: good\x1b\n')

    row, = rows(node)

    assert row.is_problem and row.sentence == (
        'LOCAL_FILE_REFUSED: configuration of BIRD: refused: bird: '
        '/etc/bird/local.d/ops.conf, line 1: syntax error\\x0aforged: good\\x1b, '
        'expected: accepted. BIRD runs with what it loaded before, and would '
        'not start again. Fix the file that is named, try it with "bird -p -c '
        '/etc/bird/bird.conf", and run "birdc configure"')


def test_a_bird_that_a_signal_ends_is_a_problem_of_the_package(node):
    node.programs['bird'] = lambda argv, text: bad('', -11)

    row, = rows(node)

    assert row.is_problem and row.sentence == (
        'LOCAL_FILE_REFUSED: configuration of BIRD: signal 11 ended "bird -p", '
        'expected: accepted. Install the package again')


def test_without_bird_its_file_or_its_role_nothing_is_said(node):
    assert rows(node, ['cinder']) == []
    node.programs['bird'] = None
    assert rows(node) == []
    node.remove(BIRD_CONF)
    assert rows(node) == []
