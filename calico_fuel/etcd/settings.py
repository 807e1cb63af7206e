"""The settings of the etcd members and proxies.

Names of the options: etcd 2.x, "Configuration flags" (ETCD_ and upper case
in the environment).  A member reads the initial options only while it has no
log: later changes have no effect.
"""

from __future__ import unicode_literals

import re

from calico_fuel import roles
from calico_fuel.errors import RenderError
from calico_fuel.etcd.steps import Peer, Wanted
from calico_fuel.resources import program

CLIENT_PORT = 2379
LEGACY_CLIENT_PORT = 4001
PEER_PORT = 2380
# Of upstart.
JOB = '/etc/init/etcd.conf'
DATA_DIR = '/var/lib/etcd'
# etcd's names of the directories in it: it starts as what it finds there.
MEMBER_DIR = DATA_DIR + '/member'
PROXY_DIR = DATA_DIR + '/proxy'
LOG_DIR = MEMBER_DIR + '/wal'
# calico-dhcp-agent up to networking-calico 1.2 connects to no other address.
LOCAL_ENDPOINT = '127.0.0.1:{}'.format(LEGACY_CLIENT_PORT)
# Calico 1.x needs API version 2.  etcd has it off by default from 3.4 on, and not at
# all from 3.6 on.  The option that enables it exists from 3.2 on.
FIRST_WITH_SWITCH, FIRST_WITHOUT_V2 = (3, 2), (3, 6)


def version(system):
    """Major and minor version of the etcd that is installed, None if none."""
    return program.version(system, 'etcd', r'(?i)etcd version:? (\d+)\.(\d+)')


def initial_cluster(environment):
    """``name=peer URL`` of every member, in the order of their uids."""
    return ','.join(as_initial(peer) for peer in wanted_members(environment))


def as_initial(peer):
    return ','.join('{}={}'.format(peer.name, url) for url in peer.peer_urls)


def wanted_members(environment):
    """The Peers of the wanted members, in the order of their uids."""
    return tuple(peer(environment, node) for node in roles.etcd_members(environment))


def wanted(environment, may_begin=False):
    """The Wanted of *environment*; *may_begin* as there."""
    members, known = roles.etcd_members(environment), _not_forgotten(environment)
    return Wanted(
        wanted_members(environment),
        environment.forgotten | _addresses(
            [node for node in environment.nodes if node not in members]
            + [node for node in environment.own_list if node not in known]),
        _addresses(known), may_begin)


def _addresses(nodes):
    return frozenset(node.address for node in nodes if node.address)


def _not_forgotten(environment):
    """The nodes of this node's own metadata that may still exist."""
    return [node for node in environment.own_list if node.address
            and environment.forgotten.isdisjoint(node.short_names | {node.uid})]


def possible_members(environment):
    """The Peers that are wanted, or may be members now or have been before."""
    members = roles.etcd_members(environment)
    uids = [node.uid for node in environment.nodes]
    return tuple(
        peer(environment, node) for node in list(environment.nodes) + [
            one for one in _not_forgotten(environment) if one.uid not in uids]
        if node in members or node.is_controller)


def peer(environment, node):
    address = roles.management_address(environment, node)
    return Peer(node.name, address, ('http://{}:{}'.format(address, PEER_PORT),),
                ('http://{}:{}'.format(address, CLIENT_PORT),))


def options(environment, node, version=None):
    """Pairs of an ETCD_ variable and its value for *node*.

    A member serves the environment on its management address, a proxy only
    its own node on loopback.  *version* is that of the installed etcd, as a
    pair of numbers, or None.
    """
    if version and version >= FIRST_WITHOUT_V2:
        raise RenderError(
            'etcd {}.{} is installed, which no longer has the API of version 2. Calico '
            'needs it: install etcd 2, or 3 before {}.{}'.format(
                *(version + FIRST_WITHOUT_V2)))
    if roles.is_etcd_member(environment, node):
        switch = (('ETCD_ENABLE_V2', 'true'),)
        return _member(environment, node) + (
            switch if version and version >= FIRST_WITH_SWITCH else ())
    return (
        ('ETCD_PROXY', 'on'),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', _loopback_urls()),
        # A proxy advertises nothing, but etcd 2.0 does not start without it.
        ('ETCD_ADVERTISE_CLIENT_URLS', _loopback_urls()),
        ('ETCD_INITIAL_CLUSTER', initial_cluster(environment)),
    )


def _member(environment, node):
    me = peer(environment, node)
    return (
        ('ETCD_NAME', me.name),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', ','.join((_loopback_urls(),) + me.client_urls)),
        ('ETCD_ADVERTISE_CLIENT_URLS', ','.join(me.client_urls)),
        ('ETCD_LISTEN_PEER_URLS', ','.join(me.peer_urls)),
        ('ETCD_INITIAL_ADVERTISE_PEER_URLS', ','.join(me.peer_urls)),
        # An etcd that has lost its log does not start with these values: it can neither
        # bootstrap a second cluster nor use its old id.
        ('ETCD_INITIAL_CLUSTER', as_initial(me)),
        ('ETCD_INITIAL_CLUSTER_STATE', 'existing'),
        ('ETCD_INITIAL_CLUSTER_TOKEN', 'calico-fuel-{}'.format(environment.id)),
    )


def joining(text, cluster, state):
    """The *text* of a member's settings, for its first start.

    *cluster* has pairs of a name and a peer URL, *state* is new or existing.
    """
    members = ','.join('{}={}'.format(*pair) for pair in cluster)
    for variable, value in (('ETCD_INITIAL_CLUSTER', members),
                            ('ETCD_INITIAL_CLUSTER_STATE', state)):
        text = re.sub('(?m)^{}=.*$'.format(variable),
                      '{}="{}"'.format(variable, value), text)
    return text


def with_new_token(text, seconds):
    """The *text* of ``joining`` with a token that no etcd cluster had before.

    A new token gives a rebuilt cluster a new cluster ID.  Otherwise clients with an
    open watch would wait for an index that they have already seen.
    """
    return re.sub('(?m)^(ETCD_INITIAL_CLUSTER_TOKEN="[^"]*)"$',
                  r'\g<1>-{:.0f}"'.format(seconds), text)


def forcing_new_cluster(text):
    """The *text* of a member's settings, for one start without the other members."""
    return text + 'ETCD_FORCE_NEW_CLUSTER="true"\n'


def lasting(text):
    """The lines of settings that a running etcd has loaded."""
    return '\n'.join(re.findall('(?m)^ETCD_(?!INITIAL_).*$', text))


def _loopback_urls():
    return ','.join('http://127.0.0.1:{}'.format(port)
                    for port in (CLIENT_PORT, LEGACY_CLIENT_PORT))
