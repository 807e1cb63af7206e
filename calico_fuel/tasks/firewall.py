"""The open ports of BGP, BFD and etcd on this node, and who may not use them.

Fuel's firewall drops other packets: by rule 999 of INPUT in 6.1 and 7.0, by the policy
of INPUT from 8.0 on.  Each port is opened only to the addresses that need it.

On loopback etcd cannot tell its clients apart; the kernel can, by their users.  These
connect, as the packaging of each project starts them:

root        calico-fuel; Felix (projectcalico/felix 0.10 to 2.6); calico-dhcp-agent
            (openstack/networking-calico 1.2 to 1.4)
neutron     neutron-server, with Calico's driver in it.  The DHCP agent of Juno and Kilo
            runs as neutron too, but does not use etcd (projectcalico/calico-neutron,
            branches ubuntu_2014.2.4 and ubuntu_2015.1.4).
etcd        members and proxies: our job of upstart, and Debian's package

A package makes its user.  Fuel installs Neutron before the task ``packages``, which
installs the rest.
"""

from __future__ import unicode_literals

from calico_fuel import addresses, roles
from calico_fuel.bgp import configured, outside
from calico_fuel.etcd import peers, settings
from calico_fuel.resources.firewall import Chain

BGP_PORT = 179
# RFC 5883: BFD between neighbors that may be some hops apart.
BFD_PORT = 4784
# Table, name and parent of each chain.
BGP = ('filter', 'calico-fuel-bgp', 'INPUT')
BFD = ('filter', 'calico-fuel-bfd', 'INPUT')
ETCD = ('filter', 'calico-fuel-etcd', 'INPUT')
ETCD_USERS = ('filter', 'calico-fuel-etcd-users', 'OUTPUT')
ETCD_PORTS = tuple(sorted(
    list(peers.CLIENT_PORTS.values()) + list(peers.PEER_PORTS.values())))
USERS_OF_ETCD = ('root', 'etcd', 'neutron')
LOOPBACK = '127.0.0.0/8'
DHCP = ('mangle', 'calico-fuel-dhcp', 'POSTROUTING')
INTERNAL = ('mangle', 'calico-fuel-internal', 'PREROUTING')


def bgp(sessions):
    """BGP from the neighbors of these Sessions; IPv6 stays open, as Fuel sets it up."""
    neighbors = [session.address for session in sessions if not session.is_ipv6]
    return Chain(*(BGP + (
        '-p tcp -m tcp --dport {}'.format(BGP_PORT), _accept(neighbors))))


def bfd(sessions):
    """BFD from the neighbors that it watches; an empty chain if BFD is off."""
    neighbors = [session.address for session in sessions if session.has_bfd]
    return Chain(*(BFD + (
        '-p udp -m udp --dport {}'.format(BFD_PORT), _accept(neighbors))))


def etcd_member(environment, node, system):
    """etcd from every node with a member or a proxy, and where a session stays.

    Also the ports on which it does not listen: who asks them is refused at once.
    """
    clients = [roles.management_address(environment, other)
               for other in environment.nodes
               if roles.uses_etcd(environment, other) and other.uid != node.uid]
    clients += [session.address
                for session in configured.retained(environment, node, system)]
    return Chain(*(ETCD + ('-p tcp ' + _ports(ETCD_PORTS), _accept(clients))))


def etcd_users(environment, system):
    """No other user of this node connects to an etcd of this environment.

    Only the first packet of a connection is matched.  The last ones, which the kernel
    sends for a socket that is closed already, have no user.
    """
    users = [system.user_id(name) for name in USERS_OF_ETCD]
    # Also a member that the list of nodes lacks.
    targets = [LOOPBACK] + sorted(
        member.address + '/32' for member in peers.possible_members(environment))
    return Chain(*(ETCD_USERS + (
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN ' + _ports(
            ETCD_PORTS + (settings.LEGACY_CLIENT_PORT,)),
        tuple('-m owner --uid-owner {} -j RETURN'.format(user)
              for user in users if user is not None)
        + tuple('-d {} -p tcp -j REJECT --reject-with tcp-reset'.format(target)
                for target in targets))))


def dhcp_checksums():
    """Some guests refuse DHCP replies whose UDP checksum the host left open."""
    return Chain(*(DHCP + (
        '-p udp -m udp --dport 68', ('-j CHECKSUM --checksum-fill',))))


def internal(environment):
    """Instances reach no internal network of the deployment, on this host or another.

    A host that opens a connection to an instance gets its answers.  Felix uses the
    tables filter and nat, which come later, and accepts what leaves for other hosts.
    The saved rules are loaded at boot, before any instance runs.
    """
    gateway = environment.settings.workload_gateway
    reachable = environment.settings.reachable_prefixes + (
        () if gateway is None else (addresses.host_prefix(gateway),)) + tuple(
            addresses.host_prefix(addresses.parse_ipv4(peer.address))
            for peer in outside.default_routers(environment))
    rules = ['-m conntrack --ctdir REPLY -j RETURN']
    rules += ['-d {} -j RETURN'.format(prefix) for prefix in reachable
              if any(prefix.overlaps(network) for network in environment.internal)]
    rules += ['-d {} -j DROP'.format(network) for network in environment.internal]
    return Chain(*(INTERNAL + ('-i tap+', tuple(rules))))


def _ports(numbers):
    return '-m multiport --dports ' + ','.join(map('{}'.format, numbers))


def _accept(hosts):
    return tuple('-s {}/32 -j ACCEPT'.format(host) for host in sorted(set(hosts)))
