"""Neutron with the Calico mechanism driver, on controllers."""

from __future__ import unicode_literals

from calico_fuel import openstack
from calico_fuel.resources.options import Options
from calico_fuel.resources.package import Package
from calico_fuel.resources.service import Service
from calico_fuel.tasks import predecessor

SERVICE = 'neutron-server'
# What start scripts read. Without it eventlet's own resolver, which knows no
# IPv6, answers for "localhost" where /etc/hosts has ::1.
ENVIRONMENT = Options('/etc/default/neutron-server', [
    ('', 'export EVENTLET_NO_GREENDNS', 'yes')], needs_file=False)


def resources(environment, node, system):
    if not node.is_controller:
        return []
    options = [Options(path, openstack.options_of(environment, node, path))
               for path in (openstack.NEUTRON_CONF, openstack.ML2_CONF)]
    loaded = options + [ENVIRONMENT]
    return loaded + [Service(SERVICE, tuple(loaded + [
        Package('calico-control'), Package('neutron-server')]))] + (
            predecessor.hosts(system))
