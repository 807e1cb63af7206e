"""What birdc prints, by either version of BIRD."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.bird_replies import (
    Route, parse_next_hops, parse_protocols, parse_routes, parse_table)

# As BIRD 1.6.8 and 2.0.12 print it, with a name that shifts the columns.
BIRD_1 = '''\
BIRD 1.6.8 ready.
name     proto    table    state  since       info
device1  Device   master   up     12:00:01
client_node_2 BGP      master   up     12:00:03    Established
client_node_3 BGP      master   start  12:00:01    Connect       Socket: No route
'''
BIRD_2 = '''\
BIRD 2.0.12 ready.
Name       Proto      Table      State  Since         Info
kernel1    Kernel     master4    up     12:00:01.005
client_node_2 BGP        ---        up     12:00:03.100  Established
client_node_3 BGP        ---        start  12:00:01.000  Active        Bad peer AS
'''


@pytest.mark.parametrize('text', [BIRD_1, BIRD_2])
def test_an_established_session_is_told_from_one_that_is_not(text):
    found = parse_protocols(text)

    assert {name: p.is_established for name, p in found.items()
            if p.proto == 'BGP'} == {'client_node_2': True, 'client_node_3': False}
    assert len(found) == 3


def test_a_session_that_is_kept_for_a_neighbor_in_restart_is_not_established():
    row = 'client_node_2 BGP      master   start  12:00:03    Connect\n'
    assert not parse_protocols(row)['client_node_2'].is_established


# "show route all" of a node whose route to 192.0.2.13 leads through 192.0.2.1.
BEHIND_A_ROUTER = '''BIRD 1.6.8 ready.
203.0.113.31/32    via 192.0.2.1 on br-mgmt [reflector_a 19:21:53] * (100/?) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.13
\tBGP.originator_id: 192.0.2.13
                   unreachable [reflector_b 19:21:53] (100/-) [i]
\tType: BGP unicast univ
\tBGP.next_hop: 192.0.2.99
203.0.113.21/32    dev tap5 [kernel1 19:21:53] * (200)
\tType: inherit unicast univ
192.0.2.13/32      via 192.0.2.1 on br-mgmt [kernel1 19:21:53] * (10)
\tType: inherit unicast univ
''', '''BIRD 2.0.12 ready.
Table master4:
203.0.113.31/32      unicast [reflector_a 19:21:55.663] * (100/?) [i]
\tvia 192.0.2.1 on br-mgmt
\tType: BGP univ
\tBGP.next_hop: 192.0.2.13
                     unreachable [reflector_b 19:21:55.663] (100/-) [i]
\tType: BGP univ
\tBGP.next_hop: 192.0.2.99
203.0.113.21/32      unicast [kernel1 19:21:55.741] * (200)
\tdev tap5
\tType: inherit univ
192.0.2.13/32        unicast [kernel1 19:21:55.785] * (10)
\tvia 192.0.2.1 on br-mgmt
\tType: inherit univ
'''


@pytest.mark.parametrize('text', BEHIND_A_ROUTER)
def test_the_next_hop_of_bgp_is_told_from_the_router_on_the_way(text):
    """And a route that leads nowhere is none."""
    assert parse_routes(text) == {
        'reflector_a': {'203.0.113.31/32': '192.0.2.13'},
        'kernel1': {'192.0.2.13/32': '192.0.2.1'}}


@pytest.mark.parametrize('text', BEHIND_A_ROUTER)
def test_each_route_is_read_with_its_interface_and_the_best_one_is_told(text):
    assert parse_table(text + (
        '2001:db8::/32      via fe80::1 on eth0 [static1 19:21:53] * (200)\n')) == [
            Route('203.0.113.31/32', 'reflector_a', True, '192.0.2.1', 'br-mgmt',
                  '192.0.2.13'),
            Route('203.0.113.31/32', 'reflector_b', False, None, None, '192.0.2.99'),
            Route('203.0.113.21/32', 'kernel1', True, None, 'tap5', None),
            Route('192.0.2.13/32', 'kernel1', True, '192.0.2.1', 'br-mgmt', None)]


@pytest.mark.parametrize('time', [
    '2026-11-29 21:52:40', '21:52:40.123', 'Nov  9 21:52', '29.11.2026 21:52:40 UTC'])
def test_the_state_of_a_session_is_told_from_a_time_of_any_format(time):
    found = parse_protocols(
        'up BGP      master   up     {0}  Established   \n'
        'down BGP        ---        start  {0}  Active        Socket: No route\n'
        'dead BGP      master   down   {0}  Error: No listening socket\n'.format(
            time))
    up, down, dead = (found[name] for name in ('up', 'down', 'dead'))

    assert up.is_established and not down.is_established and not dead.is_established
    assert (down.state, down.info) == ('start', 'Active        Socket: No route')
    assert dead.has_no_socket


# As BIRD 1.6.8 and 2.0.12 print them.
FILTERED = {'1': """\
{}/32   unreachable [client_node_3 03:01:57 from 192.0.2.13] ! (100/-) [i]
\tType: BGP unicast univ
\tBGP.origin: IGP
\tBGP.next_hop: {}
""", '2': """\
Table master4:
{}/32      unreachable [client_node_3 03:01:57.5 from 192.0.2.13] ! (100/-) [i]
\tType: BGP univ
\tBGP.origin: IGP
\tBGP.next_hop: {}
"""}


@pytest.mark.parametrize('line', '12')
def test_refused_routes_are_read(line):
    assert parse_next_hops(FILTERED[line].format('203.0.113.9', '192.0.2.14')) == {
        'client_node_3': [('203.0.113.9/32', '192.0.2.14')]}
