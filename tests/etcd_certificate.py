"""A certificate of etcd in a directory of a test, made by the real openssl."""

from __future__ import unicode_literals

from calico_fuel import system
from calico_fuel.etcd import certificates
from calico_fuel.fuel.secret import Secret


def make(monkeypatch, place, name, address, secret='secret', days=14):
    """The Certificate, and the paths of its files, which are below *place*."""
    place = '{}'.format(place)
    tls = certificates.Tls(place + '/ca.pem', *[place + '/node.pem'] * 2)
    for constant, value in zip(('CA', 'CERTIFICATE', 'KEY'), tls):
        monkeypatch.setattr(certificates, constant, value)
    monkeypatch.setattr(
        certificates, 'MODES', ((tls.ca, 0o644), (tls.certificate, 0o640)))
    monkeypatch.setattr(certificates, 'OWNER', system.owner_and_mode(place)[0])
    made = certificates.Certificate(name, address, Secret(secret, 7), days)
    made.change(system)
    return made, tls
