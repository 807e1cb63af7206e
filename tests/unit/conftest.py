"""What the unit tests share: golden files, and no program by accident."""

from __future__ import unicode_literals

import io
import os
import subprocess

import hypothesis
import pytest

from calico_fuel.etcd import authority
from lab.fuel import fuel_metadata
from tests import etcd_certificate
from tests.unit.builders import roles

# A busy machine is no finding.
hypothesis.settings.register_profile(
    'unit', deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile('unit')

GOLDEN = os.path.join(os.path.dirname(os.path.dirname(__file__)), 'golden')


@pytest.fixture
def golden(request):
    """Compare a text with a file under tests/golden."""
    def compare(name, text):
        path = os.path.join(GOLDEN, name)
        if request.config.getoption('--update-golden'):
            with io.open(path, 'w', encoding='utf-8') as stream:
                stream.write(text)
        with io.open(path, encoding='utf-8') as stream:
            assert text == stream.read()
    return compare


class RanAProgram(BaseException):
    """A unit test ran a program; no except clause of ours swallows this."""


@pytest.fixture(autouse=True)
def _no_programs(request, monkeypatch):
    def refuse(argv, *args, **kwargs):
        raise RanAProgram(argv)
    if 'runs_programs' not in request.keywords:
        monkeypatch.setattr(subprocess, 'Popen', refuse)


KEYS = {}


@pytest.fixture(autouse=True)
def _each_key_once(monkeypatch):
    """Python takes a hundredth of a second to compute a key."""
    private_key = authority.private_key

    def once(secret):
        if secret not in KEYS:
            KEYS[secret] = private_key(secret)
        return KEYS[secret]
    monkeypatch.setattr(authority, 'private_key', once)


@pytest.fixture
def certificate(tmpdir, monkeypatch):
    """Make a certificate by the real openssl: the resource, and its files."""
    def make(name, address='127.0.0.1', secret='secret', days=14):
        return etcd_certificate.make(
            monkeypatch, tmpdir.ensure(name, dir=True), name, address, secret, days)
    return make


@pytest.fixture
def metadata(tmpdir, monkeypatch):
    """A metadata file of node-1 on a machine without BIRD."""
    monkeypatch.setattr('calico_fuel.bgp.bird.version', lambda system: None)

    def write(of_nodes=None, release='6.1', name='astute.yaml', **settings):
        path = tmpdir.join('etc', name)
        path.write_text(fuel_metadata.text(
            release, of_nodes or roles(), **settings), 'utf-8', ensure=True)
        return str(path)
    return write
