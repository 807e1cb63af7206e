"""Records in Neutron of agents that are gone."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel.openstack import neutron
from calico_fuel.resources.base import Resource

# What the client prints for "alive": ":-)" or "xxx".
DEAD = 'xxx'
# Neutron considers an agent dead this long after its last report (the wanted
# agent_down_time of 60 s, and a margin).
SECONDS_TO_DIE = 75
SECONDS_BETWEEN_LOOKS = 5


class NoRecords(Resource, namedtuple('NoRecords', 'agents')):
    """Neutron has no record of a dead agent among ``agents``.

    These are pairs of a binary and the names of its hosts, None for any host.
    Records of running agents are left alone, because such an agent creates a new one.
    So ``difference`` first waits until Neutron considers agents dead that were just
    stopped.
    """

    __slots__ = ()
    label_format = 'no records of agents that are gone'

    def difference(self, system):
        system.eventually(
            lambda: all(_is_dead(record) for record in self._records(system)),
            SECONDS_TO_DIE, SECONDS_BETWEEN_LOOKS)
        return '\n'.join('{} on {}: is recorded, and dead'.format(
            record['binary'], record['host']) for record in self._dead(system))

    def change(self, system):
        for record in self._dead(system):
            neutron.change(system, 'agent-delete', record['id'])

    def _dead(self, system):
        return [record for record in self._records(system) if _is_dead(record)]

    def _records(self, system):
        hosts_of = dict(self.agents)
        return [record for record in records(system)
                if record['binary'] in hosts_of and (
                    hosts_of[record['binary']] is None
                    or record['host'] in hosts_of[record['binary']])]


def _is_dead(record):
    return record['alive'] == DEAD


def records(system):
    """Neutron's records of agents."""
    return neutron.rows(system, 'agent', ('binary', 'host', 'id', 'alive'))
