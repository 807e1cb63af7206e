"""Whether packets of full size of instances reach the other nodes -> Checks.

A node whose interface has a smaller MTU drops longer packets silently: instances there
answer pings, and their large transfers hang.
"""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import kernel
from calico_fuel.codes.bgp import MTU_DIFFERS, MTU_OF_TAPS, MTU_TOO_SMALL
from calico_fuel.errors import SlowError

# All at once: each node is tried by this many others, in a bounded time.  Each
# of three pings takes 1.2 s without an answer, and 3 s if the kernel refuses packets.
MOST_TRIED = 32
SECONDS_FOR_ALL = 7
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
    mtu = links[name].mtu
    short = sorted(names[one] for one in answers if answers[one] == 'small')
    subject = 'packets of {} bytes, the MTU of {}'.format(mtu, name)
    if short:
        return [checks.fault(
            MTU_DIFFERS, subject,
            'not answered by ' + checks.some(short), 'answered', (
                'Smaller ones are. Compare "ip link show {0}", and that of its '
                'interfaces, here and there; set the same MTU on all nodes ("ip link '
                'set {0} mtu NUMBER", and in Fuel, or a boot takes it back), and no '
                'more than the switches carry'.format(name)))]
    whole = sum(answer == 'whole' for answer in answers.values())
    return [checks.good(MTU_DIFFERS, subject, 'answered by ' + checks.counted(
        whole, 'node'), 'answered')] if whole else []


def of_instances(environment, node, system):
    """Checks that the network carries packets of instances, and taps are as wanted."""
    if not node.is_compute:
        return []
    mtu, links, found = environment.instance_mtu, kernel.links(system), []
    name = interface(node, links, kernel.routes(system))
    if name and links[name].mtu < mtu:
        found.append(checks.fault(
            MTU_TOO_SMALL, 'MTU of {}'.format(name), '{}'.format(links[name].mtu),
            'at least {}, that of instances'.format(mtu), (
                'It is what Fuel gives to the network: run "ip link set {0} mtu {1}", '
                'first for the interfaces below, or set less in Fuel or as "Instance '
                'MTU"'.format(name, mtu))))
    others = sorted(tap for tap, link in links.items()
                    if tap.startswith(kernel.TAP) and link.mtu != mtu)
    if others:
        found.append(checks.fault(
            MTU_OF_TAPS, 'MTU of taps', checks.some(
                ['{} of {}'.format(links[tap].mtu, tap) for tap in others]),
            '{}, that of new ones'.format(mtu), (
                'Instances keep what they had at their start. "ip link set {} mtu {}" '
                'changes a tap, and nothing in the instance; "nova reboot --hard" '
                'changes both'.format(others[0], mtu))))
    return found
