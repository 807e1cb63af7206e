"""The settings of the etcd members and proxies.

Names of the options: etcd 2.x, "Configuration flags" (ETCD_ and upper case
in the environment).  A member reads the initial options only while it has no
log: later changes have no effect.
"""

from __future__ import unicode_literals

import re

from calico_fuel import roles
from calico_fuel.errors import MetadataError, RenderError
from calico_fuel.etcd import certificates, peers
from calico_fuel.etcd.moving import schemes_of
from calico_fuel.fuel import secret
from calico_fuel.resources import program

# Of loopback, beside that of HTTP.
LEGACY_CLIENT_PORT = 4001
# Debian's script reads it, and the job of ours.
FILE = '/etc/default/etcd'
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
# Its proxy asks members with the certificate for peers, as the later ones do.
FIRST_WITH_TLS = (2, 1)
# The options of the same files for clients and for peers.
OF_TLS = (('CERT_FILE', certificates.CERTIFICATE), ('KEY_FILE', certificates.KEY),
          ('TRUSTED_CA_FILE', certificates.CA))


def version(system):
    """Major and minor version of the etcd that is installed, None if none."""
    return program.version(system, 'etcd', r'(?i)etcd version:? (\d+)\.(\d+)')


def listens(text):
    """The schemes with which a member with this *text* of settings listens."""
    return schemes_of(''.join(re.findall(
        r'(?m)^ETCD_LISTEN_PEER_URLS="(.*)"', text or '')).split(','))


def demand_secret(environment, text):
    """MetadataError if the secret is gone from which the files in *text* come."""
    if environment.secret is None and certificates.CA in (text or ''):
        raise MetadataError(
            environment.source, secret.names(), 'is missing, and etcd of this node '
            'speaks TLS with a key that is derived from both: without TLS the others '
            'would not reach it', 'Deploy changes, so that Fuel writes the file again')


def options(environment, node, version=None, schemes=None):
    """Pairs of an ETCD_ variable and its value for *node*.

    A member serves the environment on its management address, a proxy only
    its own node on loopback.  *version* is that of the installed etcd, as a
    pair of numbers, or None; *schemes* are those of a member.
    """
    has_tls = environment.secret is not None
    schemes = schemes or peers.schemes_of_new(environment)
    if has_tls and version and version < FIRST_WITH_TLS:
        raise RenderError(
            'etcd {}.{} is installed, which cannot speak TLS and HTTP at once. Put '
            "{}.{} or newer into the plugin's repository (make packages)".format(
                *(version + FIRST_WITH_TLS)))
    if version and version >= FIRST_WITHOUT_V2:
        raise RenderError(
            'etcd {}.{} is installed, which no longer has the API of version 2. Calico '
            'needs it: install etcd 2, or 3 before {}.{}'.format(
                *(version + FIRST_WITHOUT_V2)))
    if roles.is_etcd_member(environment, node):
        switch = (('ETCD_ENABLE_V2', 'true'),)
        return _member(environment, node, schemes) + (
            switch if version and version >= FIRST_WITH_SWITCH else ())
    return (
        ('ETCD_PROXY', 'on'),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', _loopback_urls()),
        # A proxy advertises nothing, but etcd 2.0 does not start without it.
        ('ETCD_ADVERTISE_CLIENT_URLS', _loopback_urls()),
        ('ETCD_INITIAL_CLUSTER', initial_cluster(environment)),
    ) + _of_tls(has_tls, 'ETCD_PEER_')


def initial_cluster(environment):
    """``name=peer URL`` of every wanted member, in the order of their uids."""
    return ','.join(_initial(peer) for peer in peers.wanted_members(environment))


def _initial(peer):
    return ','.join('{}={}'.format(peer.name, url) for url in peer.peer_urls)


def _of_tls(has_tls, *prefixes):
    return tuple((prefix + option, path) for prefix in prefixes
                 for option, path in OF_TLS) if has_tls else ()


def _member(environment, node, schemes):
    me, has_tls = peers.peer(environment, node, schemes), 'https' in schemes
    client_urls = peers.urls(me.address, peers.CLIENT_PORTS, schemes)
    return (
        ('ETCD_NAME', me.name),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', ','.join((_loopback_urls(),) + client_urls)),
        ('ETCD_ADVERTISE_CLIENT_URLS', ','.join(client_urls)),
        ('ETCD_LISTEN_PEER_URLS', ','.join(me.peer_urls)),
        ('ETCD_INITIAL_ADVERTISE_PEER_URLS', ','.join(me.peer_urls)),
        # An etcd that has lost its log does not start with these values: it can neither
        # bootstrap a second cluster nor use its old id.
        ('ETCD_INITIAL_CLUSTER', _initial(me)),
        ('ETCD_INITIAL_CLUSTER_STATE', 'existing'),
        ('ETCD_INITIAL_CLUSTER_TOKEN', 'calico-fuel-{}'.format(environment.id)),
        # It refuses a change of members that would cost the quorum.  So it does by
        # default from 3.1 on; a version without the option ignores it.
        ('ETCD_STRICT_RECONFIG_CHECK', 'true'),
    ) + _of_tls(has_tls, 'ETCD_', 'ETCD_PEER_') + (
        ('ETCD_CLIENT_CERT_AUTH', 'true'), ('ETCD_PEER_CLIENT_CERT_AUTH', 'true'),
    ) * has_tls


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
                    for port in (peers.CLIENT_PORTS['http'], LEGACY_CLIENT_PORT))
