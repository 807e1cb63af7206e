"""A kernel setting of taps: of those that are there, and of those to come."""

from __future__ import unicode_literals

from calico_fuel.resources.tap_sysctl import TapSysctl
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem, bad
from tests.unit.fake.sysctl import Sysctl

ROUTER_ADVERTISEMENTS = TapSysctl('net.ipv6.conf', 'accept_ra', '0')
FILE = '/etc/sysctl.d/60-calico-fuel-net-ipv6-conf-default-accept_ra.conf'


class Node(FakeSystem):
    """/proc/sys shows what the kernel has."""

    def __init__(self, dies_at=None, **values):
        super(Node, self).__init__(dies_at=dies_at)
        self.kernel = Sysctl(self, **dict(
            ('net__ipv6__conf__{}__accept_ra'.format(name), value)
            for name, value in values.items()))

    def read_if_exists(self, path):
        key = path[len('/proc/sys/'):].replace('/', '.')
        if path.startswith('/proc/sys/') and key in self.kernel.values:
            return self.kernel.values[key] + '\n'
        return super(Node, self).read_if_exists(path)

    def exists(self, path):
        return self.read_if_exists(path) is not None

    def names_in(self, directory):
        assert directory == '/proc/sys/net/ipv6/conf'
        return sorted(key.split('.')[3] for key in self.kernel.values)

    def accept(self):
        return dict((key.split('.')[3], value)
                    for key, value in self.kernel.values.items())


def test_no_tap_takes_a_router_advertisement_now_later_and_after_a_reboot():
    node = Node(default='1', tap1='1', tap2='0', eth0='1')
    difference = ROUTER_ADVERTISEMENTS.difference(node)
    assert 'net.ipv6.conf.default.accept_ra = 0 instead of 1' in difference
    assert 'net.ipv6.conf.tap1.accept_ra = 0 instead of 1' in difference
    assert 'tap2' not in difference and 'eth0' not in difference

    ROUTER_ADVERTISEMENTS.change(node)

    assert ROUTER_ADVERTISEMENTS.difference(node) == ''
    assert node.accept() == {'default': '0', 'tap1': '0', 'tap2': '0', 'eth0': '1'}
    assert 'net.ipv6.conf.default.accept_ra = 0\n' in node.text(FILE)


def test_one_tap_that_somebody_opened_is_closed():
    node = Node(default='0', tap1='0')
    ROUTER_ADVERTISEMENTS.change(node)
    node.kernel.values['net.ipv6.conf.tap1.accept_ra'] = '2'

    assert ROUTER_ADVERTISEMENTS.difference(node) == (
        'net.ipv6.conf.tap1.accept_ra = 0 instead of 2')


def test_an_instance_that_is_deleted_meanwhile_is_no_error():
    node = Node(default='0', tap1='1', tap2='1')
    sysctl = node.programs['sysctl']
    node.programs['sysctl'] = lambda argv, text: sysctl(argv, text) if (
        'tap1' not in argv[2]) else bad('cannot stat ' + node.kernel.values.pop(
            'net.ipv6.conf.tap1.accept_ra'), 255)

    ROUTER_ADVERTISEMENTS.change(node)

    assert ROUTER_ADVERTISEMENTS.difference(node) == ''
    assert node.accept() == {'default': '0', 'tap2': '0'}


def test_an_interrupted_change_is_finished():
    for _, node in at_every_change(
            lambda dies_at: Node(dies_at, default='1', tap1='1'),
            ROUTER_ADVERTISEMENTS.change):
        assert ROUTER_ADVERTISEMENTS.difference(node) == ''


def test_a_kernel_without_ipv6_needs_nothing():
    assert ROUTER_ADVERTISEMENTS.difference(FakeSystem()) == ''
