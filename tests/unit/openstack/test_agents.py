"""Records of agents that are gone are deleted, those of agents that run stay."""

from __future__ import unicode_literals

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack.agents import NoRecords
from tests.unit.fake.system import FakeSystem
from tests.unit.tasks.test_cleanup import Agents


def test_records_of_agents_that_live_stay():
    """A compute whose clean-up failed: nobody waits for it."""
    system = FakeSystem()
    neutron = Agents(system)
    neutron.record('neutron-l3-agent', 'node-2', dies=False)
    neutron.record('neutron-l3-agent', 'node-3', alive='xxx')
    before = system.clock

    states = [o.state for o in converge(
        [NoRecords([('neutron-l3-agent', None)], ())] * 2, system)]

    assert states == [CHANGED, UNCHANGED]
    assert neutron.left() == [('neutron-l3-agent', 'node-2')]
    assert system.clock - before < 1


def test_an_agent_that_lives_although_pacemaker_stopped_it_is_waited_for_and_told():
    system = FakeSystem()
    neutron = Agents(system)
    neutron.record('neutron-l3-agent', 'node-1', dies=False)
    neutron.record('neutron-l3-agent', 'node-2')
    before = system.clock

    outcome, = converge(
        [NoRecords([('neutron-l3-agent', None)], ('node-1', 'node-2'))], system)

    assert outcome.state == FAILED
    assert 'neutron-l3-agent on node-1: is recorded' in outcome.difference
    assert neutron.left() == [('neutron-l3-agent', 'node-1')]
    assert 75 <= system.clock - before < 90
