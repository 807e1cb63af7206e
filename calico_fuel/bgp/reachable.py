"""No existing workload loses its route by new workload prefixes.

BIRD would withdraw the route of each workload outside of them, on every node.  This is
the first resource of a task, so that a failure changes nothing.  A workload that was
outside before loses nothing: any tenant can make one, and it must block nobody.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import addresses, checks, roles
from calico_fuel.bgp import bird, kernel, route_policy
from calico_fuel.calico import endpoints, keys
from calico_fuel.codes.bgp import OUTSIDE_CIDRS
from calico_fuel.errors import SettingsError
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.resources.base import Resource

MOST_NAMED = 5
# Of whichever plugin; the bird.conf that BIRD's package brings has none.
HAS_SESSION = re.compile(r'(?m)^\s*protocol bgp\b')
# As the template writes them.
PREFIXES = re.compile(r'(?m)^define workload_prefixes = \[\n([^\]]*)\];')
PREFIX = re.compile(r'(?m)^ *([0-9.]+/[0-9]+)\+,?$')


class Reachable(Resource, namedtuple('Reachable', 'source prefixes directories')):
    """The Prefixes cut off no workload; ``source`` is their file.

    Checked are the taps of this node and what etcd has below ``directories``.
    """

    label_format = 'instances in workload_prefixes'

    def difference(self, system):
        """Empty; SettingsError with the address and place of who loses a route."""
        found = places(system, self.directories)
        lost, _ = self._outside(system, found)
        if lost:
            raise SettingsError('{}: {}'.format(self.source, PLUGIN_NAME), [
                'workload_prefixes: {} of {} instances would lose their routes: {}. '
                'Nothing was changed. Add the CIDRs of their networks ("Instance '
                'CIDRs" on the page)'.format(
                    len(lost), len(found), _named(lost, found))])
        return ''

    def notes(self, system):
        """Checks of the workloads that have no route already."""
        found = places(system, self.directories)
        _, cut_off = self._outside(system, found)
        if not cut_off:
            return []
        return [checks.fault(
            OUTSIDE_CIDRS, 'routes of instances', 'none for ' + _named(cut_off, found),
            'one for each', (
                'They are outside of the instance CIDRs, so they have no route. If '
                'they need one, add their networks to the instance CIDRs and deploy '
                'changes'))]

    def _outside(self, system, found):
        """Addresses of workloads: who loses a route, and who has none already."""
        outside = route_policy.left_out(self.prefixes, found)
        text = system.read_if_exists(bird.BIRD_CONF) or ''
        if not HAS_SESSION.search(text):
            # This node has no routes to lose.
            return [], outside
        cut_off = set(route_policy.left_out(in_force(text), outside))
        return [one for one in outside if one not in cut_off], [
            one for one in outside if one in cut_off]


def places(system, directories):
    """Where each workload is: its IPv4 address -> a tap of this node, or a host.

    Both are texts for people.  Those in etcd are the ones below *directories*.  If etcd
    does not answer, only this node's workloads.
    """
    found = dict((address, 'host ' + one.host)
                 for one in endpoints.below(system, directories, keys.SECONDS)
                 for address in one.addresses)
    found.update((address, tap + ' of this node') for address, tap in
                 kernel.on_taps(kernel.routes(system)).items())
    return found


def in_force(text):
    """The Prefixes of workloads in the *text* of a bird.conf; () where it has none."""
    return tuple(addresses.enclosing_prefix(prefix) for block in PREFIXES.findall(text)
                 for prefix in PREFIX.findall(block))


def _named(some, found):
    return checks.some(
        ['{} ({})'.format(one, found[one]) for one in some], MOST_NAMED)


def resources(environment, node):
    """Nothing where any address is good, and on a node without routes.

    A reflector checks all hosts.  A compute checks itself: hundreds of them run
    in the same second, and all keys are megabytes.
    """
    prefixes = route_policy.routing_policy(environment).workload
    if not prefixes or not roles.speaks_bgp(environment, node):
        return []
    directories = (keys.HOSTS,) if roles.is_route_reflector(
        environment, node) else keys.of_host(node)
    return [Reachable(environment.source, prefixes, directories)]


def notes(environment, node, system):
    """Checks of workloads without a route, as *node* sees them."""
    return [note for one in resources(environment, node) for note in one.notes(system)]
