"""Nodes on the networks of an environment, and workloads on nodes.

A network has the name of the bridge that Fuel puts over its NIC on a node.
Tests of routing alone need the management network only; a node of the lab's
Fuel has all of its networks, as ``network_scheme`` in its metadata says.

Rule: every interface is made inside the namespaces of the run, the switches
too; the machine's own network never sees one.
"""

from collections import namedtuple

from lab.machine import programs

ADMIN, MANAGEMENT, PUBLIC = 'br-fw-admin', 'br-mgmt', 'br-ex'
# In the order of the NICs that they are on: eth0, eth1, ...
NETWORKS = (ADMIN, MANAGEMENT, 'br-storage', PUBLIC)


class Node(namedtuple('Node', 'name address namespace')):
    """One node, as a network namespace."""

    def run(self, *argv, **options):
        return programs.run(self.inside(*argv), **options)

    def inside(self, *argv):
        """*argv* as it has to be called to run on this node."""
        return ['ip', 'netns', 'exec', self.namespace, *map(str, argv)]

    def configure(self, *lines):
        """Carry out ``ip`` commands, one per line, on this node."""
        programs.run(['ip', '-n', self.namespace, '-batch', '-'],
                     '\n'.join(lines) + '\n')

    def routes(self, *selector):
        return programs.run(['ip', '-n', self.namespace, 'route', 'show', *selector])

    def tap_of(self, address):
        """The interface that the host route to *address* goes to."""
        return self.routes(address).split()[2]

    def set(self, **values):
        """Set keys of ``/proc/sys/net/ipv4``; ``__`` stands for a slash."""
        for key, value in values.items():
            path = '/proc/sys/net/ipv4/' + key.replace('__', '/')
            self.run('tee', path, text=str(value))


class Fabric:
    """The networks of one run."""

    def __init__(self, run, links=None):
        """With *links* it is there, with so many: another process made it."""
        self.run, self.links, self._ports = run, links or 0, {}
        self._switch = Node('fabric', None, run.prefix + 'fabric')
        if links is None:
            run.add_namespace('fabric')
            for network in NETWORKS:
                self._switch.configure(
                    'link add name {} type bridge mcast_snooping 0'.format(network),
                    'link set dev {} up'.format(network))

    def _next_link(self):
        self.links += 1
        return self.links

    def add_node(self, name, address, prefix_length=24, network=MANAGEMENT,
                 interface=MANAGEMENT):
        """A node on one network; no bridge is over its *interface*."""
        node = Node(name, address, self.run.add_namespace(name))
        self._switch.configure(*self._plug(node, network, interface, address))
        node.configure(
            'link set dev lo up',
            'link set dev {} up'.format(interface),
            'address add {}/{} dev {}'.format(address, prefix_length, interface))
        node.set(ip_forward=1)
        return node

    def add_fuel_node(self, name, endpoints):
        """A node as Fuel's network set-up leaves it.

        *endpoints* are those of ``network_scheme``: each bridge has its address
        and lies over a NIC of its own, and one has the gateway.
        """
        addresses = {network: endpoints[network]['IP'][0]
                     for network in NETWORKS if network in endpoints}
        gateways = [endpoints[network]['gateway']
                    for network in addresses if 'gateway' in endpoints[network]]
        node = Node(name, addresses[MANAGEMENT].partition('/')[0],
                    self.run.add_namespace(name))
        cables, lines = [], ['link set dev lo up']
        for network, address in addresses.items():
            nic = 'eth{}'.format(NETWORKS.index(network))
            host = address.partition('/')[0]
            cables += self._plug(node, network, nic, host)
            lines += ['link add name {} address {} type bridge mcast_snooping 0'.format(
                          network, mac(host)),
                      'link set dev {} master {} up'.format(nic, network),
                      'link set dev {} up'.format(network),
                      'address add {} dev {}'.format(address, network)]
        lines += map('route add default via {}'.format, gateways)
        self._switch.configure(*cables)
        node.configure(*lines)
        node.set(ip_forward=1)
        return node

    def _plug(self, node, network, interface, address):
        """The ``ip`` commands at the switches that give *node* an interface."""
        port = 'port{}'.format(self._next_link())
        self._ports.setdefault(node.name, []).append(port)
        return ['link add name {} type veth peer name {} address {} netns {}'.format(
                    port, interface, mac(address), node.namespace),
                'link set dev {} master {} up'.format(port, network)]

    def cut(self, name):
        """Pull the cables of a node; no other node loses its carrier."""
        self._switch.configure(*map('link set dev {} down'.format, self._ports[name]))

    def plug_in(self, name):
        """Plug the cables of a node in again."""
        self._switch.configure(*map('link set dev {} up'.format, self._ports[name]))

    def set_mtu(self, name, mtu):
        """Set the MTU of the switch ports of a node; they drop longer packets."""
        self._switch.configure(*('link set dev {} mtu {}'.format(port, mtu)
                                 for port in self._ports[name]))

    def add_workload(self, name, node, address):
        """A workload on *node*, connected as Felix connects a virtual machine.

        Its only neighbour is the node, which answers for every address
        (proxy ARP) and has a host route to the workload's tap interface.
        """
        workload, tap = self.plug_workload(name, node, address)
        node.configure('route replace {}/32 dev {}'.format(address, tap))
        node.set(**{'conf__{}__proxy_arp'.format(tap): 1,
                    'neigh__{}__proxy_delay'.format(tap): 0})
        return workload

    def plug_workload(self, name, node, address, tap=None, hardware_address=None):
        """A workload as Nova leaves it to Felix, and its tap interface on *node*."""
        workload = Node(name, address, self.run.add_namespace(name))
        tap = tap or 'tap{}'.format(self._next_link())
        node.configure(
            'link add name {} type veth peer name eth0 address {} netns {}'.format(
                tap, hardware_address or mac(address), workload.namespace),
            'link set dev {} up'.format(tap))
        workload.configure(
            'link set dev lo up',
            'link set dev eth0 up',
            'address add {}/32 dev eth0'.format(address),
            'route add default dev eth0')
        return workload, tap


def mac(address):
    """The hardware address of the node with *address*: known without asking."""
    return '02:00:' + ':'.join('{:02x}'.format(int(b)) for b in address.split('.'))


def ping(source, target):
    """Whether *target* answers three echo requests of *source* within 3 s."""
    return programs.succeeds(
        source.inside('ping', '-n', '-q', '-c', 3, '-i', 0.2, '-w', 3, target.address))
