"""What BIRD prints of its protocols, of 1.6.8 and 2.0.12, is read with its numbers."""

from __future__ import unicode_literals

import datetime
import time

import pytest

from calico_fuel.bgp.bird_replies import parse_protocols

# As they print it with "timeformat protocol iso long".
PRINTED = {'1': """\
BIRD 1.6.8 ready.
name     proto    table    state  since       info
kernel1  Kernel   master   up     2026-11-30 10:15:01
  Preference:     10
  Routes:         3 imported, 2 exported, 3 preferred

client_node_3 BGP      master   up     2026-11-30 10:20:31  Established
  Input filter:   from_client
  Output filter:  reflect_workloads
  Receive limit:  10000
    Action:       block
  Import limit:   1000 [HIT]
    Action:       block
  Routes:         1000 imported, 4 filtered, 12 exported, 998 preferred

client_node_4 BGP      master   start  2026-11-30 10:20:31  Active  Socket: No route
""", '2': """\
BIRD 2.0.12 ready.
Name       Proto      Table      State  Since         Info
kernel1    Kernel     master4    up     2026-11-30 10:15:01.123
  Channel ipv4
    Routes:         3 imported, 2 exported, 3 preferred

client_node_3 BGP        ---        up     2026-11-30 10:20:31.456  Established
  BGP state:          Established
  Channel ipv4
    Input filter:   from_client
    Output filter:  reflect_workloads
    State:          UP
    Receive limit:  10000
      Action:       block
    Import limit:   1000 [HIT]
      Action:       block
    Routes:         1000 imported, 4 filtered, 12 exported, 998 preferred

client_node_4 BGP        ---        start  2026-11-30 10:20:31.456  Active        Socket
"""}


@pytest.mark.parametrize('line', ['1', '2'])
def test_the_numbers_of_a_session(line):
    found = parse_protocols(PRINTED[line])
    client = found['client_node_3']

    assert sorted(found) == ['client_node_3', 'client_node_4', 'kernel1']
    assert client.is_established
    assert client.since == '2026-11-30 10:20:31'
    assert (client.imported, client.filtered, client.exported, client.preferred) == (
        1000, 4, 12, 998)
    assert client.limits_reached == ['import limit 1000']
    assert (client.limit, client.import_filter, client.export_filter) == (
        1000, 'from_client', 'reflect_workloads')


@pytest.mark.parametrize('line', ['1', '2'])
def test_what_bird_does_not_print_is_zero_or_nothing(line):
    found = parse_protocols(PRINTED[line])

    assert (found['kernel1'].imported, found['kernel1'].filtered) == (3, 0)
    down = found['client_node_4']
    assert not down.is_established and down.info.startswith('Active')
    assert (down.imported, down.limit, down.import_filter) == (0, None, '')
    assert down.limits_reached == []
    assert parse_protocols('') == {}


def test_an_age_is_counted_from_the_local_time_that_bird_prints():
    client = parse_protocols(PRINTED['1'])['client_node_3']
    begin = time.mktime(datetime.datetime(2026, 11, 30, 10, 20, 31).timetuple())

    assert client.seconds(begin + 90061) == 90061
    # The clock was set back.
    assert client.seconds(begin - 5) == 0


def test_in_another_format_of_times_an_age_is_unknown():
    short = PRINTED['1'].replace('2026-11-30 10:20:31', '10:20:31')
    client = parse_protocols(short)['client_node_3']

    assert (client.since, client.seconds(1e9)) == (None, 0)
    assert client.is_established and client.imported == 1000
