"""A real etcd accepts members and clients with our certificates, and no other."""

import sys
from types import SimpleNamespace

import pytest

from lab.machine.programs import eventually
from lab.network import fabric
from lab.network.bird import PROJECT
from tests import etcd_certificate

ETCD = PROJECT / '.cache/etcd/usr/bin/etcd'
PYTHONS = [sys.executable, str(PROJECT / '.cache/py27/bin/python')]
ASK = ('import sys; sys.path.insert(0, {!r})\nfrom calico_fuel import system\n'
       'print(system.http("GET", {!r}, tls={!r}))')
CLIENTS, PEERS = 'https://{}:2389', 'https://{}:2390'
MEMBERS = {'node-1': '192.0.2.11', 'node-2': '192.0.2.12'}


def ask(node, url, tls, python):
    """What ``system.http`` answers on a node, as text."""
    return node.run(python, '-c', ASK.format(str(PROJECT), url, tuple(tls)))


@pytest.fixture
def network(lab_run, demand, monkeypatch, tmp_path):
    """Nodes by name, with the paths of their certificates."""
    demand(programs=[str(ETCD), 'openssl'])
    net = fabric.Fabric(lab_run)

    def add(name, address, secret='secret', of=None):
        place = tmp_path / name
        place.mkdir()
        _, tls = etcd_certificate.make(monkeypatch, place, name, of or address, secret)
        return SimpleNamespace(
            name=name, tls=tls, data=place / 'data', node=net.add_node(name, address))
    return SimpleNamespace(run=lab_run, add=add)


def start(network, member):
    """Start an etcd that speaks TLS only, as one of MEMBERS."""
    client, peer = [
        form.format(member.node.address) for form in (CLIENTS, PEERS)]
    options = dict(
        name=member.name, data_dir=member.data, listen_client_urls=client,
        advertise_client_urls=client, listen_peer_urls=peer,
        initial_advertise_peer_urls=peer, initial_cluster=','.join(
            '{}={}'.format(name, PEERS.format(MEMBERS[name])) for name in MEMBERS),
        client_cert_auth='true', peer_client_cert_auth='true', enable_v2='true')
    for prefix in '', 'peer_':
        options.update({prefix + 'trusted_ca_file': member.tls.ca,
                        prefix + 'cert_file': member.tls.certificate,
                        prefix + 'key_file': member.tls.key})
    network.run.start(member.node.inside(ETCD, *[
        '--{}={}'.format(option.replace('_', '-'), value)
        for option, value in options.items()]), member.data.with_suffix('.log'))


@pytest.mark.parametrize('python', PYTHONS, ids=['python3', 'python2'])
def test_members_and_clients_of_the_environment_are_served_and_no_other(
        network, demand, python):
    demand(programs=[python])

    def answer(of, url, tls):
        return ask(of.node, url, tls, python)
    members = [network.add(name, address) for name, address in MEMBERS.items()]
    for member in members:
        start(network, member)
    health = CLIENTS.format(MEMBERS['node-1']) + '/health'
    of_peers = PEERS.format(MEMBERS['node-1']) + '/members'
    guest = network.add('node-3', '192.0.2.13')
    stranger = network.add('node-4', '192.0.2.14', secret='other')
    moved = network.add('node-5', '192.0.2.15', of='192.0.2.16')

    # Both are needed for a quorum, so each accepts the other.
    assert eventually(lambda: '"health":"true"' in answer(guest, health, guest.tls))
    assert 'status=200' in answer(members[1], of_peers, members[1].tls)
    for tls in (stranger.tls, stranger.tls._replace(ca=guest.tls.ca),
                guest.tls._replace(certificate='/none', key='/none')):
        assert answer(stranger, health, tls) == answer(
            stranger, of_peers, tls) == 'None\n'
    # A peer comes from the address in its certificate.
    assert answer(moved, of_peers, moved.tls) == 'None\n'
