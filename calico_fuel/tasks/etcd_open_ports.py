"""Open etcd's ports to new nodes before those nodes look for the cluster (Fuel 9).

Fuel 9's graph runs this on all nodes before the task ``etcd`` of any.  A new node that
reaches no member would consider the cluster lost.  A leaving member waits for the new
members, so neither could wait for the other's task ``etcd``.
"""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.etcd import settings
from calico_fuel.tasks import firewall


def resources(environment, node, system):
    if not (roles.uses_etcd(environment, node) and system.exists(settings.MEMBER_DIR)):
        return []
    return [firewall.etcd_member(environment, node, system)]
