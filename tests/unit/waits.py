"""How long an attempt of each task can take, by the bounds of its longest waits."""

from __future__ import unicode_literals

from calico_fuel import (
    commands, departed, endpoints, etcd_keys, installation, neutron, topology)
from calico_fuel.resources import (
    agent_record, handed_over, no_member, pacemaker, proxy_cache, service)
from calico_fuel.tasks import release, verify

FOR_LOCK = commands.SECONDS_FOR_LOCK
# Which nodes are in the environment, before each task; only up to Fuel 8.0.
# The pings, and what a BIRD that was restarted just now has to come back.
TO_JUDGE = (departed.MOST_PINGED * departed.seconds_of_silence(departed.ECHO_REQUESTS)
            + topology.RESTART_WAIT)
# An API of Neutron that is away, and an etcd that is slow: Fuel 9.0 and 9.1 end such an
# attempt after 300 s, and make another.
LATE = {'cleanup': neutron.SECONDS_TO_COME_BACK + etcd_keys.SECONDS_TO_READ}
ON_ANY = {
    'packages': installation.SECONDS,
    # A member that is healthy waits to restart instead, which is less.
    'etcd': no_member.SECONDS_TO_SETTLE + no_member.SECONDS_FOR_ALL,
    'route-reflector': handed_over.SECONDS_TO_COME + service.SECONDS_TO_START,
    'networks': neutron.SECONDS_TO_COME_BACK,
    'verify': verify.SECONDS_TO_SETTLE + verify.SECONDS_TO_RESTART + (
        departed.MOST_PINGED * departed.seconds_of_silence()),
}
ON_COMPUTES = {
    'compute': (handed_over.SECONDS_TO_COME + service.SECONDS_TO_START
                + proxy_cache.SECONDS_TO_ANSWER),
    'release': endpoints.SECONDS + release.SECONDS_TO_COME_BACK,
}
ON_OTHERS = {
    # Twice where an agent lives that another run has to stop: before and after the
    # records of the dead are removed.
    'cleanup': pacemaker.SECONDS_TO_STOP + 2 * agent_record.SECONDS_TO_DIE,
}


def of(task, roles):
    """What a node with all of *roles* can wait for in a task; or a service's start."""
    tables = [ON_ANY] + [ON_COMPUTES] * ('compute' in roles) + [ON_OTHERS] * bool(
        set(roles) - set(['compute']))
    return sum(table.get(task, 0) for table in tables) or service.SECONDS_TO_START
