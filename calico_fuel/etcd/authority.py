"""The certificate authority (CA) of the etcd cluster of an environment.

Each node derives the CA's private key from the secret of the environment.  So what one
node signs for itself, the others accept, and no node has to copy anything.  The key is
one of the curve P-256 (FIPS 186-4, D.1.2.3; RFC 5915).
"""

from __future__ import unicode_literals

import base64
import binascii

from calico_fuel.fuel.secret import ETCD_CA, ETCD_CA_NAME

PRIME = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
BASE = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)
# ECPrivateKey of the curve prime256v1: private key, and X and Y of the public key.
DER = ('30770201010420{:064x}a00a06082a8648ce3d030107a14403420004{:064x}{:064x}')


def name(secret):
    """The common name of the CA: with another *secret* it has another one."""
    return 'calico-fuel etcd {} {}'.format(
        secret.environment_id, secret.key(ETCD_CA_NAME)[:16])


def private_key(secret):
    """The private key of the CA, as PEM.

    It has the public key in it, because OpenSSL 1.0.1 crashes without.
    """
    number = int(secret.key(ETCD_CA), 16) % (ORDER - 1) + 1
    content = base64.b64encode(binascii.unhexlify(
        DER.format(number, *public_key(number)))).decode('ascii')
    return '-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n'.format(
        '\n'.join(content[n:n + 64] for n in range(0, len(content), 64)))


def public_key(number):
    """X and Y of BASE times *number*, which is from 1 to ORDER - 1."""
    point = BASE
    for bit in '{:b}'.format(number)[1:]:
        point = _sum(point, point)
        if bit == '1':
            point = _sum(point, BASE)
    return point


def _sum(one, other):
    (x, y), (other_x, other_y) = one, other
    slope = _quotient(3 * x * x - 3, 2 * y) if one == other else _quotient(
        other_y - y, other_x - x)
    sum_x = (slope * slope - x - other_x) % PRIME
    return sum_x, (slope * (x - sum_x) - y) % PRIME


def _quotient(dividend, divisor):
    # By Fermat: Python 2 has no pow() with a negative exponent.
    return dividend * pow(divisor, PRIME - 2, PRIME) % PRIME
