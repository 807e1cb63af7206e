"""A node before anything is done to it, and what preflight tells of it."""

from __future__ import unicode_literals

from calico_fuel.tasks import packages, preflight
from tests.unit.builders import environment, roles
from tests.unit.fake.apt import Apt
from tests.unit.fake.system import FakeSystem, UnknownCommand, good

ADDRESSES = '''\
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
7: br-mgmt    inet {}/24 brd 192.0.2.255 scope global br-mgmt\\       valid_lft forever
'''
LINK = '7: br-mgmt: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu {} qdisc noqueue state UP\n'
THREE = roles(3, 2)


class Node(FakeSystem):
    """node-1 of a release, as Fuel leaves it: networks, and sources with packages."""

    def __init__(self, release='6.1', of_nodes=THREE, address='192.0.2.11',
                 files=None, mtu=1500):
        super(Node, self).__init__(dict(files or {}, **{
            '/sys/class/net/br-mgmt/address': ''}))
        self.apt = Apt(self)
        env = environment(of_nodes, release)
        for name in packages.names(env, env.node('1')):
            self.apt.add(name, '1.6.8')
        self.programs['bird'] = None
        self.address, self.mtu = address, mtu
        self.routes = []
        self.programs['ip'] = self.ip

    def ip(self, argv, text):
        if argv[1:] == ['-4', 'route', 'show']:
            return good('\n'.join(self.routes))
        if argv[1:] == ['-o', 'link', 'show']:
            return good(LINK.format(self.mtu))
        if argv[1:] != ['-o', '-4', 'address', 'show']:
            raise UnknownCommand(' '.join(argv))
        return good(ADDRESSES.format(self.address))


def looked(env=None, system=None):
    env = env or environment(THREE)
    return preflight.checks_of(env, env.this_node, system or Node())


def problems(env=None, system=None):
    return [f.sentence for f in looked(env, system) if f.is_problem]


def told(env=None, system=None):
    """What is no problem."""
    return [f.sentence for f in looked(env, system) if not f.is_problem]
