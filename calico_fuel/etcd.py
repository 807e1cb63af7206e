"""The settings of the etcd members and proxies.

Names of the options: etcd 2.x, "Configuration flags" (ETCD_ and upper case
in the environment).  The initial options are read by a member only while its
data directory is empty; changing them later is harmless and does nothing.
"""

from __future__ import unicode_literals

from calico_fuel import topology

CLIENT_PORT = 2379
LEGACY_CLIENT_PORT = 4001
PEER_PORT = 2380
DATA_DIR = '/var/lib/etcd'
# calico-dhcp-agent up to networking-calico 1.2 looks nowhere else.
LOCAL_ENDPOINT = '127.0.0.1:{}'.format(LEGACY_CLIENT_PORT)


def initial_cluster(environment):
    """``name=peer URL`` of every member, in the order of their uids."""
    return ','.join(
        '{}={}'.format(node.name, _url(environment, node, PEER_PORT))
        for node in topology.etcd_members(environment))


def options(environment, node):
    """Pairs of an ETCD_ variable and its value for *node*.

    A member serves the environment on its management address, a proxy only
    its own node on loopback.
    """
    if topology.is_etcd_member(environment, node):
        return _member(environment, node)
    return (
        ('ETCD_PROXY', 'on'),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', _loopback_urls()),
        # A proxy advertises nothing, but etcd 2.0 does not start without it.
        ('ETCD_ADVERTISE_CLIENT_URLS', _loopback_urls()),
        ('ETCD_INITIAL_CLUSTER', initial_cluster(environment)),
    )


def _member(environment, node):
    client = _url(environment, node, CLIENT_PORT)
    peer = _url(environment, node, PEER_PORT)
    return (
        ('ETCD_NAME', node.name),
        ('ETCD_DATA_DIR', DATA_DIR),
        ('ETCD_LISTEN_CLIENT_URLS', '{},{}'.format(_loopback_urls(), client)),
        ('ETCD_ADVERTISE_CLIENT_URLS', client),
        ('ETCD_LISTEN_PEER_URLS', peer),
        ('ETCD_INITIAL_ADVERTISE_PEER_URLS', peer),
        ('ETCD_INITIAL_CLUSTER', initial_cluster(environment)),
        ('ETCD_INITIAL_CLUSTER_STATE', 'new'),
        ('ETCD_INITIAL_CLUSTER_TOKEN', 'calico-fuel-{}'.format(environment.id)),
    )


def _loopback_urls():
    return ','.join('http://127.0.0.1:{}'.format(port)
                    for port in (CLIENT_PORT, LEGACY_CLIENT_PORT))


def _url(environment, node, port):
    return 'http://{}:{}'.format(
        topology.management_address(environment, node), port)
