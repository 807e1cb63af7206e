"""Interfaces and routes are read as ip prints them."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.kernel import Link, parse_links, parse_routes

# iproute2 of Ubuntu 14.04 and of Debian 12.
LINKS = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT \\    \
link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: br-mgmt@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode \
DEFAULT group default qlen 1000\\    link/ether 02:00:c0:00:02:0d brd ff:ff:ff:ff:ff:ff
3: tap5: <BROADCAST,MULTICAST> mtu 1450 qdisc noqueue state DOWN mode DEFAULT
4: eth0.101@eth0: <NO-CARRIER,BROADCAST,UP> mtu 9000 qdisc noqueue state LOWERLAYERDOWN
"""
ROUTES = """\
default via 192.0.2.1 dev br-ex
192.0.2.0/24 dev br-mgmt  proto kernel  scope link  src 192.0.2.13 \n\
203.0.113.21 dev tap5  scope link
203.0.113.32 via 192.0.2.14 dev br-mgmt proto bird metric 32 \n\
203.0.113.32 via 192.0.2.1 dev br-mgmt \n\
203.0.113.32 via 192.0.2.9 dev br-mgmt proto 202 metric 20200
blackhole 203.0.113.33 proto bird metric 32
"""


def test_interfaces_are_read_with_their_state_and_mtu():
    assert parse_links(LINKS) == {
        'lo': Link(True, 65536), 'br-mgmt': Link(True, 1500), 'tap5': Link(False, 1450),
        'eth0.101': Link(True, 9000)}


def test_of_several_routes_the_one_with_the_lowest_metric_counts():
    found = parse_routes(ROUTES)

    assert found['203.0.113.32'].text == '203.0.113.32 via 192.0.2.1 dev br-mgmt'
    assert found['203.0.113.32'].gateway == '192.0.2.1'


def test_a_route_that_leads_nowhere_has_neither_gateway_nor_interface():
    route = parse_routes(ROUTES)['203.0.113.33']

    assert (route.gateway, route.interface) == (None, None)
    assert route.text == 'blackhole 203.0.113.33 proto bird metric 32'


def test_a_connected_network_has_the_address_of_this_node():
    found = parse_routes(ROUTES)

    assert (found['192.0.2.0/24'].interface, found['192.0.2.0/24'].source) == (
        'br-mgmt', '192.0.2.13')
    assert found['203.0.113.21'].interface == 'tap5' and len(found) == 5


@pytest.mark.parametrize('text', ['', '\n\n', 'x', 'metric', ' dev', '\x00 via \x1b'])
def test_any_text_is_read(text):
    assert parse_links(text) == {}
    assert len(parse_routes(text)) <= 1
