"""A compute whose BIRD is the attacker's: what its route reflector believes."""

import re

import pytest

from calico_fuel.bgp import refused
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network import bird_network
from tests.live import COMPUTE, CONTROLLER
from tests.live.test_verify import Node

ROLES = CONTROLLER, COMPUTE, COMPUTE
FOREIGN, TRANSIT, OWN, NEW = ('203.0.113.31', '203.0.113.32', '203.0.113.33',
                              '203.0.113.34')
# At the begin of the attacker's export filter.
MARKS = '''
  if net = 203.0.113.31/32 then bgp_next_hop = 192.0.2.13;
  if net = 203.0.113.32/32 then bgp_path.prepend(65010);
  bgp_local_pref = 4000000000;
  bgp_med = 7;
  bgp_community.add((65535,666));
  bgp_large_community.add((64512,1,1));
  if source = RTS_STATIC then accept;
'''


@pytest.fixture
def attack(prepare, line):
    """Build the network in which node-2 announces these static routes, so marked."""
    def attack(addresses, **settings):
        network = prepare(*ROLES, **settings)
        daemon = network.birds['node-2']
        bird_network.edit(daemon.config, 'filter announce_workloads\n{',
                          'filter announce_workloads\n{' + MARKS)
        (daemon.config.parent / 'local.d/attack.conf').write_text(
            'protocol static attack {{\n{}{}}}\n'.format(
                'ipv4;\n' if line == '2' else '',
                ''.join('route {}/32 blackhole;\n'.format(one) for one in addresses)))
        network.start()
        network.await_sessions()
        return network
    return attack


def verdicts(network, **settings):
    """What verify says on the reflector: (subject, state, is_problem)."""
    of = parse_environment(fuel_metadata.text('9.2', ROLES, '1', **settings))
    return [(check.subject, check.state, check.is_problem) for check in
            refused.checks_of(of, of.this_node, Node(network.birds['node-1']))]


def routes(network, name, *words):
    return network.birds[name].birdc('show', 'route', *words)


def test_a_compute_announces_only_itself_and_nothing_in_its_favour(attack):
    network = attack([FOREIGN, TRANSIT, OWN])

    assert eventually(lambda: OWN in routes(network, 'node-3'))

    learned = routes(network, 'node-3', 'all')
    assert FOREIGN not in learned and TRANSIT not in learned
    assert 'BGP.local_pref: 100' in learned and '4000000000' not in learned
    assert 'community' not in learned and 'BGP.med: 7' not in learned
    assert eventually(lambda: [state[:9] for _, state, _ in verdicts(network)] == [
        '2 refused'])
    (subject, state, is_problem), = verdicts(network)
    assert (subject, is_problem) == ('routes from node-2.example.com', False)
    assert FOREIGN + '/32 leads to 192.0.2.13' in state
    assert TRANSIT + '/32 is over the limit, or comes from another router' in state


def test_a_flood_of_routes_ends_at_the_limit_and_the_session_stays(attack):
    """5,000 routes, of which 1,000 may come in."""
    network = attack('10.66.{}.{}'.format(*divmod(number, 250))
                     for number in range(5000))
    network.add_workload('vm', 'node-3', OWN)
    since = session_since(network)
    assert eventually(lambda: '[HIT]' in network.birds['node-1'].birdc(
        'show', 'protocols', 'all', 'client_node_2'))

    def learned():
        return len(re.findall('10[.]66', routes(network, 'node-3')))
    assert eventually(lambda: learned() >= 1000)
    assert learned() <= 1001

    assert session_since(network) == since
    assert eventually(lambda: OWN in routes(network, 'node-2'))
    rows = verdicts(network)
    assert ('BGP client_node_2 to node-2.example.com', 'has reached its import limit '
            '1000: further routes are refused', True) in rows
    assert any(row[0] == 'routes from node-2.example.com' for row in rows)

    network.birds['node-2'].birdc('disable', 'attack')
    assert eventually(lambda: not learned())
    # Until it is told, BIRD refuses new routes, too.
    network.add_workload('new', 'node-2', NEW)
    assert eventually(lambda: NEW in routes(network, 'node-1', 'filtered'))
    (_, state, is_problem), _ = verdicts(network)
    assert is_problem and 'import limit 1000' in state
    network.birds['node-1'].birdc('reload', 'client_node_2')
    assert eventually(lambda: NEW in routes(network, 'node-3'))
    assert verdicts(network) == []


def test_what_is_kept_of_a_flood_has_a_bound(attack):
    """The limit is 10 here: so at most 100 routes are kept to look at."""
    network = attack(('10.66.{}.{}'.format(*divmod(number, 250))
                      for number in range(2000)), route_limit='10')

    def kept():
        return len(re.findall('10[.]66', routes(network, 'node-1', 'filtered')))
    assert eventually(lambda: kept() >= 80)
    assert kept() <= 100


def session_since(network):
    return re.search(r'client_node_2 .*? up +(\S+)', network.birds['node-1'].birdc(
        'show', 'protocols')).group(1)


def test_the_filters_come_into_force_without_a_lost_packet(
        prepare, lost_packets, lab_run):
    """In a running network whose route reflector believed everything.

    BIRD 1.6 takes a route out of the kernel for a moment when an attribute changes.
    """
    network = prepare(*ROLES)
    daemon = network.birds['node-1']
    wanted = daemon.config.read_text()
    before = re.sub(r'(?m)^ *(import keep|receive limit|import limit) .*\n', '', wanted)
    assert before != wanted
    daemon.config.write_text(before.replace(
        'import filter from_client;', 'import where is_workload_route();'))
    network.start()
    network.await_sessions()
    first = network.add_workload('vm-1', 'node-2', '203.0.113.21')
    second = network.add_workload('vm-2', 'node-3', '203.0.113.22')

    log = lab_run.directory / 'kernel.log'
    lab_run.start(network.nodes['node-3'].inside('ip', 'monitor', 'route'), log)

    def configure():
        daemon.config.write_text(wanted)
        assert 'Reconfig' in daemon.birdc('configure')

    assert lost_packets(first, second, configure, packets=100) == 0
    assert not network.pending() and 'Deleted' not in log.read_text()
