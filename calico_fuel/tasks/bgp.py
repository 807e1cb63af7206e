"""BIRD, configured for the node's place in the BGP topology."""

from __future__ import unicode_literals

from calico_fuel import bird
from calico_fuel import render
from calico_fuel.resources.boot import has_upstart
from calico_fuel.resources.options import Options
from calico_fuel.resources.package import Package
from calico_fuel.resources.service import Bird
from calico_fuel.tasks import firewall
from calico_fuel.tasks import predecessor

ENVVARS = '/etc/bird/envvars'
# With -R a BIRD that comes back after a crash keeps the routes that it finds
# in the kernel, and no packet is lost.
ARGUMENTS = ('', 'BIRD_ARGS', '"-R"')
# The package runs the daemon as user bird; the file may hold passwords.
OWNER, MODE = 'bird:bird', 0o640


def speaker(environment, node, system):
    """The resources of a BGP speaker."""
    line = bird.line(bird.version(system))
    configuration = render.bird_conf(environment, node, line)._replace(
        mode=MODE, owner=OWNER, check=('bird', '-p', '-c'))
    override = [render.bird_override()] if has_upstart(system) else []
    return override + [firewall.bgp(environment, node)] + predecessor.open_ports(
        system, firewall.BGP_PORT) + [
        firewall.bfd(environment, node),
        Options(ENVVARS, [ARGUMENTS]),
        render.bird_local_readme()._replace(mode=0o644),
        configuration,
        Bird(bird.SERVICE, (configuration, Package('bird'))),
    ]
