"""A member of the etcd cluster, or a proxy to it."""

from __future__ import unicode_literals

from functools import partial

from calico_fuel import render, roles
from calico_fuel.errors import RoleError
from calico_fuel.etcd import (
    backup, certificates, moving, peers, readiness, settings as etcd_settings)
from calico_fuel.etcd.leaving import step_of_others
from calico_fuel.etcd.member import LocalEtcd, has_log
from calico_fuel.etcd.membership import next_step
from calico_fuel.etcd.proxy import ProxyCache
from calico_fuel.etcd.recovery import step_of_survivor
from calico_fuel.etcd.service import LastingSettings, MemberService
from calico_fuel.etcd.walk import Walk, WalkOfUrls
from calico_fuel.packages.package import Package
from calico_fuel.resources.directory import Directory
from calico_fuel.resources.file import File
from calico_fuel.resources.service import Service, has_upstart
from calico_fuel.tasks import cron, earlier_plugin, etcd_open_ports, firewall

SERVICE = USER = 'etcd'
MODE = 0o644
EARLIER_PORTS = (peers.CLIENT_PORTS['http'], peers.PEER_PORTS['http'],
                 etcd_settings.LEGACY_CLIENT_PORT)


def resources(environment, node, system):
    if not roles.uses_etcd(environment, node):
        return []
    here, files = local(environment, node, system)
    if roles.is_etcd_member(environment, node):
        # A silent etcd cluster may exist on any of the others.
        may_begin = len(here.peers) == 1 or not had_etcd(environment, system)
        return _member(environment, node, system, here, files, partial(
            next_step, peers.wanted(environment, may_begin), here.me))
    members = tuple(
        peer.client_urls[0] for peer in peers.wanted_members(environment))
    # The new members must reach a member that leaves.
    return (etcd_open_ports.resources(environment, node, system)
            + [firewall.etcd_users(environment, system)]
            + leaving(here, system, step_of_others) + files
            + [here.service, ProxyCache(members, here.service)]
            + [readiness.Ready(node.name)] * (environment.secret is not None)
            + cron.backups(environment, node))


def after_a_loss(environment, node, system, is_empty, is_sure):
    """The wanted state of a member after a loss of so many that no quorum is left.

    *is_empty*: no member has data any more, so the first wanted member may bootstrap a
    cluster.  Otherwise this member continues alone with its data, if the operator
    *is_sure* that the other members' data is lost.
    """
    if not roles.is_etcd_member(environment, node):
        raise RoleError('{} is no wanted etcd member. Run this on one of {}'.format(
            node.name, ', '.join(
                peer.name for peer in peers.wanted_members(environment))))
    here, files = local(environment, node, system)
    return _member(environment, node, system, here, files, partial(
        next_step, peers.wanted(environment, True), here.me,
    ) if is_empty else partial(step_of_survivor, is_sure, here.me))


def leaving(here, system, step):
    """The Walk of a node that is to be no member, by *step*, if it has data."""
    return [Walk('no etcd member ' + here.me.name, here, partial(step, here.me))] if (
        system.exists(etcd_settings.MEMBER_DIR)) else []


def local(environment, node, system):
    """The LocalEtcd of *node*, and its data directory and files."""
    text = system.read_if_exists(etcd_settings.FILE)
    etcd_settings.demand_secret(environment, text)
    listens = etcd_settings.listens(text)
    schemes, known = None, peers.possible_members(environment)
    if readiness.is_awaited(environment, node, system):
        # Of a member with HTTP only etcd lists no URL of TLS: nobody need be asked.
        schemes = moving.schemes(listens, listens == moving.HTTP or (
            readiness.why_http(environment, system)))
    elif has_log(system) and listens == moving.TLS:
        # Nobody without a certificate can make this member give up its data.
        known = [peer._replace(client_urls=peer.client_urls[:1]) for peer in known]
    settings = File(render.ETCD_ENVIRONMENT, render.etcd_environment(
        environment, node, etcd_settings.version(system), schemes), MODE)
    lasting = LastingSettings(*settings)
    # The job of Trusty's package has the whole command line; Debian's script reads the
    # settings.
    job = [File(etcd_settings.JOB, render.etcd_job(), MODE)] if has_upstart(
        system) else []
    kind = MemberService if roles.is_etcd_member(environment, node) else Service
    of_tls = certificates.resources(environment, node)
    return LocalEtcd(
        peers.peer(environment, node, schemes), known, settings,
        kind(SERVICE, tuple(job + of_tls[-1:] + [lasting, Package(SERVICE)]))), (
        [Directory(etcd_settings.DATA_DIR, USER)] + of_tls + job + [lasting, settings])


def _member(environment, node, system, here, files, step):
    return ([firewall.etcd_member(environment, node, system),
             firewall.etcd_users(environment, system)]
            + earlier_plugin.open_ports(system, *EARLIER_PORTS) + files
            + [Walk('etcd member ' + node.name, here, step), here.service]
            + [WalkOfUrls('etcd member ' + node.name, here, partial(
                moving.step_of_urls, here.me))] * (environment.secret is not None)
            + [Directory(backup.DIRECTORY, 'root:root', 0o700)]
            + cron.backups(environment, node))


def had_etcd(environment, system):
    """Whether there was an etcd cluster before: by Fuel, or by the backups' directory.

    Fuel 6.1 and 7.0 do not say.  The directory is made as soon as the member is
    healthy, and elsewhere than its data: a node that has lost its data still has it.
    """
    return environment.deployed_before or system.exists(backup.DIRECTORY)
