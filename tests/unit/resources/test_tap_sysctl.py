"""A kernel setting of taps: of those that are there, and of those to come."""

from __future__ import unicode_literals

from calico_fuel.resources.tap_sysctl import TapSysctl
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.sysctl import Sysctl
from tests.unit.fake.system import FakeSystem, bad

ROUTER_ADVERTISEMENTS = TapSysctl('net.ipv6.conf', 'accept_ra', '0')
FILE = '/etc/sysctl.d/60-calico-fuel-net-ipv6-conf-default-accept_ra.conf'


KEY = 'net.ipv6.conf.{}.accept_ra'


def kernel_with(dies_at=None, **values):
    """That of a node whose interfaces have these values."""
    return Sysctl(FakeSystem(dies_at=dies_at), **dict(
        (KEY.format(name).replace('.', '__'), value) for name, value in values.items()))


def accept(kernel):
    return dict((name, kernel[KEY.format(name)])
                for name in kernel.system.names_in('/proc/sys/net/ipv6/conf'))


def test_no_tap_takes_a_router_advertisement_now_later_and_after_a_reboot():
    kernel = kernel_with(default='1', tap1='1', tap2='0', eth0='1')
    node = kernel.system
    difference = ROUTER_ADVERTISEMENTS.difference(node)
    assert 'net.ipv6.conf.default.accept_ra = 0 instead of 1' in difference
    assert 'net.ipv6.conf.tap1.accept_ra = 0 instead of 1' in difference
    assert 'tap2' not in difference and 'eth0' not in difference

    ROUTER_ADVERTISEMENTS.change(node)

    assert ROUTER_ADVERTISEMENTS.difference(node) == ''
    assert accept(kernel) == {'default': '0', 'tap1': '0', 'tap2': '0', 'eth0': '1'}
    assert 'net.ipv6.conf.default.accept_ra = 0\n' in node.text(FILE)


def test_one_tap_that_somebody_opened_is_closed():
    kernel = kernel_with(default='0', tap1='0')
    ROUTER_ADVERTISEMENTS.change(kernel.system)
    kernel[KEY.format('tap1')] = '2'

    assert ROUTER_ADVERTISEMENTS.difference(kernel.system) == (
        'net.ipv6.conf.tap1.accept_ra = 0 instead of 2')


def test_an_instance_that_is_deleted_meanwhile_is_no_error():
    kernel = kernel_with(default='0', tap1='1', tap2='1')
    node = kernel.system
    node.programs['sysctl'] = lambda argv, text: kernel.sysctl(argv, text) if (
        'tap1' not in argv[2]) else bad('cannot stat {}'.format(node.files.pop(
            '/proc/sys/net/ipv6/conf/tap1/accept_ra')), 255)

    ROUTER_ADVERTISEMENTS.change(node)

    assert ROUTER_ADVERTISEMENTS.difference(node) == ''
    assert accept(kernel) == {'default': '0', 'tap2': '0'}


def test_an_interrupted_change_is_finished():
    for _, node in at_every_change(
            lambda dies_at: kernel_with(dies_at, default='1', tap1='1').system,
            ROUTER_ADVERTISEMENTS.change):
        assert ROUTER_ADVERTISEMENTS.difference(node) == ''


def test_a_kernel_without_ipv6_needs_nothing():
    assert ROUTER_ADVERTISEMENTS.difference(FakeSystem()) == ''
