"""Agents that pacemaker no longer runs, on controllers that share its configuration."""

from __future__ import unicode_literals

from xml.etree import ElementTree

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.errors import CommandError
from calico_fuel.openstack.pacemaker import Startable
from calico_fuel.openstack.pacemaker import Stopped
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.pacemaker import Pacemaker
from tests.unit.fake.system import FakeSystem, bad

DHCP, L3, OTHER = 'p_neutron-dhcp-agent', 'p_neutron-l3-agent', 'p_haproxy'
WANTED = Stopped([DHCP, L3, 'neutron-l3-agent'])


def node(dies_at=None, **options):
    system = FakeSystem(dies_at=dies_at)
    system.pacemaker = Pacemaker(system, [DHCP, L3, OTHER], **options)
    return system


def states(system):
    return [outcome.state for outcome in converge([WANTED], system)]


def text(pacemaker):
    return ElementTree.tostring(pacemaker.resources).decode('utf-8')


def test_agents_are_stopped_everywhere_and_stay_in_the_configuration():
    """So that Fuel's Puppet finds them on its next run."""
    system = node()
    assert WANTED.difference(system) == (
        'clone_p_neutron-dhcp-agent: may run\nclone_p_neutron-l3-agent: may run\n'
        'p_neutron-dhcp-agent: runs on node-1, node-2\n'
        'p_neutron-l3-agent: runs on node-1, node-2')

    assert states(system) == [CHANGED]
    changes = system.changes
    assert states(system) == [UNCHANGED]

    assert system.changes == changes
    assert [system.pacemaker.running[name] > 0 for name in (DHCP, L3, OTHER)] == [
        False, False, True]
    assert 'id="clone_p_neutron-l3-agent"' in text(system.pacemaker)
    assert 'name="interleave" value="true"' in text(system.pacemaker)


@pytest.mark.parametrize('is_clone', [True, False])
@pytest.mark.parametrize('roles', [
    (), ('clone',), ('primitive',), ('clone', 'primitive')])
def test_whatever_puppet_set_to_started_is_stopped(is_clone, roles):
    """It sets target-role at the clone, at the primitive, or at both."""
    system = FakeSystem()
    pacemaker = Pacemaker(system)
    pacemaker.add(DHCP, is_clone, roles)

    assert states(system) == [CHANGED]

    assert not pacemaker.may_run(DHCP)
    assert 'Started' not in text(pacemaker)
    assert states(system) == [UNCHANGED]


def test_agents_that_stop_already_are_waited_for():
    """Another controller was first to say so; its own stop is not over."""
    system = node()
    states(system)
    system.pacemaker.running[L3] = 5

    assert WANTED.difference(system) == 'p_neutron-l3-agent: runs on node-1, node-2'
    changes = system.changes
    assert states(system) == [CHANGED]

    assert (system.pacemaker.running[L3], system.changes) == (0, changes)


def test_an_agent_that_does_not_stop_is_an_error_with_its_cure():
    system = node()
    system.pacemaker.blocked.add(L3)

    outcome, = converge([WANTED], system)

    assert outcome.state == FAILED
    assert outcome.difference.startswith(
        'p_neutron-l3-agent: has target-role Stopped, and still runs on node-1, node-2 '
        'after 90 s. See "crm_mon -1 -r -f"')
    assert DHCP not in outcome.difference


def test_a_resource_that_somebody_deletes_meanwhile_is_fine():
    system = node()

    def delete(pacemaker):
        for clone in pacemaker.resources.findall('clone'):
            if clone.get('id') == 'clone_' + DHCP:
                pacemaker.resources.remove(clone)
    system.pacemaker.meanwhile = delete

    assert states(system) == [CHANGED]
    assert not system.pacemaker.may_run(L3)


def test_a_change_that_pacemaker_refuses_is_told():
    system = node()
    query = system.pacemaker.cibadmin
    system.programs['cibadmin'] = lambda argv, given: (
        query(argv, given) if '--query' in argv else bad('Permission denied', 4))

    outcome, = converge([WANTED], system)

    assert outcome.state == FAILED and 'Permission denied' in outcome.difference


def test_without_pacemaker_there_is_nothing_to_do():
    system = FakeSystem()
    system.programs['cibadmin'] = None

    assert WANTED.difference(system) == ''


def test_a_pacemaker_that_is_down_is_an_error():
    """What it will start cannot be known."""
    system = node()
    system.programs['cibadmin'] = lambda argv, given: bad('Could not connect', 102)

    with pytest.raises(CommandError):
        WANTED.difference(system)


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(node, states):
        assert text(system.pacemaker) == text(whole.pacemaker)
        assert states(system) == [UNCHANGED]


def test_no_password_of_an_agent_is_told():
    """Fuel 6.1 gives the DHCP agent's resource a password."""
    system = node()
    system.pacemaker.blocked.add(DHCP)

    outcome, = converge([WANTED], system)

    assert 's3cret' in text(system.pacemaker)
    assert 's3cret' not in outcome.difference + WANTED.difference(system)


@pytest.mark.parametrize('roles', [(), ('clone',), ('primitive', 'clone')])
def test_what_was_stopped_may_run_again_and_others_stay_as_they_are(roles):
    system = node()
    system.pacemaker.add('p_other', roles=roles)
    system.pacemaker.add('p_dhcp', roles=roles)
    again = [Startable(['p_dhcp', DHCP, L3])]
    list(converge([Stopped(['p_dhcp', DHCP, L3])], system))
    assert not system.pacemaker.may_run(DHCP)
    assert 'clone_p_dhcp: must not run' in again[0].difference(system)

    assert [o.state for o in converge(again, system)] == [CHANGED]
    assert [o.state for o in converge(again, system)] == [UNCHANGED]

    for name in 'p_dhcp', DHCP, L3, OTHER, 'p_other':
        assert system.pacemaker.may_run(name)
    assert 'Stopped' not in text(system.pacemaker)
