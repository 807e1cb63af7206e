"""An instance, as an attacker, before Felix runs: real iptables, no rule of Fuel."""

import subprocess
import sys

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.firewall import Chain
from calico_fuel.resources.firewall import SAVED
from calico_fuel.tasks import compute
from calico_fuel.tasks import remove
from lab.network import fabric
from tests.live.test_chain import NodeSystem
from tests.unit.builders import environment
from tests.unit.fake.system import FakeSystem
from tests.unit.tasks.test_compute import Compute

OWN, OTHER, ELSEWHERE = '203.0.113.21', '203.0.113.22', '203.0.113.23'
INTERNAL = ['192.0.2.13', '192.0.2.2', '198.51.100.130', '198.51.100.193']
PUBLIC, OUTSIDE = '198.51.100.13', '203.0.113.200'
METADATA, GATEWAY = '169.254.169.254', '203.0.113.1'

# Connects to each address, and waits 5 s for those that do not answer.
PROBE = """
import errno, select, socket, sys, time
waiting, end = {}, time.monotonic() + 5
for address in sys.argv[1:]:
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex((address, 22))
    waiting[one] = address
seen = set()
while waiting and time.monotonic() < end:
    for one in select.select([], list(waiting), [], 0.1)[1]:
        error = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        seen |= {waiting.pop(one)} if error in (0, errno.ECONNREFUSED) else set()
print(*[address for address in sys.argv[1:] if address in seen])
"""
# Prints what one client sends, and its retransmissions never twice.
LISTENER = """
import socket, sys
for row in socket.create_server((sys.argv[1], 22)).accept()[0].makefile():
    print(row, end="", flush=True)
"""
CLIENT = """
until exec 3<>/dev/tcp/$1/22; do sleep 0.1; done
while read -r row; do echo "$row" >&3; done
"""


@pytest.fixture(params=['legacy'])
def attacked(request, demand, lab_run, tmp_path):
    """node-2, its instance "attacker", and node-3, which has all other addresses."""
    demand(programs=['iptables-{}-restore'.format(request.param)])
    network = fabric.Fabric(lab_run)
    node, other = [network.add_node('node-{}'.format(number), '192.0.2.{}'.format(
        10 + number)) for number in (2, 3)]
    attacker = network.add_workload('attacker', node, OWN)
    network.add_workload('neighbor', node, OTHER)
    # As calico-dhcp-agent makes it: DHCP and DNS of the own host.
    node.configure('link add name ns-dhcp type bridge', 'link set dev ns-dhcp up',
                   'address add {}/32 dev ns-dhcp'.format(GATEWAY),
                   'route add default via 192.0.2.13')
    other.configure('route add {}/32 via 192.0.2.12'.format(OWN), *(
        'address add {}/32 dev lo'.format(address)
        for address in INTERNAL[1:] + [PUBLIC, OUTSIDE, ELSEWHERE]))
    on_node = NodeSystem(node, request.param, tmp_path)
    # As Felix leads the metadata API to the host.
    on_node.run(['iptables-restore'], text=(
        '*nat\n-A PREROUTING -d {}/32 -i tap+ -p tcp -j DNAT --to-destination '
        '127.0.0.1:8775\nCOMMIT\n'.format(METADATA)))
    node.set(**{'conf__{}__route_localnet'.format(node.tap_of(OWN)): 1})
    return on_node, attacker, other


def chains(**settings):
    """What the task "compute" wants of the firewall on node-2."""
    of_all = environment(uid='2', **settings)
    return [one for one in compute.resources(of_all, of_all.this_node, Compute())
            if isinstance(one, Chain) and one.table == 'mangle']


def reached(source, *addresses):
    """Those of the addresses on which a connection is answered or refused."""
    return source.run(sys.executable, '-c', PROBE, *addresses).split()


def converge_all(on_node, wanted, state):
    assert {outcome.state for outcome in converge(wanted, on_node)} == {state}


@pytest.mark.parametrize('attacked', ['nft', 'legacy'], indirect=True)
def test_an_instance_reaches_no_internal_network_and_everything_else(attacked):
    on_node, attacker, other = attacked
    everything = INTERNAL + ['192.0.2.12', METADATA, GATEWAY, OTHER, ELSEWHERE, PUBLIC,
                             OUTSIDE]
    assert reached(attacker, *everything) == everything

    converge_all(on_node, chains(), CHANGED)

    assert reached(attacker, *everything) == everything[5:]
    assert reached(other, OWN) == reached(on_node.node, OWN) == [OWN]


def test_the_operator_excepts_addresses_and_the_outbound_router(attacked):
    on_node, attacker, _ = attacked

    converge_all(on_node, chains(
        workload_prefixes='203.0.113.0/24', workload_gateway='192.0.2.13',
        reachable_prefixes='198.51.100.130/32'), CHANGED)

    assert reached(attacker, *INTERNAL) == ['192.0.2.13', '198.51.100.130']


def test_it_stays_closed_after_a_reboot_and_beside_felix_until_it_is_removed(attacked):
    """Felix puts its jumps first, and accepts in the table "filter"."""
    on_node, attacker, _ = attacked
    converge_all(on_node, chains(), CHANGED)
    on_node.run(['iptables-restore'], text='*mangle\nCOMMIT\n')
    assert reached(attacker, *INTERNAL) == INTERNAL

    on_node.run(['iptables-restore'], text=on_node.read(SAVED))
    on_node.run(['iptables-restore', '--noflush'], text=(
        '*filter\n:felix-FORWARD - [0:0]\n-I FORWARD 1 -j felix-FORWARD\n'
        '-A felix-FORWARD -i tap+ -j ACCEPT\nCOMMIT\n'))

    assert reached(attacker, *INTERNAL) == []
    converge_all(on_node, chains(), UNCHANGED)

    of_all = environment(uid='2')
    converge_all(on_node, [
        one for one in remove.resources(of_all, of_all.this_node, FakeSystem())
        if one.label.startswith('no firewall chain') and one.table == 'mangle'],
        CHANGED)
    assert reached(attacker, *INTERNAL) == INTERNAL
    assert 'calico-fuel' not in on_node.read(SAVED)


def test_a_connection_that_an_instance_has_already_is_cut(attacked, lab_run):
    on_node, attacker, other = attacked
    heard = on_node.directory / 'heard'
    lab_run.start(other.inside(sys.executable, '-c', LISTENER, INTERNAL[0]), heard)
    assert on_node.eventually(heard.exists, 30)
    client = subprocess.Popen(attacker.inside(
        'bash', '-c', CLIENT, 'bash', INTERNAL[0]), stdin=subprocess.PIPE)
    client.stdin.write(b'before\n')
    client.stdin.flush()
    assert on_node.eventually(lambda: 'before' in heard.read_text(), 30)

    converge_all(on_node, chains(), CHANGED)
    client.stdin.write(b'after\n')
    client.stdin.close()

    assert reached(attacker, *INTERNAL) == []
    assert heard.read_text() == 'before\n'
    client.wait()
