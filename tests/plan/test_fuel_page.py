"""The test plan's case 3: what the web page of a Fuel master shows of the plugin.

Nailgun and its web page are stand-ins; see test_fuel_client.
"""

import pytest

from tests.plan.fuel_master import TITLE, edition
from tests.plan.nailgun_page import Section


@pytest.mark.plan('verify_calico_in_fuel_web_ui')
@pytest.mark.parametrize('fuel, tab', [
    ('6.1', 'Settings'),
    ('7.0', 'Settings, ' + TITLE),
    ('8.0 with updates', 'Networks, Other'),
    ('9.2', 'Networks, Other'),
])
def test_the_page_has_the_tick_box_and_every_setting(
        make_master, rpms, fuel, tab, record_property):
    """A new environment has the tick box "Use Calico Virtual Networking".

    It is not ticked, it can be, and every setting is drawn below it.
    """
    record_property('stand_in', 'web page')
    master = make_master(fuel)
    master.must('plugins', '--install', rpms[edition(fuel)])
    environment = master.create_environment()

    shown = master.section(environment)
    ticking = master.tick(environment)

    assert (shown.tab, shown.ticked, shown.blocked) == (tab, False, '')
    assert shown.settings == [
        'AS number', 'BGP password', 'Fast failure detection (BFD)', 'External peers',
        'Network name', 'Network CIDR', 'Network gateway', 'Instance CIDRs',
        'Outbound router', 'Remove default networks', 'Clean up Open vSwitch']
    assert ticking.status == 0, ticking
    assert master.section(environment).ticked


@pytest.mark.plan('verify_calico_in_fuel_web_ui')
def test_fuel_8_0_without_updates_has_the_tick_box_alone(
        make_master, rpms, record_property):
    """Fuel 8.0 without updates shows no settings: Launchpad bug 1587134.

    It reads none of a plugin with a format older than 3.0.0, and ours has 2.0.0,
    for Fuel 6.1; nor does it learn that the plugin asks for the tab Networks.  This
    is the limit written down, not a wish.
    """
    record_property('stand_in', 'web page')
    master = make_master('8.0')
    master.must('plugins', '--install', rpms['fuel-6.1-8.0'])
    environment = master.create_environment()

    assert master.section(environment) == Section(
        'Settings, Other', TITLE, ticked=False, blocked='', settings=[])
    assert master.tick(environment).status == 0
