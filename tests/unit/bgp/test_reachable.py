"""New prefixes that leave out workloads are refused, before anything changes."""

from __future__ import unicode_literals

import pytest

from calico_fuel import addresses
from calico_fuel import render
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.bgp.reachable import in_force
from calico_fuel.bgp.route_policy import left_out
from tests.unit.builders import environment
from tests.unit.fake import etcd_keys
from tests.unit.fake.preflight_node import Node, problems, told

ROUTES = '''\
default via 192.0.2.1 dev br-mgmt
192.0.2.0/24 dev br-mgmt proto kernel scope link src 192.0.2.12
203.0.113.1 dev tap1 scope link
203.0.113.2 via 192.0.2.13 dev br-mgmt proto bird
'''
ENDPOINT = '/calico/v1/host/{}/workload/openstack/vm/endpoint/port-{}'
# The gateway is outside of narrow prefixes, and no workload.
NETS = '{{"ipv4_nets": ["203.0.113.{}/32"], "ipv4_gateway": "203.0.113.254"}}'
REFUSAL = ('SETTING_WRONG: astute.yaml: calico-fuel-plugin: workload_prefixes: {} '
           'would lose their routes: {}. Nothing was changed. Add the CIDRs of their '
           'networks ("Instance CIDRs" on the page)')


def prefixes(*texts):
    return tuple(addresses.parse_prefix(text) for text in texts)


def has_endpoints(system, **endpoints):
    """etcd answers, and knows of workloads by their host."""
    keys = dict((ENDPOINT.format(host.replace('_', '-'), number),
                 (NETS.format(number), None)) for host, number in endpoints.items())
    etcd_keys.serve(system, keys)


def deployed(system, uid='2', **settings):
    """The node has the bird.conf of such a deployment."""
    of = environment(uid=uid, **settings)
    system.write(BIRD_CONF, render.bird_conf(of, of.this_node, 1))


def refusals(system, prefixes, uid='2'):
    """What preflight of a node says of these prefixes."""
    env = environment(uid=uid, workload_prefixes=prefixes)
    return [text for text in problems(env, system) if 'workload_prefixes' in text]


def without_route(system, prefixes, uid='2'):
    """What preflight of a node says of workloads that have no route already."""
    env = environment(uid=uid, workload_prefixes=prefixes)
    return [text for text in told(env, system) if 'OUTSIDE_CIDRS' in text]


@pytest.fixture
def node():
    """node-2, a compute that was deployed without prefixes."""
    system = Node(address='192.0.2.12')
    system.routes = ROUTES.splitlines()
    deployed(system)
    return system


@pytest.fixture
def reflector():
    """node-1 of the same environment."""
    system = Node()
    deployed(system, '1')
    has_endpoints(system, node_2=1, node_3=2)
    return system


@pytest.mark.parametrize('given, outside', [
    ([], []), (['203.0.113.0/24', '10.65.0.0/16'], []),
    (['203.0.113.0/24'], ['10.65.0.9', '10.65.0.10']),
    (['192.0.2.0/24'], ['10.65.0.9', '10.65.0.10', '203.0.113.1'])])
def test_the_addresses_that_no_prefix_covers_are_left_out(given, outside):
    assert left_out(prefixes(*given), [
        '203.0.113.1', '10.65.0.10', '10.65.0.9', '10.65.0.9']) == outside


def test_preflight_names_the_host_of_each_workload_left_out(reflector):
    before = dict(reflector.files)

    assert refusals(reflector, '10.65.0.0/16', '1') == [REFUSAL.format(
        '2 of 2 instances', '203.0.113.1 (host node-2), 203.0.113.2 (host node-3)')]
    assert refusals(reflector, '203.0.113.0/30', '1') == []
    assert refusals(reflector, '', '1') == []
    assert reflector.files == before


