"""Whether packets of full size reach the other nodes -> Checks.

A node whose interface has a smaller MTU drops longer packets silently: instances there
answer pings, and their large transfers hang.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import kernel
from calico_fuel.codes.bgp import MTU_DIFFERS, MTU_OF_TAPS
from calico_fuel.errors import SlowError

# All at once: each node is tried by this many others, in a bounded time.  Each
# of three pings takes 1.2 s without an answer, and 3 s if the kernel refuses packets.
MOST_TRIED, MOST_NAMED = 32, 3
SECONDS_FOR_ALL = 7
# Of jumbo frames.  Fuel may give taps 65000 (Nova's network_device_mtu): no network
# carries that.
LARGEST = 9216
# Of the headers of IPv4 and ICMP.
HEADERS = 28
# Small packets tell a node that is down, or answers no ping, from one that drops.  The
# second try tells that from packets that were lost, and from a router that drops none
# silently: without -q, ping prints the MTU that it names.
SCRIPT = """size=$1; shift
try() { ping -n -M do -c 2 -i 0.2 -W 1 -s "$@" 2>&1; }
for node; do
  (if try "$size" "$node" > /dev/null; then echo "$node whole"
  elif ! try 56 "$node" > /dev/null; then :
  elif said=$(try "$size" "$node"); then echo "$node whole"
  elif echo "$said" | grep -q mtu; then echo "$node routed"
  else echo "$node small"; fi) &
done
wait"""


def of_node(environment, node, system):
    """Checks of the way from *node* to some other BGP speakers."""
    if not roles.speaks_bgp(environment, node):
        return []
    links = kernel.links(system)
    name = interface(node, links, kernel.routes(system))
    if name is None:
        return []
    names = dict((one.address, one.name) for one in tried(environment, node))
    answers = answered(system, links[name].mtu, sorted(names)) or {}
    return checks_of(name, links, names, answers)


def interface(node, links, routes):
    """The name of the interface with the management address; None without it."""
    return next((route.interface for route in routes.values()
                 if route.source == node.address and route.interface in links), None)


def tried(environment, node):
    """The next BGP speakers after *node*, so that each is tried by as many others."""
    others = [one for one in environment.nodes if one.address
              and one != node and roles.speaks_bgp(environment, one)]
    return sorted(others, key=lambda one: (
        one.number < node.number, one.number))[:MOST_TRIED]


def answered(system, mtu, addresses):
    """Address -> "whole" if it answers packets of *mtu* bytes, "small" if shorter ones,
    "routed" if a router names a smaller MTU, which is no fault.

    Others answer none; None on a machine that is too busy.
    """
    try:
        printed = system.run(
            ['sh', '-c', SCRIPT, 'sh', '{}'.format(mtu - HEADERS)] + addresses,
            accept=None, timeout=SECONDS_FOR_ALL).stdout
    except SlowError:
        return None
    return dict(line.split() for line in printed.splitlines())


def checks_of(name, links, names, answers):
    """Checks of the interface *name*; *answers* are those of the addresses *names*."""
    mtu, found = links[name].mtu, []
    short = sorted(names[one] for one in answers if answers[one] == 'small')
    subject = 'packets of {} bytes, the MTU of {}'.format(mtu, name)
    if short:
        found.append(checks.fault(
            MTU_DIFFERS, subject,
            'not answered by ' + checks.some(short, MOST_NAMED), 'answered', (
                'Smaller ones are. Compare "ip link show {0}", and that of its '
                'interfaces, here and there; set the same MTU on all nodes ("ip link '
                'set {0} mtu NUMBER", and in Fuel, or a boot takes it back), and no '
                'more than the switches carry'.format(name))))
    whole = sum(answer == 'whole' for answer in answers.values())
    if whole and not short:
        found.append(checks.good(MTU_DIFFERS, subject, 'answered by ' + checks.counted(
            whole, 'node'), 'answered'))
    taps = sorted(tap for tap, link in links.items()
                  if tap.startswith(kernel.TAP) and mtu < link.mtu <= LARGEST)
    if taps:
        found.append(checks.fault(
            MTU_OF_TAPS, 'MTU of {}'.format(name), '{}, and {} of {}'.format(
                mtu, links[taps[0]].mtu, checks.some(taps, MOST_NAMED)),
            'not less than that of instances', (
                'Longer packets from and to these instances may be lost. If other '
                'nodes have a larger one, set it here too ("ip link set {} mtu '
                'NUMBER"), and in Fuel'.format(name))))
    return found
