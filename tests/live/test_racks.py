"""Options of external peers: routers of racks and borders as real BIRDs."""

import re

import pytest

from calico_fuel.bgp import refused
from calico_fuel.converge import CHANGED, UNCHANGED
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network import fabric, frr
from lab.network.bird import Bird
from tests.live import COMPUTE, CONTROLLER, test_border_routers, test_gateway
from tests.live.test_operation import connections
from tests.live.test_verify import Node
from tests.unit.builders import environment

ROLES = CONTROLLER, COMPUTE, COMPUTE
FIRST, OTHER, FLOATING = '203.0.113.21', '203.0.113.31', '198.51.100.70'
FOREIGN, OUTSIDE = '203.0.113.222', '203.0.113.250'
PREFIXES = '203.0.113.0/24 198.51.100.64/27'
REFLECTOR, RACK_1, RACK_2 = '192.0.2.11', '192.0.2.12', '192.0.2.13'
BORDER, TOR_1, TOR_2 = '192.0.2.200', '192.0.2.201', '192.0.2.202'
RACKS = ('tor-1 65201 {} from={}/32 local=65101 import=default\n'
         'tor-2 65102 {} from={}/32 local=65102'.format(TOR_1, RACK_1, TOR_2, RACK_2))
# It announces a default route and that of an instance, to each neighbor.
CONFIG = '''
router id {address};
protocol device {{ }}
protocol direct {{ {ipv4} }}
protocol static {{
  {ipv4}
  route 0.0.0.0/0 unreachable;
  route {foreign}/32 unreachable;
}}
protocol bgp environment {{
  local as {as_number};
  neighbor {neighbor} as {of_neighbor};
  multihop;
  connect retry time 2;
  {options}
  {begin} import all; export filter {{ {marks} accept; }}; {end}
}}
'''


@pytest.fixture
def router(lab_run, line):
    """Start a BIRD of an AS beside a network; its daemon."""
    def router(network, address, as_number, neighbor, of_neighbor=64512, options='',
               marks=''):
        directory = lab_run.directory / address
        directory.mkdir()
        (directory / 'bird.conf').write_text(CONFIG.format(
            address=address, as_number=as_number, neighbor=neighbor, foreign=FOREIGN,
            of_neighbor=of_neighbor, options=options, marks=marks, **dict(zip(
                ('ipv4', 'begin', 'end'), {'1': ('', '', ''), '2': (
                    'ipv4;', 'ipv4 {', '};')}[line]))))
        daemon = Bird(lab_run, network.fabric.add_node(
            'router-{}'.format(address.rpartition('.')[2]), address), directory, line)
        daemon.start()
        return daemon
    return router


def learned(daemon):
    """The hosts to which a router has learned a route."""
    return set(re.findall(r'(?m)^([0-9.]+)/32 .*\[environment ', daemon.birdc(
        'show', 'route', 'protocol', 'environment')))


def default_route(network, name):
    return network.nodes[name].routes('default')


def of_instances(network, name):
    """That of table 202, which is no table before it has a route."""
    return network.nodes[name].run(
        'ip', 'route', 'show', 'default', 'table', 202, check=False)


