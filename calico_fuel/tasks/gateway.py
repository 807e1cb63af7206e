"""A default gateway for workloads other than the node's own (policy routing).

The rules match source addresses, not marks: so they use no bit of Felix's marks, and
the strict check of source addresses (``rp_filter`` 1, which Felix needs) finds the same
route back for replies.  Traffic to workloads or to the deployment's own networks uses
the main table.  Routes do that, not rules: there can be hundreds of such networks (one
for each node of another rack), and the kernel tries its rules one by one.

The gateway is that of the settings, or an external peer with import=default.  Then BIRD
adds and removes the route of the table; without it the node's own default route counts.
"""

from __future__ import unicode_literals

from calico_fuel import addresses, render
from calico_fuel.bgp import outside
from calico_fuel.resources.file import File, NoFile
from calico_fuel.resources.ip_rules import FIRST, PolicyRouting, TABLE


def resources(environment, node, system):
    """The gateway of a compute; empty if none is set now and none was before."""
    gateway = environment.settings.workload_gateway
    if not node.is_compute or gateway is None and not outside.default_routers(
            environment, node):
        return none(system)
    text = None if gateway is None else addresses.format_ipv4(gateway)
    prefixes = environment.workload_prefixes
    rules = tuple((FIRST + number, 'from {} lookup {}'.format(
        addresses.shown(prefix), TABLE)) for number, prefix in enumerate(prefixes))
    stay = tuple(addresses.shown(prefix) for prefix in addresses.without_covered(
        tuple(prefixes) + tuple(environment.networks)))
    script = File(render.GATEWAY_SCRIPT, render.gateway(
        text, TABLE, rules, stay), 0o755)
    return [script, PolicyRouting(text, rules, stay, script.path)]


def none(system):
    """No gateway, as before one was set."""
    if not system.exists(render.GATEWAY_SCRIPT):
        return []
    return [PolicyRouting(None, (), (), None), NoFile(render.GATEWAY_SCRIPT)]
