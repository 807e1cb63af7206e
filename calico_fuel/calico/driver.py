"""What the Calico mechanism driver of Neutron left in etcd -> a Check.

Pure.
"""

from __future__ import unicode_literals

from calico_fuel.calico.keys import ELECTION_KEY, READY_KEY
from calico_fuel.checks import fault, good
from calico_fuel.codes.cluster import DRIVER_MISSING, ETCD_DOWN


def check(keys):
    """Whether a neutron-server has the Calico mechanism driver loaded.

    A neutron-server that could not load it runs all the same.  The driver writes
    Ready after all its data, and the leading one keeps its name in a key with a TTL of
    60 s (Calico 1.0-1.4, networking-calico 1.0-1.4).  *keys* is None where etcd does
    not answer.
    """
    subject, expected = 'Calico mechanism driver', 'loaded and ready'
    fix = (
        'Neutron runs without its driver too: look for "Could not load" and for '
        '"mechanism driver" in the newest log of neutron-server under /var/log; run '
        'calico-fuel packages, then calico-fuel neutron-server')
    if keys is None:
        return fault(
            ETCD_DOWN, subject, 'unknown: etcd does not answer', expected,
            'Fix etcd first: run calico-fuel etcd')
    if keys.get(READY_KEY) != 'true':
        return fault(DRIVER_MISSING, subject, 'has not written its data', expected, fix)
    leader = keys.get(ELECTION_KEY)
    if not leader:
        return fault(
            DRIVER_MISSING, subject, 'was loaded once, and is no longer', expected, fix)
    return good(DRIVER_MISSING, subject, '{}, leader {}'.format(
        expected, leader.rpartition(':')[0] or leader), expected)
