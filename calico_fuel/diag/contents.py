"""What the archive has of a node: programs and files.  Never the metadata file.

Processes are listed without their command lines: these may have passwords.
"""

from __future__ import unicode_literals

from collections import namedtuple

from calico_fuel import roles
from calico_fuel.bgp import local_files, sessions
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.calico import felix
from calico_fuel.errors import LOG
from calico_fuel.openstack import neutron
from calico_fuel.openstack.options import NEUTRON_CONF, NOVA_CONF
from calico_fuel.resources.base import STATE

PACKAGES = ('bird*', 'etcd*', 'calico*', 'networking-calico', 'python-etcd',
            'neutron-*', 'nova-*', 'libvirt*', 'dnsmasq*', 'ipset', 'linux-image*')


class Piece(namedtuple('Piece', 'name kind what only')):
    """A file of the archive: ``kind`` is RUN or FILE, ``what`` an argv or a path.

    With ``only``, a text, the archive has the lines that hold it alone.
    """


RUN, FILE = 'run', 'file'


def _run(name, *argv):
    return Piece(name + '.txt', RUN, argv, None)


def _file(path, only=None):
    return Piece('files' + path, FILE, path, only)


OF_ALL = (
    _run('node/kernel', 'uname', '-a'), _run('node/date', 'date', '-u'),
    _run('node/uptime', 'uptime'), _run('node/disks', 'df', '-h'),
    _run('node/memory', 'free', '-m'),
    _run('node/processes', 'ps', '-eo', 'pid,ppid,user,stat,etime,rss,comm'),
    _run('node/packages', 'dpkg-query', '-W', *PACKAGES),
    _run('node/state', 'find', STATE, '-ls'),
    _run('network/links', 'ip', '-d', 'link', 'show'),
    _run('network/addresses', 'ip', 'address', 'show'),
    _run('network/routes', 'ip', '-4', 'route', 'show', 'table', 'all'),
    _run('network/rules', 'ip', '-4', 'rule', 'show'),
    _run('network/neighbors', 'ip', 'neigh', 'show'),
    _run('network/sockets', 'ss', '-tan'),
    _run('network/iptables', 'iptables-save', '-c'),
    _run('network/ipsets', 'ipset', 'list'),
    Piece('network/tcp-md5.txt', RUN, ('dmesg',), 'MD5'),
    _file(LOG), _file('/var/log/syslog', 'bird'), _file('/var/log/upstart/etcd.log'),
    _file('/etc/hiera/nodes.yaml'), _file('/etc/default/etcd'),
    _file('/etc/iptables/rules.v4'), _file('/etc/cron.d/calico-fuel'))
OF_SPEAKERS = (
    _run('bird/status', 'birdc', 'show', 'status'),
    _run('bird/protocols', 'birdc', 'show', 'protocols', 'all'),
    _run('bird/count', 'birdc', 'show', 'route', 'count'),
    _run('bird/filtered', 'birdc', 'show', 'route', 'filtered', 'all'),
    _run('bird/routes', 'birdc', 'show', 'route', 'all'),
    _run('bird/version', 'sh', '-c', 'bird --version 2>&1'), _file(BIRD_CONF))
OF_COMPUTES = (
    _file(felix.LOG), _file('/etc/calico/felix.cfg'), _file(NOVA_CONF),
    _file('/var/log/neutron/calico-dhcp-agent.log'),
    _file('/var/log/neutron/dhcp-agent.log'))
OF_NEUTRON = (
    _file(NEUTRON_CONF), _file('/etc/neutron/plugins/ml2/ml2_conf.ini'))
OF_CONTROLLERS = (
    _file('/var/log/neutron/server.log'), _file('/var/log/neutron/neutron-server.log'),
    _run('openstack/agents', *(neutron.CLIENT + ('agent-list',))))


def of_node(environment, system):
    """The Pieces of a node; *environment* is None if its metadata cannot be read."""
    if environment is None:
        return OF_ALL + OF_SPEAKERS + OF_NEUTRON + OF_COMPUTES
    node, found = environment.this_node, OF_ALL
    if roles.speaks_bgp(environment, node):
        found += OF_SPEAKERS + tuple(
            _file(local_files.DIRECTORY + '/' + name)
            for name in system.names_in(local_files.DIRECTORY)) + tuple(
            _run('bird/export-' + session.name, 'birdc', 'show', 'route', 'export',
                 session.name) for session in sessions.of(environment, node)
            if session.relation == sessions.REFLECTOR and node.is_compute)
    if node.is_compute or node.is_controller:
        found += OF_NEUTRON
    if node.is_compute:
        found += OF_COMPUTES
    return found + OF_CONTROLLERS * node.is_controller
