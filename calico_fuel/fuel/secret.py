"""The secret of an environment, and the keys that each node derives from it.

Fuel 6.1 to 9.2 writes the two values of SOURCES into the metadata of every node: 256
and 128 random bits that it draws when the environment is created, and that nobody
changes (encrypted volumes and stacks would be lost).  All nodes derive the same keys
from them, and none has to be copied.  There are two, because a service that reads one
of them in its own files cannot derive a key.
"""

from __future__ import unicode_literals

import hashlib
import hmac
from collections import namedtuple

from calico_fuel.fuel.yaml_values import text

SOURCES = (('cinder', 'fixed_key'), ('heat', 'auth_encryption_key'))
# What a key is for: the password of the BGP sessions between nodes, the private key of
# etcd's CA, and a part of the name of that CA.
BGP, ETCD_CA, ETCD_CA_NAME = 'bgp', 'etcd-ca', 'etcd-ca-name'
# Of the scheme: with another one every node has other keys.
VERSION = 1


class Secret(namedtuple('Secret', 'value environment_id')):
    """The secret ``value``, a text, of one environment; no message shows it."""

    def __repr__(self):
        return str('<the secret of environment {}>').format(self.environment_id)

    def key(self, purpose):
        """The key for *purpose*, a word: 64 hexadecimal digits."""
        message = 'calico-fuel-plugin {} {} {}'.format(
            purpose, VERSION, self.environment_id)
        return '{}'.format(hmac.new(
            self.value.encode('utf-8', 'replace'), message.encode('utf-8'),
            hashlib.sha256).hexdigest())


def of(metadata, environment_id):
    """The Secret in the mapping *metadata*, None if that lacks one of SOURCES."""
    values = [text(metadata, *keys) for keys in SOURCES]
    return Secret(''.join(values), environment_id) if all(values) else None


def names():
    """SOURCES for people."""
    return ' or '.join('.'.join(keys) for keys in SOURCES)
