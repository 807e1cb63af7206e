"""A default gateway for workloads other than the node's own (policy routing).

By source address and not by a mark, so that no bit of Felix's marks is touched, and
so that the strict check of source addresses (``rp_filter`` 1, which Felix wants)
finds for replies the same way back.  What goes to workloads or to the deployment's
own networks follows the main table: by routes and not by rules, since there can be
hundreds of them (where Fuel tells the address of each node of another rack), and the
kernel goes through its rules one by one.
"""

from __future__ import unicode_literals

from calico_fuel import addresses
from calico_fuel import render
from calico_fuel.resources.file import NoFile
from calico_fuel.resources.ip_rules import FIRST
from calico_fuel.resources.ip_rules import PolicyRouting
from calico_fuel.resources.ip_rules import TABLE


def resources(environment, node, system):
    """Of a compute; empty where none is asked for and none was."""
    gateway = environment.settings.workload_gateway
    if gateway is None or not node.is_compute:
        return none(system)
    text = addresses.format_ipv4(gateway)
    prefixes = environment.workload_prefixes
    rules = tuple((FIRST + number, 'from {}'.format(addresses.shown(prefix)),
                   '{}'.format(TABLE)) for number, prefix in enumerate(prefixes))
    stay = tuple(addresses.shown(prefix) for prefix in addresses.without_covered(
        tuple(prefixes) + tuple(environment.networks)))
    script = render.gateway(text, TABLE, rules, stay)._replace(mode=0o755)
    return [script, PolicyRouting(text, rules, stay, script.path)]


def none(system):
    """Without one, as it was before there was one."""
    if not system.exists(render.GATEWAY_SCRIPT):
        return []
    return [PolicyRouting(None, (), (), None), NoFile(render.GATEWAY_SCRIPT)]