@pytest.mark.plan('routers of two racks')
def test_two_racks_speak_to_their_own_routers_with_an_as_number_each(
        lab_run, prepare, router, demand):
    """Each router learns the instances of its rack alone, with the right AS path and
    the compute as next hop. The default route of a router is for the instances of its
    rack, and goes with its session.

    Steps: Write a line with `from=` and `local=` for the router of each rack: FRR for
    the first, and BIRD in the AS of the rack for the second. Start an instance in each
    rack. Stop the router of the first.
    """
    demand(programs=[str(frr.BGPD)])
    network = prepare(*ROLES, external_peers=RACKS, workload_prefixes=PREFIXES)
    first = frr.Frr(lab_run, network.fabric.add_node('tor-1', TOR_1),
                    test_border_routers.text('frr-rack'))
    first.start()
    second = router(network, TOR_2, 65102, RACK_2, 65102)
    network.start()
    network.await_sessions()
    network.add_workload('vm-1', 'node-2', FIRST)
    network.add_workload('vm-2', 'node-3', OTHER)

    assert eventually(lambda: first.routes() == {FIRST + '/32': ('65101', RACK_1)})
    assert eventually(lambda: learned(second) == {OTHER})
    told = second.birdc('show', 'route', 'for', OTHER, 'all')
    assert re.search(r'(?m)BGP.as_path: ?(.*)$', told).group(1).strip() == ''
    assert 'BGP.next_hop: ' + RACK_2 in told
    # Reflectors go on, and the default route is for the instances of one rack alone.
    assert eventually(lambda: network.nodes['node-3'].routes(FIRST))
    assert eventually(lambda: 'via ' + TOR_1 in of_instances(network, 'node-2'))
    assert of_instances(network, 'node-3') == ''
    for name in 'node-1', 'node-2', 'node-3':
        assert default_route(network, name) == ''
        assert FOREIGN not in network.birds[name].birdc('show', 'route')
    assert '0.0.0.0/0' not in network.birds['node-1'].birdc('show', 'route')

    first.vtysh('configure terminal', 'router bgp 65201', 'neighbor rack shutdown')
    assert eventually(lambda: of_instances(network, 'node-2') == '')


@pytest.mark.parametrize('options, marks, arrives', [
    (' import=default', '', True), ('', '', False), (' import=none', '', False),
    (' import=default', 'bgp_next_hop = 192.0.2.13;', False)],
    ids=['asked', 'not asked', 'none', 'through a node'])
def test_a_default_route_reaches_computes_only_if_a_line_asks_for_it(
        prepare, router, options, marks, arrives):
    network = prepare(*ROLES, workload_prefixes=PREFIXES,
                      external_peers='border 65010 {}{}'.format(BORDER, options))
    border = router(network, BORDER, 65010, REFLECTOR, marks=marks)
    network.start()
    network.await_sessions()
    assert eventually(border.is_established)
    network.add_workload('vm-1', 'node-2', FIRST)
    assert eventually(lambda: learned(border) == {FIRST})

    for name in 'node-2', 'node-3':
        if arrives:
            assert eventually(lambda: 'via {} dev br-mgmt proto bird'.format(
                BORDER) in of_instances(network, name))
        else:
            assert of_instances(network, name) == ''
            assert '0.0.0.0/0' not in network.birds[name].birdc('show', 'route')
        assert default_route(network, name) == ''
        assert FOREIGN not in network.birds[name].birdc('show', 'route')
    if arrives:
        border.stop()
        assert eventually(lambda: of_instances(network, 'node-2') == '')


def test_instances_leave_by_the_default_route_of_a_peer_and_nodes_do_not(
        prepare, router, tmp_path):
    settings = {'workload_prefixes': '203.0.113.0/25',
                'external_peers': 'border 65010 {} import=default'.format(BORDER)}
    network = prepare(*ROLES, **settings)
    border = router(network, BORDER, 65010, REFLECTOR)
    network.start()
    network.await_sessions()
    instance, node = network.add_workload('vm-1', 'node-2', FIRST), network.nodes[
        'node-2']
    border.node.configure('address add {}/32 dev lo'.format(OUTSIDE),
                          'route add {} via {}'.format(FIRST, RACK_1))
    # The strict check of source addresses, as Felix wants it.
    node.set(conf__all__rp_filter=1)
    outside = fabric.Node('outside', OUTSIDE, border.node.namespace)
    of_all = environment(list(ROLES), uid='2', **settings)
    on_node = test_gateway.NodeSystem(node, tmp_path)

    assert test_gateway.states(of_all, on_node) == [CHANGED, CHANGED]

    assert eventually(lambda: fabric.ping(instance, outside))
    assert not fabric.ping(node, outside)
    assert set(test_gateway.states(of_all, on_node)) == {UNCHANGED}


@pytest.mark.parametrize('ttl, is_let_in', [
    ('multihop 1; ttl security yes;', True), ('', False)], ids=['255', '64'])
