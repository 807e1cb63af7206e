"""Every node derives the same key and name of etcd's CA, and OpenSSL takes the key."""

from __future__ import unicode_literals

import pytest

from calico_fuel import system
from calico_fuel.etcd import authority
from calico_fuel.fuel.secret import Secret

SECRET = Secret('secret', 7)


@pytest.mark.parametrize('number, x, y', [
    (1, '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
        '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'),
    (2, '7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978',
        '07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1'),
    (3, '5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c',
        '8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032'),
    (authority.ORDER - 1,
     '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
     'b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a')])
def test_the_public_key_is_that_of_the_standard(number, x, y):
    """Vectors of NIST for P-256."""
    assert authority.public_key(number) == (int(x, 16), int(y, 16))


@pytest.mark.runs_programs
@pytest.mark.parametrize('environment', range(8))
def test_openssl_finds_the_key_valid(environment):
    key = authority.private_key(Secret('secret', environment))

    assert 'valid' in system.run(['openssl', 'ec', '-check', '-noout'], key).stderr


@pytest.mark.parametrize('other', [Secret('other', 7), Secret('secret', 8)])
def test_another_secret_or_environment_is_another_authority(other):
    assert authority.private_key(other) != authority.private_key(SECRET)
    assert authority.name(other) != authority.name(SECRET)


def test_the_name_tells_nothing_of_the_key():
    name = authority.name(SECRET)

    assert name.startswith('calico-fuel etcd 7 ')
    assert SECRET.key('etcd-ca')[:8] not in name and 'secret' not in name
