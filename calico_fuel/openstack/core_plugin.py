"""Neutron's core plugin: that it does not change under ports, and is Calico's."""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import checks
from calico_fuel.codes.cluster import CORE_PLUGIN_MISSING, NEUTRON_DOWN
from calico_fuel.errors import NodeError
from calico_fuel.fuel.model import CORE_PLUGIN_RELEASES
from calico_fuel.openstack import networks, neutron, options
from calico_fuel.resources import ini
from calico_fuel.resources.base import STATE, Resource
from calico_fuel.resources.file import text_of
from calico_fuel.resources.restored import restored_options

# Puppet writes ML2 into neutron.conf at each deployment, so that does not tell it.
PATH = STATE + 'core-plugin'
CALICO, ML2 = 'calico', 'ml2'
# That of Calico's plugin, and one of Neutron's own L3 plugin alone (Juno to Ocata).
ROUTER, OF_AGENTS = 'router', 'l3_agent_scheduler'
# A router alone moves no packet, and Fuel's has ports in every environment.
OF_ROUTERS = ('network:router_', 'network:ha_router_')
SECONDS_TO_ANSWER = 10


class CorePlugin(Resource, namedtuple('CorePlugin', 'name')):
    """The plugin of this node's neutron-server is the one of that name.

    A new controller has none yet and takes it: had the environment another one, the
    other controllers would refuse.  Neutron cannot tell a task: Puppet has just started
    ML2.  It tells ``preflight``, which comes before Puppet.
    """

    label_format = 'core plugin {0.name} of Neutron'

    def difference(self, system):
        before = system.read_if_exists(PATH)
        return '' if before == self.name else '{}: {} until now'.format(
            self.label, before or 'none')

    def change(self, system):
        self.refuse(system, system.read_if_exists(PATH))
        system.write(PATH, self.name, 0o600)

    def refuse(self, system, before):
        """NodeError where another plugin than *before* would have its ports."""
        if before not in (None, self.name):
            used = networks.users(
                [port for port in neutron.rows(system, 'port', networks.USER)
                 if not port['device_owner'].startswith(OF_ROUTERS)], ())
            if used:
                raise NodeError(
                    'floating_ips: is {} now, and Neutron has {} ports of the former '
                    'core plugin ({}): {}. Nothing was changed. Set the former value, '
                    'or delete the instances and floating IPs first ("neutron '
                    'port-list" names all ports). If other controllers have "{}" in '
                    '{}, copy that file to this one instead'.format(
                        'on' if self.name == CALICO else 'off', len(used), before,
                        checks.some(used, networks.USERS_NAMED),
                        self.name, PATH))


def resources(environment, node):
    """Nothing where there is no choice: on computes, and up to Kilo."""
    if not node.is_controller or (
            environment.openstack_release not in CORE_PLUGIN_RELEASES):
        return []
    return [CorePlugin(CALICO if environment.has_floating_ips else ML2)]


def before_deployment(system):
    """The name of the present plugin: remembered, or of what Neutron offers.

    None on a new node, which has no credentials yet, and without an answer.
    """
    before = system.read_if_exists(PATH)
    if before or not system.exists(neutron.CREDENTIALS):
        return before
    try:
        found = _extensions(system)
    except NodeError:
        return None
    return (ML2 if OF_AGENTS in found else CALICO) if ROUTER in found else None


def _extensions(system):
    return [row['alias'] for row in neutron.rows(
        system, 'ext', ('alias',), SECONDS_TO_ANSWER)]


def options_of_ml2(environment, system):
    """Without floating IPs: the former options that Calico's plugin still replaces.

    On Fuel 9 Puppet does not write them where only that setting changes.  One that has
    another value than Calico's is newer than the copy.
    """
    if environment.has_floating_ips:
        return []
    found = []
    wanted = options.calico_plugin(environment.openstack_release)
    # neutron.conf last, because by it the next run finishes an interrupted one.
    for path in (options.ML2_CONF, options.NEUTRON_CONF):
        text = text_of(system, path) or ''
        left = [(section, option, value)
                for section, values in wanted.get(path, {}).items()
                for option, value in sorted(values.items())
                if ini.value_of(text, section, option) == value]
        if left and _was_calico(system):
            found += restored_options(system, path, left)
    return found


def _was_calico(system):
    return system.read_if_exists(PATH) == CALICO or ini.value_of(
        text_of(system, options.NEUTRON_CONF) or '', 'DEFAULT', 'core_plugin') == CALICO


def checks_of(environment, node, system):
    """Checks of a controller: neutron-server offers what floating IPs need."""
    if not (node.is_controller and environment.has_floating_ips):
        return []
    subject, expected = "Neutron's core plugin", "Calico's"
    try:
        found = _extensions(system)
    except NodeError as error:
        return [checks.fault(NEUTRON_DOWN, subject, 'unknown', expected, error.args[0])]
    if ROUTER in found and OF_AGENTS not in found:
        return [checks.good(CORE_PLUGIN_MISSING, subject, expected, expected)]
    return [checks.fault(
        CORE_PLUGIN_MISSING, subject, "ML2's: it has the extension {}".format(OF_AGENTS)
        if OF_AGENTS in found else "not Calico's: it lacks the extension " + ROUTER,
        expected, 'Run calico-fuel neutron-server on each controller')]
