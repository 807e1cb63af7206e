"""Prefixes that leave out workloads are refused, before anything changes."""

from __future__ import unicode_literals

import pytest

from calico_fuel import addresses
from calico_fuel.converge import FAILED, NOT_REACHED, UNCHANGED, converge
from calico_fuel.bgp.reachable import Reachable
from calico_fuel.bgp.route_policy import left_out
from calico_fuel.tasks import compute, route_reflector, verify
from tests.unit.builders import environment, roles
from tests.unit.fake import etcd_keys
from tests.unit.fake.preflight_node import Node, problems
from tests.unit.fake.system import good
from tests.unit.fake.verify_node import Task
from tests.unit.tasks.test_compute import Compute

ROUTES = '''\
default via 192.0.2.1 dev br-mgmt
192.0.2.0/24 dev br-mgmt proto kernel scope link src 192.0.2.12
203.0.113.1 dev tap1 scope link
203.0.113.2 via 192.0.2.13 dev br-mgmt proto bird
'''
ENDPOINT = '/calico/v1/host/{}/workload/openstack/vm/endpoint/port-{}'
# The gateway is outside of narrow prefixes, and no workload.
NETS = '{{"ipv4_nets": ["203.0.113.{}/32"], "ipv4_gateway": "203.0.113.254"}}'
REFUSAL = ('astute.yaml: calico-fuel-plugin: workload_prefixes: {} would lose their '
           'routes: {}. Nothing was changed. Add the CIDRs of their networks '
           '("Instance CIDRs" on the page)')


def prefixes(*texts):
    return tuple(addresses.parse_prefix(text) for text in texts)


def has_endpoints(system, **endpoints):
    """etcd answers, and knows of workloads by their host."""
    keys = dict((ENDPOINT.format(host.replace('_', '-'), number),
                 (NETS.format(number), None)) for host, number in endpoints.items())
    system.servers.append(lambda method, url, body: etcd_keys.answer(
        keys, True, system.clock, method, url, body))


def refusals(system, prefixes):
    """What preflight of node-2 says of these prefixes."""
    env = environment(uid='2', workload_prefixes=prefixes)
    return [text for text in problems(env, system) if 'workload_prefixes' in text]


@pytest.fixture
def node():
    system = Node(address='192.0.2.12')
    system.routes = ROUTES.splitlines()
    return system


@pytest.mark.parametrize('given, outside', [
    ([], []), (['203.0.113.0/24', '10.65.0.0/16'], []),
    (['203.0.113.0/24'], ['10.65.0.9', '10.65.0.10']),
    (['192.0.2.0/24'], ['10.65.0.9', '10.65.0.10', '203.0.113.1'])])
def test_the_addresses_that_no_prefix_covers_are_left_out(given, outside):
    assert left_out(prefixes(*given), [
        '203.0.113.1', '10.65.0.10', '10.65.0.9', '10.65.0.9']) == outside


def test_preflight_names_the_tap_and_the_host_of_each_workload_left_out(node):
    has_endpoints(node, node_3=2)
    before = dict(node.files)

    assert refusals(node, '10.65.0.0/16') == [REFUSAL.format(
        '2 of 2 workloads',
        '203.0.113.1 (tap1 of this node), 203.0.113.2 (host node-3)')]
    assert refusals(node, '203.0.113.0/30') == refusals(node, '') == []
    assert node.files == before


def test_where_etcd_does_not_answer_the_taps_alone_decide(node):
    refused = REFUSAL.format('1 of 1 workloads', '203.0.113.1 (tap1 of this node)')

    assert refusals(node, '10.65.0.0/16') == [refused]
    node.routes = ROUTES.splitlines()[:2]
    assert refusals(node, '10.65.0.0/16') == []


def test_of_many_workloads_five_are_named(node):
    node.routes = ['203.0.113.{0} dev tap{0} scope link'.format(n) for n in range(1, 8)]

    refused, = refusals(node, '10.65.0.0/16')

    assert '203.0.113.5 (tap5 of this node) and 2 more. Nothing' in refused


def test_an_endpoint_that_is_not_to_be_read_is_nobody(node):
    keys = dict((ENDPOINT.format('node-3', number), (text, None)) for number, text in
                enumerate(['', '[]', 'no JSON', '{}', '{"ipv4_nets": null}']))
    node.routes = []
    node.servers.append(lambda method, url, body: etcd_keys.answer(
        keys, True, node.clock, method, url, body))

    assert refusals(node, '10.65.0.0/16') == []


@pytest.mark.parametrize('task, of_nodes', [
    (compute, roles(1, 2)),
    (route_reflector, [['controller'], ['primary-controller'], ['compute']])])
def test_a_task_that_configures_bird_changes_nothing_then(task, of_nodes):
    system = Compute()
    system.programs['ip'] = lambda argv, text: good(ROUTES)
    before = dict(system.files)

    def outcomes(**settings):
        of = environment(of_nodes, uid='2', **settings)
        return list(converge(task.resources(of, of.this_node, system), system))
    first = outcomes(workload_prefixes='10.65.0.0/16')

    assert [o.state for o in first] == [FAILED] + [NOT_REACHED] * (len(first) - 1)
    assert '203.0.113.1 (tap1 of this node)' in first[0].difference
    assert (system.files, system.changes) == (before, 0)
    assert not set([FAILED, NOT_REACHED]) & set(
        o.state for o in outcomes(workload_prefixes='203.0.113.0/24'))
    assert outcomes(workload_prefixes='203.0.113.0/24')[0].state == UNCHANGED


def test_verify_names_them(node, monkeypatch):
    """Also where an earlier version of the plugin has let the prefixes pass."""
    monkeypatch.setattr(verify, 'TASKS', [('compute', Task(
        Reachable('astute.yaml', prefixes('10.65.0.0/16'))))])
    of = environment(uid='2')

    check, = verify.wanted(of, of.this_node, node)

    assert check.is_problem and '203.0.113.1 (tap1 of this node)' in check.sentence