def test_other_prefixes_are_refused_for_who_loses_a_route_and_no_other(reflector):
    """A workload that the prefixes in bird.conf leave out has no route to lose."""
    deployed(reflector, '1', workload_prefixes='203.0.113.2/32, 10.65.0.0/16')

    assert refusals(reflector, '10.65.0.0/16', '1') == [REFUSAL.format(
        '1 of 2 instances', '203.0.113.2 (host node-3)')]
    assert refusals(reflector, '203.0.113.2/32', '1') == []


@pytest.mark.parametrize('line', [1, 2])
@pytest.mark.parametrize('given', ['', '10.65.0.0/16', '10.65.0.0/16, 203.0.113.2/32'])
def test_the_prefixes_in_force_are_those_that_the_template_wrote(given, line):
    of = environment(uid='1', workload_prefixes=given)

    assert in_force(render.bird_conf(of, of.this_node, line)) == (
        of.workload_prefixes)


def test_a_node_whose_bird_has_no_session_has_no_routes_to_lose(reflector):
    """A controller that comes, with the bird.conf of BIRD's package or none."""
    for text in 'protocol kernel {\n}\n#protocol bgp {\n', None:
        reflector.remove(BIRD_CONF)
        if text:
            reflector.write(BIRD_CONF, text)

        assert refusals(reflector, '10.65.0.0/16', '1') == []
        note, = without_route(reflector, '10.65.0.0/16', '1')
        assert '203.0.113.2 (host node-3)' in note


def test_the_bird_conf_of_an_earlier_plugin_accepts_any_workload(reflector):
    reflector.write(BIRD_CONF, "  protocol bgp 'node-2' from bgp_template {\n  }\n")

    assert len(refusals(reflector, '10.65.0.0/16', '1')) == 1


def test_preflight_says_who_has_no_route_and_how_to_give_one(node):
    deployed(node, workload_prefixes='10.65.0.0/16')

    assert refusals(node, '10.65.0.0/16') == []
    assert without_route(node, '10.65.0.0/16') == [
        'OUTSIDE_CIDRS: routes of instances: none for 203.0.113.1 (tap1 of this node), '
        'expected: one for each. They are outside of the instance CIDRs, so they have '
        'no route. If they need one, add their networks to the instance CIDRs and '
        'deploy changes']
    assert without_route(node, '203.0.113.0/24') == without_route(node, '') == []


@pytest.mark.parametrize('name', ['node-2', 'node-2.example.com'])
def test_a_compute_reads_the_keys_of_its_own_host_only(node, name):
    """Hundreds of computes ask in the same second; reflectors look at all hosts."""
    node.routes = []
    keys = dict((ENDPOINT.format(host, number), (NETS.format(number), None))
                for host, number in ((name, 5), ('node-3', 6), ('node-22', 7)))
    asked = []

    def etcd(method, url, body):
        asked.append(url.partition('/v2/keys')[2])
        return etcd_keys.answer(keys, True, node.clock, method, url, body)
    node.servers.append(etcd)

    assert refusals(node, '10.65.0.0/16') == [REFUSAL.format(
        '1 of 1 instances', '203.0.113.5 (host {})'.format(name))]
    assert set(asked) == set('/calico/v1/host/{}?recursive=true'.format(one)
                             for one in ('node-2', 'node-2.example.com'))


def test_an_etcd_that_does_not_answer_is_asked_for_one_directory_only(node):
    """Each question to one that hangs takes all of its time."""
    asked = []
    node.servers.append(lambda method, url, body: asked.append(url))

    refusals(node, '203.0.113.0/24')

    assert set(url.partition('/v2/keys')[2] for url in asked) == {
        '/calico/v1/host/node-2?recursive=true'}


def test_where_etcd_does_not_answer_the_taps_alone_decide(node):
    refused = REFUSAL.format('1 of 1 instances', '203.0.113.1 (tap1 of this node)')

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
    etcd_keys.serve(node, keys)

    assert refusals(node, '10.65.0.0/16') == []
