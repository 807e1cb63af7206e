"""The text of every file that a node needs: one function, one template each.

The only user of jinja2, which it imports when it renders: a Fuel master may lack it.
Rule: a template only prints values; decisions belong in bgp/sessions, bgp/route_policy,
etcd or openstack.
"""

from __future__ import unicode_literals

import json
import posixpath

from calico_fuel import __version__, roles
from calico_fuel.bgp import (
    local_files, outside, route_policy, sessions as bgp_sessions)
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.errors import RenderError, RoleError
from calico_fuel.etcd import settings
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.openstack import options

BIRD_LOCAL_README = local_files.README
FELIX_CFG = '/etc/calico/felix.cfg'
# run-parts and cron only read files whose names have no dot.
CRON_FILE = '/etc/cron.d/calico-fuel'
GATEWAY_SCRIPT = '/etc/network/if-up.d/calico-fuel-gateway'
ETCD_ENVIRONMENT = settings.FILE
BIRD_OVERRIDE = '/etc/init/bird.override'
DNSMASQ_CONF = options.DNSMASQ_CONF
HIERA_OVERRIDE = '/etc/hiera/plugins/{}.yaml'.format(PLUGIN_NAME)
_templates = []


def files(environment, node, bird_line):
    """Sorted pairs of path and text of *node*'s files.

    *bird_line* is BIRD's major version, 1 or 2.

    RoleError for a node without a Calico role.
    """
    return tuple((path, text()) for path, text in _texts(environment, node, bird_line))


def paths(environment, node):
    """The sorted paths of the same files."""
    return tuple(path for path, _ in _texts(environment, node, 1))


def _texts(environment, node, bird_line):
    """Sorted pairs of the path of a file and the function that renders it."""
    if not roles.has_calico_role(environment, node):
        raise RoleError(
            '{}: node {} ({}) has no Calico role: only controllers, computes, '
            'calico-rr and calico-etcd nodes do. There is nothing to '
            'configure on it'.format(
                environment.source, node.name, ', '.join(sorted(node.roles))))
    result = []
    if roles.speaks_bgp(environment, node):
        result += [(BIRD_CONF, lambda: bird_conf(environment, node, bird_line)),
                   (BIRD_LOCAL_README, bird_local_readme)]
    if node.is_compute:
        result.append((FELIX_CFG, felix_cfg))
    if roles.uses_etcd(environment, node):
        result.append((ETCD_ENVIRONMENT, lambda: etcd_environment(environment, node)))
    return sorted(result, key=lambda pair: pair[0])


def bird_conf(environment, node, bird_line, sessions=None):
    """BIRD's configuration of *node*, with the sessions of the list or with these."""
    sessions = bgp_sessions.in_order(
        bgp_sessions.of(environment, node) if sessions is None else sessions)
    if bird_line == 1:
        for session in sessions:
            if session.is_ipv6:
                raise RenderError(
                    '{}: external_peers: {} has the IPv6 address {}, which '
                    'BIRD 1.x cannot connect to. Write an IPv4 address of that '
                    'router, or install BIRD 2'.format(
                        environment.source, session.neighbor, session.address))
    return _text(
        'bird.conf.j2', bird_line=bird_line,
        address=roles.management_address(environment, node),
        cluster_id=bgp_sessions.cluster_id(environment),
        environment=environment, node=node, sessions=sessions,
        has_bfd=any(session.has_bfd for session in sessions),
        restart_wait=bgp_sessions.RESTART_WAIT,
        limits=route_policy.limits(environment),
        export_limits=dict(
            (session.name, route_policy.export_limit(environment, session))
            for session in sessions if session.peer),
        imports_default=any(
            session.peer and session.peer.imports_default for session in sessions),
        default_routers=outside.default_routers(environment, node),
        default_is_reflected=any(
            not peer.rack for peer in outside.default_routers(environment)),
        table=outside.TABLE,
        preference_of_clients=bgp_sessions.OF_CLIENTS,
        policy=route_policy.routing_policy(environment))


def bird_local_readme():
    """A file of comments that keeps the directory of the operator's additions."""
    return _text('bird-local-readme.conf.j2')


def bird_override():
    return _text('bird-override.j2')


def felix_cfg():
    """Felix 1.0-1.4: the same on every compute."""
    return _text('felix.cfg.j2', endpoint=settings.LOCAL_ENDPOINT)


def etcd_environment(environment, node, version=None, schemes=None):
    """etcd's variables for a member or a proxy; *version* and *schemes* as those of
    ``settings.options``."""
    return _text(
        'etcd.j2', is_member=roles.is_etcd_member(environment, node),
        options=settings.options(environment, node, version, schemes))


def hiera(environment):
    """The values that Puppet prefers to Fuel's own (Fuel 9)."""
    return _text('hiera.yaml.j2', elements=[
        json.dumps(name, ensure_ascii=False) for name in environment.this.ovs_elements])


def gateway(address, table, rules, stay):
    """The script that routes traffic of workloads to its own gateway."""
    return _text('gateway.j2', gateway=address, table=table, rules=rules, stay=stay)


def dnsmasq_conf(environment):
    """What the DHCP agent gives to dnsmasq beside its own options."""
    return _text('dnsmasq.j2', mtu=environment.instance_mtu)


def libvirt_hook(environment):
    """The script that gives the taps of an instance their MTU when it starts."""
    return _text('libvirt-hook.j2', mtu=environment.instance_mtu)


def etcd_job():
    return _text('etcd-upstart.j2')


def cron_file(lines):
    """The cron file of this node; *lines* as in crontab(5)."""
    return _text('cron.j2', lines=lines)


def _text(template, **values):
    if not _templates:
        _templates.append(_load())
    return _templates[0].get_template(template).render(values)


def _load():
    import jinja2
    folder = posixpath.dirname(posixpath.abspath(__file__))
    templates = jinja2.Environment(
        # The PackageLoader of Jinja2 2.7 would need pkg_resources.
        loader=jinja2.FileSystemLoader(posixpath.join(folder, 'templates')),
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True)
    templates.globals['version'] = __version__
    return templates
