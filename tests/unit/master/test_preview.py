"""What a deployment would do, told before it."""

from __future__ import unicode_literals

import sys

import pytest

from calico_fuel import render
from calico_fuel_master import preview
from calico_fuel_master.errors import MasterError
from tests.unit.builders import roles
from tests.unit.master.builders import facts_of, mappings
from calico_fuel_master import facts

SHOWN = preview.Shown(1, False, False, None)


def told(coming, deployed=None, **shown):
    """All lines, and those that are problems."""
    found = preview.preview(coming, deployed, SHOWN._replace(**shown))
    return [text for _, text in found], [text for is_problem, text in found
                                         if is_problem]


@pytest.fixture
def without_jinja2(monkeypatch):
    """A Python as on the master of Fuel 8.0, perhaps."""
    monkeypatch.setattr(render, '_templates', [])
    monkeypatch.setitem(sys.modules, 'jinja2', None)


def test_a_deployment_that_can_work_is_shown_with_its_files_and_no_problem():
    lines, problems = told(facts_of())

    assert problems == []
    assert preview.verdict([(False, 'x')]) == ('preview: good', 0)
    assert lines[0].startswith('Environment 7: Fuel 9.2')
    assert '  /etc/calico/felix.cfg: node-4, node-5' in lines


def test_three_mistakes_are_all_named():
    lines, problems = told(facts_of(
        as_number='65535', external_peers='border 1', bgp_pasword='hidden-word'))

    assert len(problems) == 3
    assert preview.verdict([(True, each) for each in problems]) == (
        'preview: 3 problems: the deployment would fail', 1)
    assert 'hidden-word' not in '\n'.join(lines)


def test_what_preflight_would_refuse_is_a_problem():
    found = [dict(data, quantum_settings=dict(
        data['quantum_settings'], L2={'segmentation_type': 'tun'}))
        for data in mappings(workload_prefixes='192.0.2.0/25')]
    _, problems = told(facts.of_mappings(found, 'facts'))

    assert any('segmentation_type: "tun"' in each for each in problems)
    assert any('192.0.2.0/25 lies in' in each for each in problems)


def test_a_node_that_preflight_alone_would_refuse_is_named():
    """It sees the networks of the nodes, each from its own metadata."""
    found = mappings(workload_gateway='192.0.2.1')
    found[4]['network_scheme']['endpoints'] = {}
    _, problems = told(facts.of_mappings(found, 'facts'))

    problem, = problems
    assert problem.startswith('facts of node 5: ')
    assert '192.0.2.1 is in no network of node-5' in problem


def test_a_node_without_address_is_a_problem_and_is_named_once():
    found = mappings()
    for data in found:
        for node in data['nodes']:
            if node['uid'] == '5':
                del node['internal_address']
        data['network_metadata']['nodes']['node-5']['network_roles'] = {}
    found[4]['network_scheme'] = {}
    _, problems = told(facts.of_mappings(found, 'facts'))

    assert len([each for each in problems if 'node-5 has no management' in each]) == 1


def test_no_controller_is_a_problem():
    _, problems = told(facts_of([['compute']]))

    assert any('there is no route reflector' in each for each in problems)


def test_changes_are_against_what_is_deployed():
    lines, _ = told(facts_of(as_number='64999'), facts_of())

    assert '  as_number: 64512 -> 64999' in lines
    assert ('  /etc/bird/bird.conf: on node-1, node-2, node-3, node-4, node-5') in lines
    assert '  none' in told(facts_of(), facts_of())[0]
    assert '  all is new, as far as is known here' in told(facts_of(), [])[0]
    assert any('(--against)' in line for line in told(facts_of())[0])


def test_what_is_deployed_and_cannot_be_read_is_not_compared_and_says_so():
    lines, problems = told(facts_of(), facts_of(as_number='0'))

    assert any(line.startswith('  not compared: ') and 'as_number' in line
               for line in lines)
    assert problems == []


def test_a_node_that_is_none_is_named_with_those_that_are():
    with pytest.raises(MasterError) as error:
        told(facts_of(), texts=True, node='node4')

    assert '--node node4: is no node here. The nodes are node-1, ' in (
        error.value.args[0])


def test_texts_and_differences_have_no_password():
    secret = facts_of(bgp_password='hidden-word')
    texts, _ = told(secret, facts_of(), texts=True, node='node-4')
    changes, _ = told(secret, facts_of(), differences=True, node='node-4')

    assert any('password "********";' in text for text in texts)
    assert [line for line in texts if line.startswith('----')] == [
        '---- {} on node-4'.format(path) for path in (
            '/etc/bird/bird.conf', '/etc/bird/local.d/00-readme.conf',
            '/etc/calico/felix.cfg', '/etc/default/etcd')]
    assert '  ---- /etc/bird/bird.conf on node-4' in changes
    assert 'hidden-word' not in '\n'.join(texts + changes)


def test_an_ipv6_peer_needs_bird_2():
    coming = facts_of(external_peers='border-1 65010 2001:db8::1')

    assert 'install BIRD 2' in '\n'.join(told(coming, texts=True)[1])
    assert told(coming, texts=True, bird_line=2)[1] == []


def test_without_jinja2_there_are_names_and_no_texts(without_jinja2):
    lines, problems = told(facts_of(as_number='64999'), facts_of(), texts=True)

    assert problems == []
    assert '  /etc/calico/felix.cfg: node-4, node-5' in lines
    assert preview.NO_JINJA2 in lines and '  as_number: 64512 -> 64999' in lines


def test_every_release_can_be_seen_before():
    for release in ('6.1', '7.0', '8.0', '9.0', '9.2'):
        _, problems = told(facts_of(roles(3, 1), release))
        assert problems == []
