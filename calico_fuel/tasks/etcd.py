"""A member of the etcd cluster, or a proxy to it."""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel import roles
from calico_fuel.errors import RoleError
from calico_fuel.etcd import backup
from calico_fuel.etcd import settings as etcd_settings
from calico_fuel.etcd.member import Member
from calico_fuel.etcd.member import Survivor
from calico_fuel.etcd.proxy import NoMember
from calico_fuel.etcd.proxy import ProxyCache
from calico_fuel.etcd.service import LastingSettings
from calico_fuel.etcd.service import MemberService
from calico_fuel.packages.package import Package
from calico_fuel.resources.directory import Directory
from calico_fuel.resources.file import File
from calico_fuel.resources.service import Service
from calico_fuel.resources.service import has_upstart
from calico_fuel.tasks import cron
from calico_fuel.tasks import earlier_plugin
from calico_fuel.tasks import etcd_open_ports
from calico_fuel.tasks import firewall

SERVICE = USER = 'etcd'
MODE = 0o644
PORTS = (etcd_settings.CLIENT_PORT, etcd_settings.PEER_PORT,
         etcd_settings.LEGACY_CLIENT_PORT)


def after_a_loss(environment, node, system, is_empty, is_sure):
    """The wanted state of a member after a loss of so many that no quorum is left.

    *is_empty*: no member has data any more, so the first wanted member may bootstrap a
    cluster.  Otherwise this member continues alone with its data, if the operator
    *is_sure* that the other members' data is lost.
    """
    if not roles.is_etcd_member(environment, node):
        raise RoleError('{} is no wanted etcd member. Run this on one of {}'.format(
            node.name, ', '.join(
                peer.name for peer in etcd_settings.wanted_members(environment))))
    return (resources(environment, node, system, may_begin=True) if is_empty else
            resources(environment, node, system, Survivor, is_sure))


def resources(environment, node, system, kind=Member, may_begin=None):
    if not roles.uses_etcd(environment, node):
        return []
    settings = File(render.ETCD_ENVIRONMENT, render.etcd_environment(
        environment, node, etcd_settings.version(system)), MODE)
    lasting = LastingSettings(*settings)
    # The job of Trusty's package has the whole command line; Debian's script reads the
    # settings.
    job = [File(etcd_settings.JOB, render.etcd_job(), MODE)] if has_upstart(
        system) else []
    files = [Directory(etcd_settings.DATA_DIR, USER)] + job + [lasting, settings]
    watches = tuple(job + [lasting, Package(SERVICE)])
    me = etcd_settings.peer(environment, node)
    peers = etcd_settings.possible_members(environment)
    if not roles.is_etcd_member(environment, node):
        service = Service(SERVICE, watches)
        # The new members must reach a member that leaves.
        ports = etcd_open_ports.resources(environment, node, system)
        members = tuple(
            member.client_url for member in etcd_settings.wanted_members(environment))
        return ports + [NoMember(me, peers, service)] + files + [
            service, ProxyCache(members, service)] + cron.backups(environment, node)
    service = MemberService(SERVICE, watches)
    if may_begin is None:
        # A silent etcd cluster may exist on any of the others.
        may_begin = len(peers) == 1 or not had_etcd(environment, system)
    member = kind(me, etcd_settings.wanted_members(environment), peers, settings,
                  service, may_begin)
    return ([firewall.etcd_member(environment, node, system)]
            + earlier_plugin.open_ports(system, *PORTS)
            + files[:1] + earlier_plugin.etcd_data(system, SERVICE) + files[1:]
            + [member, service, Directory(backup.DIRECTORY, 'root:root', 0o700)]
            + cron.backups(environment, node))


def had_etcd(environment, system):
    """Whether there was an etcd cluster before: by Fuel, or by the backups' directory.

    Fuel 6.1 and 7.0 do not say.  The directory is made as soon as the member is
    healthy, and elsewhere than its data: a node that has lost its data still has it.
    """
    return environment.deployed_before or system.exists(backup.DIRECTORY)
