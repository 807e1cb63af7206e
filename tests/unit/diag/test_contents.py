"""Each role has its files and programs; the metadata file is in none."""

from __future__ import unicode_literals

import pytest

from calico_fuel.cli import source
from calico_fuel.diag import contents
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem

ALL = roles(1, 1, [['ceph-osd']])


def pieces(uid, **files):
    of = environment(ALL, uid=uid) if uid else None
    return contents.of_node(of, FakeSystem({
        '/etc/bird/local.d/mine.conf': 'x'}))


@pytest.mark.parametrize('uid', ['1', '2', '3', None])
def test_no_piece_is_a_file_with_the_secrets_of_the_environment(uid):
    found = pieces(uid)

    texts = '{}'.format([piece.what for piece in found])
    for path in source.METADATA_FILES + ('openrc', '.pem', '.ssh', 'keystone.conf'):
        if path != 'openrc':
            assert path not in texts
    names = [piece.name for piece in found]
    assert len(names) == len(set(names))
    # A command line may have a password.
    assert not [piece for piece in found if 'args' in piece.what or 'cmd' in piece.what]


@pytest.mark.parametrize('uid, has, lacks', [
    ('1', ['openstack/agents.txt', 'bird/protocols.txt', 'files/etc/neutron/neutron'
           '.conf', 'files/etc/bird/local.d/mine.conf'], ['bird/export-']),
    ('2', ['files/var/log/calico/felix.log', 'bird/export-reflector_node_1.txt',
           'files/etc/nova/nova.conf'], ['openstack/agents.txt']),
    ('3', ['network/iptables.txt', 'files/var/log/calico-fuel.log'],
     ['bird/', 'neutron', 'felix']),
    (None, ['bird/protocols.txt', 'files/var/log/calico/felix.log'], []),
])
def test_a_node_has_the_pieces_of_its_roles(uid, has, lacks):
    names = [piece.name for piece in pieces(uid)]

    assert set(has) <= set(names)
    assert not [name for name in names if any(part in name for part in lacks)]
