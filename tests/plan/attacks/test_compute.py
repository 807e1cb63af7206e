"""A compute that is taken over: root there, with a BIRD that is the attacker's."""

import re

import pytest

from lab.machine.programs import eventually
from tests.live import VERIFY_AT_ONCE
from tests.plan.attacks import TAKEN_OVER
from tests.plan.nodes import CONTROLLERS, KEYS, ask_etcd, established

CONF = '/etc/bird/bird.conf'
FOREIGN = {
    '203.0.113.101': '192.0.2.14',      # another compute
    '203.0.113.102': '192.0.2.11',      # a controller
    '203.0.113.103': '192.0.2.250',     # a stranger
    '203.0.113.104': '203.0.113.22',    # an instance on another compute
}
PROTECTED = ['198.51.100.70',           # floating
             '198.51.100.193',          # the Fuel master
             '192.0.2.2',               # the management VIP
             '192.0.2.16']              # another compute
OWN = '203.0.113.100'
MARKS = '''
  bgp_local_pref = 4000000000;
  bgp_med = 7;
  bgp_community.add((65535,666));
  bgp_community.add((65010,1));
  bgp_large_community.add((64512,1,1));
  if source = RTS_STATIC then accept;
'''
# A terminal's title, and a line that verify seems to have written.
HOST = KEYS + 'calico/felix/v1/host/x%1b]0;owned%07%0averify:%20forged%0a'


@pytest.fixture(scope='module')
def announce(lab):
    """Let the attacker's BIRD announce static routes to these addresses."""
    machine = lab.fuel.members[TAKEN_OVER].machine
    own_filter = 'filter announce_workloads\n{'
    hops = ''.join('  if net = {}/32 then bgp_next_hop = {};\n'.format(*pair)
                   for pair in FOREIGN.items())
    text = machine.read(CONF)
    assert own_filter in text
    machine.write(CONF, text.replace(own_filter, own_filter + hops + MARKS), 0o640)

    def announce(name, addresses):
        machine.write('/etc/bird/local.d/{}.conf'.format(name), (
            'protocol static {} {{\n{}}}\n'.format(name, ''.join(
                'route {}/32 blackhole;\n'.format(one) for one in addresses))))
        assert 'Reconfig' in lab.birdc(TAKEN_OVER, 'configure')
    yield announce
    machine.run('find', '/etc/bird/local.d', '-name', 'attack*', '-delete')
    lab.task(TAKEN_OVER, 'compute')


@pytest.fixture(scope='module')
def learned(lab, announce):
    """What a victim has in its kernel, once the attacker's only good route is there."""
    announce('attack', [*FOREIGN, *PROTECTED])
    for number in '123':
        assert eventually(lambda n=number: set(found(lab.birdc(
            TAKEN_OVER, 'show', 'route', 'export', 'reflector_node_' + n))) >= {
                *FOREIGN, *PROTECTED})
    announce('attack_own', [OWN])
    assert eventually(lambda: OWN in routes(lab))
    return routes(lab)


def found(text):
    """The addresses that lines begin with."""
    return re.findall(r'(?m)^[0-9]+(?:[.][0-9]+){3}', text)


def routes(lab):
    """The destinations that BIRD has put into the kernel of another compute."""
    return found(lab.fuel.members['node-4'].machine.run(
        'ip', 'route', 'show', 'proto', 'bird'))


def instances(lab):
    return [workload.address for _, workload in lab.workloads.values()]


@pytest.mark.plan('attack S9: a compute leads traffic to another next hop')
def test_a_route_to_anything_but_the_compute_goes_nowhere(lab, learned):
    """Neither another compute nor the border router has one of the routes. `verify` on
    a route reflector names them.

    Steps: As root of a compute, announce routes whose next hop is another compute, a
    controller, a stranger, and an instance.
    """
    assert not set(FOREIGN) & set(learned)
    assert not set(FOREIGN) & set(found(lab.border.birdc('show', 'route')))
    said = lab.fuel.members['node-1'].machine.attempt(VERIFY_AT_ONCE)
    assert re.search(
        r'routes from node-7[^:]*: \d refused: .* leads to ', said.output), said.output


@pytest.mark.plan('attack S10, S23: a compute announces addresses that are not its own')
def test_an_address_of_the_deployment_goes_nowhere(lab, learned):
    """Another compute has routes to the other instance and to an address that the
    attacker may use, and to no other.

    Steps: As root of a compute, announce a floating address, and the addresses of the
    master, of a VIP and of another compute.
    """
    assert set(learned) == {instances(lab)[1], OWN}


@pytest.mark.plan('attack S12: a compute commands the border router')
def test_no_attribute_reaches_the_border_router(lab, learned):
    """The border router learns the route without communities and without that MED,
    another compute without that local preference.

    Steps: As root of a compute, announce a route with the community BLACKHOLE, others,
    a MED and a local preference.
    """
    assert eventually(lambda: OWN in lab.border.birdc('show', 'route'))
    said = lab.border.birdc('show', 'route', 'for', OWN, 'all')

    assert 'BGP.next_hop: 192.0.2.17' in said
    assert 'community' not in said and 'BGP.med: 7' not in said
    assert '4000000000' not in lab.birdc('node-4', 'show', 'route', 'for', OWN, 'all')


@pytest.mark.plan('attack S11: a compute floods all nodes with routes')
def test_a_flood_ends_at_the_limit(lab, announce, learned):
    """Each route reflector takes 1,000 routes. All sessions stay Established, the
    instances reach each other, and `verify` names the limit.

    Steps: As root of a compute, announce 5,000 routes.
    """
    before = established(lab, 'node-1')
    announce('attack_flood', ('10.66.{}.{}'.format(*divmod(number, 250))
                              for number in range(5000)))
    try:
        assert eventually(lambda: len(routes(lab)) >= 1000, 60)
        assert eventually(lambda: all('[HIT]' in lab.birdc(
            name, 'show', 'protocols', 'all', 'client_node_7') for name in CONTROLLERS))
        assert len(routes(lab)) <= 3 * 1000 + 1
        assert established(lab, 'node-1') == before
        assert instances(lab)[1] in routes(lab) and lab.is_matrix_whole()
        said = lab.fuel.members['node-1'].machine.attempt(VERIFY_AT_ONCE)
        assert said.status == 1 and 'has reached its import limit 1000' in said.output
    finally:
        announce('attack_flood', [])
        # As verify says: otherwise they refuse new routes, too.
        assert eventually(lambda: set(routes(lab)) == set(learned), 60)
        for name in CONTROLLERS:
            lab.birdc(name, 'reload', 'client_node_7')


@pytest.mark.plan('attack S17: a compute forges what verify says')
def test_a_name_in_etcd_forges_no_line(lab):
    """Neither `verify` nor the log has a line that the name made, or a command to the
    terminal.

    Steps: As root of a compute, write a host into etcd with a line break and a command
    to the terminal in its name. Run `calico-fuel verify` on a controller.
    """
    ask_etcd(lab, TAKEN_OVER, HOST + '/status', 'value={}', 'PUT', check=True)

    said = lab.fuel.members['node-1'].machine.attempt(VERIFY_AT_ONCE).output

    ask_etcd(lab, TAKEN_OVER, HOST + '?recursive=true', '', 'DELETE', check=True)
    assert 'owned' in said
    assert '\x1b' not in said and '\x07' not in said
    assert '\nverify: forged' not in said
    assert '\x1b' not in lab.fuel.members['node-1'].machine.read(
        '/var/log/calico-fuel.log')
