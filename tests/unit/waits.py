"""How long an attempt of each task can take, by the bounds of its longest waits."""

from __future__ import unicode_literals

from calico_fuel.bgp import bird_conf
from calico_fuel.bgp import held_routes
from calico_fuel.bgp import path_mtu
from calico_fuel.calico import keys
from calico_fuel.cli import source
from calico_fuel.etcd import client
from calico_fuel.etcd import proxy
from calico_fuel.etcd import service as member_service
from calico_fuel.etcd import walk
from calico_fuel.openstack import agents
from calico_fuel.openstack import neutron
from calico_fuel.openstack import pacemaker
from calico_fuel.packages import apt
from calico_fuel.packages import installation
from calico_fuel.resources import service
from calico_fuel.tasks import verify

FOR_LOCK = source.SECONDS_FOR_LOCK
# An API of Neutron that is away, an etcd that is slow, and members in turns: Fuel 9.0
# and 9.1 end such an attempt after 300 s, and make another.
LATE = {
    'cleanup': neutron.SECONDS_TO_COME_BACK + client.SECONDS_TO_READ,
    # A healthy member can wait to restart after its steps.
    'etcd': (member_service.SECONDS_FOR_LOCK + member_service.SECONDS_TO_BE_HEALTHY
             + service.SECONDS_TO_START)}
ON_ANY = {
    'packages': installation.SECONDS + apt.SECONDS_FOR_DPKG,
    'etcd': (walk.SECONDS_FOR_ALL + walk.Walk.seconds_to_settle
             + walk.SECONDS_FOR_URLS + walk.WalkOfUrls.seconds_to_settle),
    'route-reflector': (keys.SECONDS + bird_conf.SECONDS_TO_COME
                        + service.SECONDS_TO_START),
    'networks': neutron.SECONDS_TO_COME_BACK,
    # On a reflector; on a compute that is none, or beside it, once more.
    'release-routes': held_routes.SECONDS_TO_LEARN,
    # The workloads in etcd: for two checks, and for what the tasks want; those of this
    # host.
    'verify': (3 * keys.SECONDS + client.SECONDS_TO_ASK + path_mtu.SECONDS_FOR_ALL
               + verify.SECONDS_TO_SETTLE + verify.SECONDS_TO_RESTART),
}
ON_COMPUTES = {
    'compute': (keys.SECONDS + bird_conf.SECONDS_TO_COME + service.SECONDS_TO_START
                + 2 * proxy.SECONDS_TO_ANSWER + proxy.SECONDS_TO_LEARN),
    'release-routes': held_routes.SECONDS_TO_LEARN,
}
ON_OTHERS = {
    'cleanup': pacemaker.SECONDS_TO_STOP + agents.SECONDS_TO_DIE,
}


def of(task, roles):
    """What a node with all of *roles* can wait for in a task; or a service's start."""
    tables = [ON_ANY] + [ON_COMPUTES] * ('compute' in roles) + [ON_OTHERS] * bool(
        set(roles) - set(['compute']))
    return sum(table.get(task, 0) for table in tables) or service.SECONDS_TO_START
