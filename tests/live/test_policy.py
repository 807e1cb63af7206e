"""No compute can take an address of the deployment's own over.

A misbehaving compute announces whatever is on its tap interface: its own
filters are gone from its config.

What BIRD learns here is also what the unit tests say that it learns.
"""

import re

import pytest

from lab.machine.programs import eventually
from tests.live import COMPUTE, CONTROLLER
from tests.unit.bgp.speakers import reached

HIJACKED = [
    '192.0.2.2',            # the management VIP
    '192.0.2.13',           # another node, in the management network
    '192.0.2.99',           # a free address there
    '198.51.100.130',       # storage
    '198.51.100.193',       # the Fuel master, in the admin network
    '198.51.100.1',         # the public network's gateway
    '198.51.100.2',         # the public VIP
    '198.51.100.12',        # public, outside of the floating range
    '198.51.100.71',        # public, in the floating range
    '0.0.0.0/0',
    '0.0.0.0/1',
    '169.254.169.254',
    '203.0.113.128/25',     # shorter than a host route
]
# BIRD itself does not take these from the kernel.
BOGUS = ['127.0.0.0/8', '127.0.0.99', '224.0.0.0/4', '224.0.0.5']
FLOATING = '198.51.100.70'
FIRST, WORKLOAD = '203.0.113.65', '203.0.113.66'


@pytest.fixture(params=['reflector filters', 'reflector lets all pass'])
def attacked(request, prepare):
    """Build the network in which node-2 announces what it has no right to."""
    def attacked(announced, **settings):
        network = prepare(CONTROLLER, COMPUTE, COMPUTE, **settings)
        remove_filters(network.birds['node-2'].config)
        if request.param == 'reflector lets all pass':
            remove_filters(network.birds['node-1'].config)
        network.start()
        network.await_sessions()
        network.add_workload('vm-1', 'node-2', announced[0])
        tap = network.nodes['node-2'].tap_of(announced[0])
        network.nodes['node-2'].configure(
            *('route add {} dev {}'.format(prefix, tap) for prefix in announced[1:]))
        return network
    return attacked


def remove_filters(config):
    """Let every protocol of *config* import and export all."""
    text, number = re.subn(r'(?m)\b(import|export) (filter|where) .*;', r'\1 all;',
                           config.read_text())
    assert number >= 2
    config.write_text(text)


def announced(network):
    """What the attacker announces to the reflector; host routes without /32."""
    attacker = network.birds['node-2']
    routes = attacker.birdc('show', 'route', 'export', 'reflector_node_1')
    return {line.split()[0].replace('/32', '')
            for line in routes.splitlines() if re.match(r'[0-9]', line)}


def installed(network):
    """The destinations that BIRD put into the kernel of the other compute."""
    return {line.split()[0] for line in
            network.nodes['node-3'].routes('proto', 'bird').splitlines()}


def modelled(network, announced):
    """The same, as tests/unit/bgp/speakers reads the configurations of all nodes."""
    routes = reached([one.config.read_text() for one in network.birds.values()], {
        '192.0.2.12': [one if '/' in one else one + '/32' for one in announced]})
    return {prefix.replace('/32', '') for prefix, _ in routes['192.0.2.13']}


def test_an_address_of_the_deployment_is_never_installed(attacked):
    """Of all that the attacker announces only the two good addresses arrive."""
    network = attacked([FIRST, *HIJACKED, *BOGUS])
    assert eventually(lambda: announced(network) >= {FIRST, *HIJACKED})

    network.nodes['node-2'].configure('route add {} dev {}'.format(
        WORKLOAD, network.nodes['node-2'].tap_of(FIRST)))

    assert eventually(lambda: WORKLOAD in installed(network))
    assert installed(network) == {FIRST, WORKLOAD} == modelled(
        network, [FIRST, *HIJACKED, *BOGUS, WORKLOAD])


def test_a_route_outside_of_the_workload_prefixes_is_never_installed(attacked):
    """Where the operator gave prefixes, they bound what workloads may have.

    A floating address is one of them only if a prefix says so.
    """
    first = ['203.0.113.70', '203.0.113.200', FLOATING]
    network = attacked(first, workload_prefixes='203.0.113.64/26 198.51.100.70/32')
    assert eventually(lambda: announced(network) >= set(first))

    network.nodes['node-2'].configure('route add {} dev {}'.format(
        WORKLOAD, network.nodes['node-2'].tap_of('203.0.113.70')))

    assert eventually(lambda: WORKLOAD in installed(network))
    assert installed(network) == {'203.0.113.70', WORKLOAD, FLOATING} == modelled(
        network, first + [WORKLOAD])
