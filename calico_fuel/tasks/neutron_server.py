"""Neutron with the Calico mechanism driver or core plugin, on controllers."""

from __future__ import unicode_literals

from calico_fuel.openstack import core_plugin, options as openstack_options
from calico_fuel.packages.package import Package
from calico_fuel.resources.options import Options
from calico_fuel.resources.service import Service
from calico_fuel.tasks import earlier_plugin

SERVICE = 'neutron-server'
# A file of start scripts. Without this variable eventlet's own resolver, which has no
# IPv6, is used for "localhost" where /etc/hosts has ::1.
ENVIRONMENT = Options('/etc/default/neutron-server', [
    ('', 'export EVENTLET_NO_GREENDNS', 'yes')], needs_file=False)


def resources(environment, node, system):
    if not node.is_controller:
        return []
    options = [Options(path, openstack_options.options_of(environment, node, path))
               for path in (openstack_options.NEUTRON_CONF, openstack_options.ML2_CONF)]
    loaded = options + [ENVIRONMENT]
    # A refusal comes first, so that it changes nothing.
    return core_plugin.resources(environment, node) + (
        core_plugin.options_of_ml2(environment, system)) + loaded + [
            Service(SERVICE, tuple(loaded + [
                Package('calico-control'), Package('neutron-server')]))] + (
                    earlier_plugin.hosts(system))
