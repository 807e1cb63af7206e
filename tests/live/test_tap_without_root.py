"""A QEMU that is not root opens the tap that Nova has created for it."""

import sys

import pytest

from lab.machine import programs

# Without capabilities, as libvirt starts QEMU; TUNSETIFF with IFF_TAP and IFF_NO_PI.
OPEN = """
import fcntl, os, struct, sys
handle = os.open('/dev/net/tun', os.O_RDWR)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
fcntl.ioctl(handle, 0x400454ca, struct.pack('16sH22x', sys.argv[1].encode(), 0x1002))
"""


def opened(name, create):
    """Whether it can be opened in a network namespace that *create* has prepared."""
    return programs.result(['unshare', '--net', 'sh', '-ec', create + '; exec "$@"',
                            'sh', sys.executable, '-c', OPEN, name])


@pytest.fixture(autouse=True)
def needs(demand):
    demand(programs=['ip', 'unshare'])


def test_the_tap_of_nova_is_opened_without_root():
    """Nova 2014.2 to 13 create it so: nova.network.linux_net.create_tap_dev."""
    assert opened('tap1', 'ip tuntap add tap1 mode tap').status == 0


@pytest.mark.parametrize('create', ['true', 'ip tuntap add tap1 mode tap user root'])
def test_a_tap_that_is_missing_or_has_another_owner_is_not(create):
    found = opened('tap1', create)

    assert found.status == 1 and 'PermissionError' in found.stderr
