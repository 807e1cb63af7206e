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
SECONDS_BETWEEN_POLLS = 5


class NoRecords(Resource, namedtuple('NoRecords', 'agents stopped')):
    """Neutron has no record of a dead agent among ``agents``.

    These are pairs of a binary and the names of its hosts, None for any host.
    Records of running agents are left alone, because such an agent creates a new one.
    On the hosts ``stopped`` none runs any more: ``change`` waits until Neutron
    considers them dead.
    """

    label_format = 'no records of agents that are gone'

    def difference(self, system):
        return '\n'.join('{} on {}: is recorded, and does not run'.format(
            record['binary'], record['host']) for record in self._records(system))

    def change(self, system):
        for record in system.eventually(
                lambda: self._records(system), SECONDS_TO_DIE, SECONDS_BETWEEN_POLLS,
                until=lambda found: all(record['alive'] == DEAD for record in found)):
            if record['alive'] == DEAD:
                neutron.change(system, 'agent-delete', record['id'])

    def _records(self, system):
        """Those of dead agents, and of agents that are stopped."""
        hosts_of = dict(self.agents)
        return [record for record in records(system)
                if record['binary'] in hosts_of and (
                    hosts_of[record['binary']] is None
                    or record['host'] in hosts_of[record['binary']])
                and (record['alive'] == DEAD or record['host'] in self.stopped)]


def records(system):
    """Neutron's records of agents."""
    return neutron.rows(system, 'agent', ('binary', 'host', 'id', 'alive'))
