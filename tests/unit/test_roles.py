"""Which node reflects, has an etcd member, or no Calico role; and what cannot work."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import render, roles as node_roles
from calico_fuel.errors import RoleError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles


@pytest.mark.parametrize('controllers, words', [
    (1, 'there is a single etcd member: '),
    (2, '2 etcd members tolerate no more losses than 1: '),
    (4, '4 etcd members tolerate no more losses than 3: ')])
def test_risky_numbers_of_etcd_members_are_named(controllers, words):
    assert any(risk.startswith(words) for risk in node_roles.risks(
        environment(roles(controllers, 2))))


@pytest.mark.parametrize('of_nodes, words', [
    (roles(1, 2), 'there is a single route reflector. '),
    (roles(3, 0), 'there is no compute: nothing to reflect routes for')])
def test_other_risks_are_named(of_nodes, words):
    assert any(risk.startswith(words)
               for risk in node_roles.risks(environment(of_nodes)))


def test_a_rack_without_a_compute_is_named():
    env = environment(roles(3, 2), external_peers=(
        'tor-1 65010 203.0.113.1 from=192.0.2.14/32\n'
        'tor-2 65010 203.0.113.2 from=10.21.0.0/24'))

    assert list(node_roles.risks(env)) == [
        'external_peers: tor-2: from=10.21.0.0/24: no compute has a management address '
        'in it, so no node speaks to this router']


def test_three_controllers_are_no_risk():
    assert list(node_roles.risks(environment(roles(3, 2)))) == []


@pytest.mark.parametrize('of_nodes, words', [
    ([['compute']], 'no route reflector'),
    ([['calico-rr'], ['compute']], 'no etcd member')])
def test_an_environment_that_cannot_work_is_refused(of_nodes, words):
    with pytest.raises(RoleError) as error:
        node_roles.check(environment(of_nodes))
    assert words in error.value.args[0]


def test_all_that_is_missing_is_named_a_line_each():
    with pytest.raises(RoleError) as error:
        node_roles.check(environment([['mongo']]))
    assert error.value.args[0] == '\n'.join(
        'astute.yaml: nodes: there is no {}. Add a controller, and deploy '
        'changes'.format(what) for what in ('route reflector', 'etcd member'))


def test_an_environment_without_neutron_is_refused():
    data = fuel_metadata.metadata('6.1', roles())
    data['quantum'] = False

    with pytest.raises(RoleError) as error:
        node_roles.check(parse_environment(json.dumps(data)))
    assert 'quantum: this environment has no Neutron' in error.value.args[0]


def test_a_change_of_the_nodes_changes_who_reflects():
    before = environment(roles(1, 2))
    assert names(node_roles.route_reflectors(before)) == ['node-1']

    after = before._replace(nodes=before.nodes + environment(
        roles(1, 2, others=[['calico-rr']])).nodes[3:])

    assert names(node_roles.route_reflectors(after)) == ['node-4']
    assert names(node_roles.route_reflectors(before)) == ['node-1']


def test_the_files_of_all_nodes_take_no_pass_over_the_nodes_for_each():
    """Else "render --all" of thousands takes minutes."""
    of = environment(roles(3, 40))
    counted = of._replace(nodes=Counted(of.nodes))

    for node in of.nodes:
        render.files(counted, node, 1)

    assert 0 < counted.nodes.passes < 10


class Counted(tuple):
    """Nodes that count how often one goes over all of them."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return tuple.__iter__(self)


def names(nodes):
    return [node.name for node in nodes]
