"""make packages takes what has been signed by whom it was told, and nothing else."""
import gzip
import os

import pytest

from tests.packaging.make_packages import HELD, PACKAGES
from tests.packaging.rpmtools import run


def test_a_source_that_another_key_has_signed_is_refused(builder, mirror, keys):
    builder.fill()
    mirror['bird'].key = keys[1]
    mirror['bird'].publish()

    said = builder.is_refused('--update-lock')

    assert 'source bird (file://{}/bird trusty main): apt refuses it'.format(
        builder.mirror) in said
    assert 'NO_PUBKEY ' + keys[1].fingerprint[-16:] in said


def test_a_source_that_nobody_has_signed_is_refused(builder):
    (builder.mirror / 'bird/dists/trusty/InRelease').unlink()

    assert 'is not signed' in builder.is_refused()


def test_an_index_that_was_changed_after_signing_is_refused(builder):
    for name, content in [('Packages', b'\n'), ('Packages.gz', gzip.compress(b'\n'))]:
        (builder.mirror / 'calico' / name).write_bytes(content)

    assert 'source calico' in builder.is_refused()


def test_a_package_that_was_changed_after_signing_is_refused(builder):
    builder.fill()
    (builder.repository / HELD[0]).unlink()
    deb = builder.mirror / 'bird/pool' / HELD[0]
    deb.write_bytes(deb.read_bytes() + b'\n')

    assert 'source bird' in builder.is_refused()


@pytest.mark.parametrize('checksum', ['sha1', 'sha512'])
def test_an_index_without_sha_256_is_refused(builder, mirror, checksum):
    """The weaker by apt, the stronger because the lock cannot be compared with it."""
    mirror['calico'].publish(checksum)

    assert 'source calico' in builder.is_refused()


def test_a_keyring_without_the_declared_key_is_refused(builder, keys, tmp_path):
    builder.declare(PACKAGES, key=keys[0].fingerprint)
    builder.fill()
    (builder.repository / HELD[0]).unlink()
    other = keys[1].export(tmp_path / 'other.asc')

    said = builder.is_refused('--keyring', 'bird={}'.format(other))

    assert 'packages/6.1.yaml wants its signing key to be {}, but {} has {}'.format(
        keys[0].fingerprint, other, keys[1].fingerprint) in said


@pytest.fixture
def both(keys, tmp_path):
    """A keyring with two keys."""
    path = tmp_path / 'both.asc'
    path.write_text(''.join(key.export(tmp_path / 'one.asc').read_text()
                            for key in keys))
    return path


def test_other_keys_of_a_keyring_may_not_sign(builder, mirror, keys, both):
    builder.declare(PACKAGES[:1], key=keys[0].fingerprint)
    builder.fill(keyring=both)
    mirror['bird'].key = keys[1]
    mirror['bird'].publish()

    assert 'NO_PUBKEY' in builder.is_refused('--update-lock', keyring=both)


def test_where_no_key_is_declared_the_keyring_must_have_one_only(builder, keys, both):
    said = builder.is_refused(keyring=both)

    assert 'the only one of a keyring' in said
    assert all(key.fingerprint in said for key in keys)


def test_a_short_key_id_is_no_fingerprint(builder):
    builder.declare(PACKAGES, key='F9C59A45')

    assert 'sources: bird: key: F9C59A45: no fingerprint' in builder.is_refused()


def test_options_of_this_machines_apt_do_not_count(builder, tmp_path):
    conf = tmp_path / 'apt.conf'
    conf.write_text('Acquire::AllowInsecureRepositories "true";\n'
                    'APT::Get::AllowUnauthenticated "true";\n')
    (builder.mirror / 'bird/dists/trusty/InRelease').unlink()

    done = run(*builder.argv(), check=False, env=dict(os.environ, APT_CONFIG=str(conf)))

    assert 'is not signed' in done.stdout