def test_a_router_with_a_wrong_ttl_is_kept_out(prepare, router, ttl, is_let_in):
    network = prepare(*ROLES, external_peers='border 65010 {} hops=1 gtsm'.format(
        BORDER))
    router(network, BORDER, 65010, REFLECTOR, options=ttl)

    network.start()

    assert eventually(network.birds['node-2'].is_established)
    # The reflector says it: the router may believe in a session until its hold time.
    assert bool(eventually(
        lambda: network.birds['node-1'].sessions()['external_border'].is_established,
        timeout=20 if is_let_in else 5)) == is_let_in


def test_a_router_gets_no_more_routes_than_its_limit_and_verify_names_it(
        prepare, router):
    settings = {'external_peers': 'border 65010 {} limit=2'.format(BORDER)}
    network = prepare(*ROLES, **settings)
    border = router(network, BORDER, 65010, REFLECTOR)
    network.start()
    network.await_sessions()
    for number in range(3):
        network.add_workload('vm-{}'.format(number), 'node-2', '203.0.113.2{}'.format(
            number))

    of = parse_environment(fuel_metadata.text('9.2', ROLES, '1', **settings))

    def named():
        return refused.checks_of(of, of.this_node, Node(network.birds['node-1']))
    check, = eventually(named)
    assert 'has reached its export limit 2' in check.sentence and check.is_problem
    assert 'raise limit= of border in external_peers' in check.fix
    assert eventually(lambda: len(learned(border)) == 2)
    assert border.is_established()


def test_each_router_learns_the_kind_of_addresses_that_its_line_names(
        prepare, router):
    kinds = {BORDER: 'workloads', TOR_1: 'floating', TOR_2: 'all'}
    network = prepare(
        *ROLES, workload_prefixes=PREFIXES, external_peers='\n'.join(
            '{} 65010 {} export={}'.format(kind, address, kind)
            for address, kind in kinds.items()))
    borders = {kind: router(network, address, 65010, REFLECTOR)
               for address, kind in kinds.items()}
    network.start()
    network.await_sessions()
    network.add_workload('vm-1', 'node-2', FIRST)
    network.add_workload('vm-2', 'node-3', FLOATING)

    for kind, wanted in (('workloads', {FIRST}), ('floating', {FLOATING}),
                         ('all', {FIRST, FLOATING})):
        assert eventually(lambda: learned(borders[kind]) == wanted), kind


def test_a_changed_line_resets_its_own_session_alone_and_loses_no_packet(
        prepare, router, render, lost_packets):
    """Also one that lets a default route in, which changes filters of all sessions."""
    settings = {'workload_prefixes': PREFIXES}
    lines = 'border 65010 {}\n{}'.format(BORDER, RACKS.replace(' import=default', ''))
    network = prepare(*ROLES, external_peers=lines, **settings)
    border = router(network, BORDER, 65010, REFLECTOR)
    daemons = [border, router(network, TOR_1, 65201, RACK_1, 65101),
               router(network, TOR_2, 65102, RACK_2, 65102)]
    network.start()
    network.await_sessions()
    first = network.add_workload('vm-1', 'node-2', FIRST)
    second = network.add_workload('vm-2', 'node-3', OTHER)
    assert eventually(lambda: learned(border) == {FIRST, OTHER})

    def state():
        return {name: connections(one) for name, one in network.birds.items()}

    def configured(text):
        directory = render(*ROLES, external_peers=text, **settings)
        for name in network.birds:
            assert re.search('Reconfigur', network.reconfigure(
                name, directory / name / 'etc/bird/bird.conf'))

    before = state()
    asking = lines.replace(BORDER, BORDER + ' import=default limit=7')
    assert lost_packets(first, second, lambda: configured(asking), packets=60) == 0
    assert eventually(lambda: of_instances(network, 'node-2'))
    assert state() == before
    assert lost_packets(first, second, lambda: configured(lines), packets=60) == 0
    assert state() == before

    configured(lines.replace('local=65101', 'local=65101 hops=1'))
    assert eventually(lambda: all(one.is_established() for one in daemons))
    assert eventually(lambda: not network.pending())
    after = state()
    assert after['node-2'].pop(TOR_1) != before['node-2'].pop(TOR_1)
    assert after == before
