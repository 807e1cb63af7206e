"""Kernel settings, now and at the next boot."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import NodeError
from calico_fuel.resources.sysctl import LeastSysctl, Sysctl
from tests.unit.fake.sysctl import Sysctl as Program
from tests.unit.fake.system import FakeSystem, bad

RP_FILTER = Sysctl('net.ipv4.conf.all.rp_filter', '1', others=('0',))
LEAST = LeastSysctl('net.core.optmem_max', '2097152')
FORWARD = Sysctl('net.ipv4.ip_forward', '1')


def test_a_setting_holds_now_and_after_a_reboot():
    system = FakeSystem()
    kernel = Program(system, net__ipv4__ip_forward='0')
    assert FORWARD.difference(system) == 'net.ipv4.ip_forward = 1 instead of 0'

    FORWARD.change(system)

    assert kernel['net.ipv4.ip_forward'] == '1'
    assert 'net.ipv4.ip_forward = 1\n' in system.text(
        '/etc/sysctl.d/60-calico-fuel-net-ipv4-ip_forward.conf')
    assert FORWARD.difference(system) == ''


def test_a_setting_that_somebody_made_by_hand_is_kept_for_the_next_boot():
    system = FakeSystem()
    Program(system, net__ipv4__ip_forward='1')

    assert 'not kept for the next boot' in FORWARD.difference(system)


@pytest.mark.parametrize('value, is_fine', [('0', True), ('1', True), ('2', False)])
def test_a_value_that_works_as_well_is_left_alone(value, is_fine):
    """Felix refuses to start with the loose check (2) only."""
    system = FakeSystem()
    Program(system, net__ipv4__conf__all__rp_filter=value)

    assert (RP_FILTER.difference(system) == '') == is_fine
    if not is_fine:
        RP_FILTER.change(system)
        assert RP_FILTER.difference(system) == ''


@pytest.mark.parametrize('value, is_fine', [
    ('20480', False), ('2097152', False), ('4194304', True)])
def test_more_than_the_least_is_left_alone_and_the_least_is_kept_for_the_next_boot(
        value, is_fine):
    system = FakeSystem()
    kernel = Program(system, net__core__optmem_max=value)

    assert (LEAST.difference(system) == '') == is_fine
    LEAST.change(system)
    assert kernel['net.core.optmem_max'] == '2097152'
    assert LEAST.difference(system) == ''


def test_a_kernel_that_refuses_is_told_with_the_fix():
    system = FakeSystem()
    Program(system, net__ipv4__ip_forward='0')
    system.programs['sysctl'] = lambda argv, text: bad('permission denied', 1)

    with pytest.raises(NodeError) as error:
        FORWARD.change(system)

    assert 'permission denied' in str(error.value)
    assert 'set net.ipv4.ip_forward = 1 on its host' in str(error.value)
