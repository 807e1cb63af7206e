"""Nodes on one management network, and workloads on nodes.

Rule: every interface is made inside the namespaces of the run, the bridge too;
the machine's own network never sees one.
"""

from collections import namedtuple

from lab import commands

MANAGEMENT = 'br-mgmt'


class Node(namedtuple('Node', 'name address namespace')):
    """One node, as a network namespace."""

    __slots__ = ()

    def run(self, *argv, **options):
        return commands.run(self.inside(*argv), **options)

    def inside(self, *argv):
        """*argv* as it has to be called to run on this node."""
        return ['ip', 'netns', 'exec', self.namespace, *map(str, argv)]

    def configure(self, *lines):
        """Carry out ``ip`` commands, one per line, on this node."""
        commands.run(['ip', '-n', self.namespace, '-batch', '-'],
                     '\n'.join(lines) + '\n')

    def routes(self, *selector):
        return commands.run(['ip', '-n', self.namespace, 'route', 'show', *selector])

    def tap_of(self, address):
        """The interface that the host route to *address* goes to."""
        return self.routes(address).split()[2]

    def set(self, **values):
        """Set keys of ``/proc/sys/net/ipv4``; ``__`` stands for a slash."""
        for key, value in values.items():
            path = '/proc/sys/net/ipv4/' + key.replace('__', '/')
            self.run('tee', path, text=str(value))


class Fabric:
    """The management network of one run."""

    def __init__(self, run):
        self.run = run
        self.links = 0
        self._ports = {}
        self._switch = Node('fabric', None, run.add_namespace('fabric'))
        self._switch.configure('link add name fabric type bridge mcast_snooping 0',
                               'link set dev fabric up')

    @classmethod
    def taken_up(cls, run, links):
        """The fabric that another process made in *run*, with so many links."""
        fabric = cls.__new__(cls)
        fabric.run, fabric.links, fabric._ports = run, links, {}
        fabric._switch = Node('fabric', None, run.prefix + 'fabric')
        return fabric

    def _next_link(self):
        self.links += 1
        return self.links

    def add_node(self, name, address, prefix_length=24):
        """A node whose management interface is named as Fuel names it."""
        node = Node(name, address, self.run.add_namespace(name))
        port = self._ports[name] = 'port{}'.format(self._next_link())
        self._switch.configure(
            'link add name {} type veth peer name {} address {} netns {}'.format(
                port, MANAGEMENT, mac(address), node.namespace),
            'link set dev {} master fabric up'.format(port))
        node.configure(
            'link set dev lo up',
            'link set dev {} up'.format(MANAGEMENT),
            'address add {}/{} dev {}'.format(address, prefix_length, MANAGEMENT))
        node.set(ip_forward=1)
        return node

    def cut(self, name):
        """Pull the cable of a node; no other node loses its carrier."""
        self._switch.configure('link set dev {} down'.format(self._ports[name]))

    def add_workload(self, name, node, address):
        """A workload on *node*, connected as Felix connects a virtual machine.

        Its only neighbour is the node, which answers for every address
        (proxy ARP) and has a host route to the workload's tap interface.
        """
        workload = Node(name, address, self.run.add_namespace(name))
        tap = 'tap{}'.format(self._next_link())
        node.configure(
            'link add name {} type veth peer name eth0 netns {}'.format(
                tap, workload.namespace),
            'link set dev {} up'.format(tap),
            'route replace {}/32 dev {}'.format(address, tap))
        node.set(**{'conf__{}__proxy_arp'.format(tap): 1,
                    'neigh__{}__proxy_delay'.format(tap): 0})
        workload.configure(
            'link set dev lo up',
            'link set dev eth0 up',
            'address add {}/32 dev eth0'.format(address),
            'route add default dev eth0')
        return workload


def mac(address):
    """The hardware address of the node with *address*: known without asking."""
    return '02:00:' + ':'.join('{:02x}'.format(int(b)) for b in address.split('.'))


def ping(source, target):
    """Whether one of three echo requests from *source* to *target* is answered."""
    return commands.succeeds(
        source.inside('ping', '-n', '-q', '-c', 3, '-i', 0.2, '-w', 3, target.address))
