"""Who comes may ask those who have etcd's data, before it asks (Fuel 9).

The graph of Fuel 9 runs this on all nodes before the task ``etcd`` of any: a newcomer
that hears nobody would have to take the etcd cluster for lost, and one that leaves
waits for the newcomers, so none could wait for the other's ``etcd``.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.etcd import settings
from calico_fuel.tasks import firewall


def resources(environment, node, system):
    if not (roles.uses_etcd(environment, node) and system.exists(settings.MEMBER_DIR)):
        return []
    return [firewall.etcd_member(environment, node)]
