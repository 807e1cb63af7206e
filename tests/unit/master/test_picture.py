"""The topology as a picture."""

from __future__ import unicode_literals

import xml.etree.ElementTree as ElementTree

from calico_fuel_master import picture
from tests.unit.master.answers import environment, status
from tests.unit.master.test_reports import answer, of

SVG = '{http://www.w3.org/2000/svg}'


def drawn(reports):
    text, left_out = picture.picture(reports)
    # It has to be well-formed, whatever a node says.
    return ElementTree.fromstring(text.encode('utf-8')), left_out


def texts(svg, kind):
    return [''.join(each.itertext()) for each in svg.iter(SVG + kind)]


def test_nodes_stand_below_their_role_with_their_state_in_words():
    svg, left_out = drawn(of(*environment(computes=2, down=3, silent=4)))

    found = texts(svg, 'text')
    assert [text for text in found if text.endswith(')')] == [
        'External peers (1)', 'Route reflectors (2)', 'Computes (2)']
    assert 'node-3: 1 problem, 1/2' in texts(svg, 'title')
    assert 'node-4: no answer' in texts(svg, 'title')
    assert left_out == 0


def test_a_compute_that_speaks_to_a_router_of_its_rack_is_no_reflector():
    node = status('node-3')
    node['sessions'].append(dict(
        node['sessions'][0], name='external_tor_1', neighbor='tor-1'))

    svg, _ = drawn(of(answer('node-3', node)))

    assert [text for text in texts(svg, 'text') if text.endswith(')')] == [
        'External peers (1)', 'Computes (1)']
    assert 'node-3 - tor-1: Established' in texts(svg, 'title')


def test_a_session_that_one_end_calls_down_is_drawn_down():
    svg, _ = drawn(of(*environment(computes=1, down=3)))

    ways = {path.get('class'): path for path in svg.iter(SVG + 'path')}
    assert ''.join(ways['down'].itertext()) == 'node-2 - node-3: down'
    assert len([path for path in svg.iter(SVG + 'path')
                if path.get('class') == 'up']) == 4


def test_of_many_sessions_only_those_that_are_down_are_drawn():
    svg, left_out = drawn(of(*environment(computes=80, down=4)))

    assert [path.get('class') for path in svg.iter(SVG + 'path')] == ['down']
    assert left_out == 2 * 80 - 1 + 1 + 2


def test_a_name_from_a_node_is_escaped():
    answers = environment(computes=1, peer='<script>"\'&')
    svg, _ = drawn(of(*answers))

    assert '<script>"\'&' in texts(svg, 'text')


def test_an_environment_in_which_nobody_answers_is_drawn():
    svg, _ = drawn(of(*environment(computes=0, silent=1)[:1]))

    assert 'no answer' in texts(svg, 'text')
