"""BIRD, configured for the node's place in the BGP topology."""

from __future__ import unicode_literals

import posixpath

from calico_fuel import render, roles
from calico_fuel.bgp import bird, configured
from calico_fuel.bgp.bird_conf import MakeBeforeBreak
from calico_fuel.bgp.bird_service import Bird
from calico_fuel.packages.package import Package
from calico_fuel.resources.directory import Directory
from calico_fuel.resources.file import File
from calico_fuel.resources.options import Options
from calico_fuel.resources.service import has_upstart
from calico_fuel.resources.sysctl import LeastSysctl, path
from calico_fuel.tasks import earlier_plugin, firewall

ENVVARS = '/etc/bird/envvars'
# With -R a BIRD that comes back after a crash keeps the routes that it finds
# in the kernel, and no packet is lost.
ARGUMENTS = ('', 'BIRD_ARGS', '"-R"')
# The daemon runs as user bird and only reads the file, which may have passwords.  The
# package makes bird the owner of the directory: bird could create links there.
OWNER, MODE, DIRECTORY_MODE = 'root:bird', 0o640, 0o750
# The most bytes of options that a socket has.  A listening one has a key of TCP MD5 for
# each neighbor, of 136 bytes: Trusty's 20,480 are enough for 150, these for 15,420.
SOCKET_OPTIONS = LeastSysctl('net.core.optmem_max', '2097152')


def speaker(environment, node, system):
    """The resources of a BGP speaker.

    The BFD firewall chain is last: a leaving neighbor must reach this node until its
    session is gone, and BFD must not end a new session whose packets are still dropped.
    """
    of_bird = configuration(environment, node, system)
    override = [File(render.BIRD_OVERRIDE, render.bird_override())] if has_upstart(
        system) else []
    directories = [
        Directory(path, OWNER, DIRECTORY_MODE) for path in (
            posixpath.dirname(bird.BIRD_CONF),
            posixpath.dirname(render.BIRD_LOCAL_README))]
    ports = [firewall.bgp(of_bird.sessions)] + earlier_plugin.open_ports(
        system, firewall.BGP_PORT)
    socket_options = [SOCKET_OPTIONS] if needs_socket_options(
        environment, node, system) else []
    return override + socket_options + directories + ports + [
        Options(ENVVARS, [ARGUMENTS]),
        File(render.BIRD_LOCAL_README, render.bird_local_readme(), 0o644),
        of_bird,
        Bird(bird.SERVICE, (of_bird, Package('bird'))),
        firewall.bfd(of_bird.sessions),
    ]


def needs_socket_options(environment, node, system):
    """Whether *node* may have many neighbors, and can set what SOCKET_OPTIONS says.

    A container cannot before kernel 6.8.
    """
    return (roles.is_route_reflector(environment, node)
            and system.exists(path(SOCKET_OPTIONS.key)))


def configuration(environment, node, system):
    """bird.conf; computes change it by make before break, to lose no packet."""
    line = bird.line(bird.version(system))
    wanted = configured.of(environment, node, system)
    leaving = configured.leaving(
        environment, node, system, wanted) if node.is_compute else ()
    text = render.bird_conf(environment, node, line, wanted)
    both = render.bird_conf(
        environment, node, line, wanted + leaving) if leaving else text
    return MakeBeforeBreak(
        File(bird.BIRD_CONF, text, MODE, OWNER, ('bird', '-p', '-c')),
        wanted, leaving, both, environment.nodes)
