"""The tasks that Fuel and cron run: the only list of them."""

from __future__ import unicode_literals

import importlib
from collections import namedtuple


class Task(namedtuple('Task', 'name text')):
    """A task, and what it does in a sentence."""

    def module(self):
        """Its module, which is imported only now: a run needs few of all modules, and
        each costs it time."""
        return importlib.import_module(
            str('calico_fuel.tasks.' + self.name.replace('-', '_')))

    def resources(self, environment, node, system):
        """What it wants."""
        return self.module().resources(environment, node, system)


# In the order of the help and of ``verify``.
TASKS = tuple(Task(*one) for one in (
    ('preflight', 'Check whether the deployment can work, and report every problem.'),
    ('hiera', "Keep Fuel's own tasks from building Open vSwitch (Fuel 9)."),
    ('hold-routes', "Pin routes while the deployment resets BGP sessions."),
    ('packages', "Install the packages from the plugin's repository."),
    ('etcd-open-ports',
     "Open the ports of this node's etcd member to new nodes (Fuel 9)."),
    ('etcd', 'Make this node a member of the etcd cluster, or a proxy.'),
    ('neutron-server', "Let Neutron use Calico, on a controller."),
    ('route-reflector', 'Make this node a BGP route reflector.'),
    ('compute', 'Make this compute route the traffic of its instances.'),
    ('release-routes', 'Remove each pinned route that BGP has learned again.'),
    ('cleanup', 'Remove the parts of the layer-2 network that Calico does not need.'),
    ('cron', 'Let cron run "refresh" (Fuel 6.1-8.0).'),
    ('networks', 'Create and delete Neutron networks, and what floating IPs need, as '
     'the settings ask, on the primary controller.'),
    ('verify',
     'Check whether everything works, and report every failure with its fix.'),
))
BY_NAME = dict((task.name, task) for task in TASKS)
# What depends on the list of nodes; sessions first: they do not wait for etcd.
OF_THE_LIST = ('route-reflector', 'etcd', 'compute')
# What ``verify`` compares: "etcd-open-ports" is a part of "etcd", and what the two of
# pinned routes want does not last.
COMPARED = tuple((task.name, task) for task in TASKS if task.name not in (
    'preflight', 'verify', 'etcd-open-ports', 'hold-routes', 'release-routes'))


def load(names):
    """Import the tasks with these names before a run waits.

    The plugin may be updated meanwhile, and a run must not mix two versions.
    """
    for name in names:
        BY_NAME[name].module()
