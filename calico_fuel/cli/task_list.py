"""The tasks that Fuel and cron run: the only list of them."""

from __future__ import unicode_literals

from calico_fuel.tasks import (
    cleanup, compute, cron, etcd, etcd_open_ports, hiera, hold_routes, networks,
    neutron_server, packages, preflight, release_routes, route_reflector, verify)

# Name, module and what it does, in the order of the help and of ``verify``.
TASKS = (
    ('preflight', preflight,
     'Check whether the deployment can work, and report every problem.'),
    ('hiera', hiera, "Keep Fuel's own tasks from building Open vSwitch (Fuel 9)."),
    ('hold-routes', hold_routes,
     "Pin routes while the deployment resets BGP sessions."),
    ('packages', packages, "Install the packages from the plugin's repository."),
    ('etcd-open-ports', etcd_open_ports,
     "Open the ports of this node's etcd member to new nodes (Fuel 9)."),
    ('etcd', etcd, 'Make this node a member of the etcd cluster, or a proxy.'),
    ('neutron-server', neutron_server,
     "Let Neutron use Calico, on a controller."),
    ('route-reflector', route_reflector, 'Make this node a BGP route reflector.'),
    ('compute', compute, 'Make this compute route the traffic of its instances.'),
    ('release-routes', release_routes,
     'Remove the pins of "hold-routes" that are needed no more.'),
    ('cleanup', cleanup,
     'Remove the parts of the layer-2 network that Calico does not need.'),
    ('cron', cron, 'Let cron run "refresh" (Fuel 6.1-8.0).'),
    ('networks', networks, 'Create and delete Neutron networks, and what floating IPs '
     'need, as the settings ask, on the primary controller.'),
    ('verify', verify,
     'Check whether everything works, and report every failure with its fix.'),
)
MODULES = dict((name, module) for name, module, _ in TASKS)
# What depends on the list of nodes; sessions first: they do not wait for etcd.
OF_THE_LIST = ('route-reflector', 'etcd', 'compute')
# What ``verify`` compares: "etcd-open-ports" is a part of "etcd", and what the two of
# pinned routes want does not last.
COMPARED = tuple((name, module) for name, module, _ in TASKS if name not in (
    'preflight', 'verify', 'etcd-open-ports', 'hold-routes', 'release-routes'))
