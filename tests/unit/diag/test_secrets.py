"""No secret of a node's files gets out, whatever form it has; the rest stays."""

from __future__ import unicode_literals

import os

import pytest

from calico_fuel.diag import secrets
from calico_fuel.fuel.yaml_values import load
from tests.unit.builders import environment

PEM = ('-----BEGIN {0} KEY-----\nMIIEowIBAAKCAQEAplanted7\nAoIBAQplanted8==\n'
       '-----END {0} KEY-----')


@pytest.mark.parametrize('text', [
    'admin_password = pl4nted', 'admin_password=pl4nted with blanks; and more',
    'password=pl4nted', '#rabbit_password = pl4nted', "export OS_PASSWORD='pl4nted'",
    'nova_metadata_proxy_shared_secret=pl4nted', 'admin_token = pl4nted',
    'connection = mysql://neutron:pl4nted@192.0.2.2/neutron?charset=utf8',
    'connection=mysql://neutron:p@pl4nted@192.0.2.2/neutron',
    'transport_url = rabbit://nova:pl4nted@a:5673,nova:pl4nted@b:5673//',
    'sql_connection: postgresql+psycopg2://u:pl4nted@h/d', '  password "pl4nted";',
    '{"auth": {"passwordCredentials": {"password": "pl4nted", "username": "u"}}}',
    "{u'admin_password': u'pl4nted', 'x': 1}", "{'password': 'it\\'s pl4nted'}",
    'X-Auth-Token: pl4nted', 'Authorization: Basic pl4nted',
    "'X-Auth-Token': 'pl4nted'",
    'DEBUG req: curl -H "X-Auth-Token: pl4nted" http://192.0.2.2:9696',
    'mysql --password=pl4nted -h x', 'neutron --os-password pl4nted port-list',
    'auth_encryption_key=pl4nted', 'fixed_key = pl4nted',
    'memcache_secret_key = pl4nted', 'private_key: pl4nted',
    'swift_hash_key = pl4nted', '<auth passwd="pl4nted"/>',
    'credential pl4nted'.replace(' ', '='), 'ha_vrrp_auth_password = pl4nted',
    '<password>pl4nted</password>', '"token": {"issued_at": "x", "id": "pl4nted"}',
    'mysql://n:a"pl4nted@h/x', 'wsrep_sst_auth=root:pl4nted', "('password', 'pl4nted')",
    'PASSWD=pl4nted', 'db_key: "pl4nted"', '"passwords": ["x", "pl4nted"], "y": 1',
])
def test_what_has_the_form_of_a_secret_is_masked(text):
    said = secrets.masked('a line before\n{}\na line behind'.format(text))

    assert 'pl4nted' not in said and secrets.MASK in said
    assert said.startswith('a line before\n') and said.endswith('\na line behind')


@pytest.mark.parametrize('kind', ['RSA PRIVATE', 'PRIVATE', 'EC PRIVATE',
                                  'OPENSSH PRIVATE', 'ENCRYPTED PRIVATE'])
@pytest.mark.parametrize('cut', [slice(None), slice(40, None), slice(None, 60)])
def test_a_private_key_is_masked_even_if_a_half_of_it_is_cut_off(kind, cut):
    key = PEM.format(kind)[cut]

    said = secrets.masked(key + '\n' if cut.start is not None else 'x\n' + key)

    assert 'planted' not in said


def test_a_certificate_and_a_public_key_stay():
    text = PEM.replace('{0} KEY', 'CERTIFICATE') + '\nssh-rsa AAAAB3 root@master\n'

    assert secrets.masked(text) == text


@pytest.mark.parametrize('text', [
    '203.0.113.31/32 via 192.0.2.14 on br-mgmt [reflector_node_1 07:50:02] * (100/0)',
    'etcd_host = 127.0.0.1', 'http://127.0.0.1:4001/v2/keys/calico/v1/Ready',
    '/calico/v1/host/node-3/workload/openstack/vm/endpoint/p {"state": "active"}',
    'TCP: MD5 Hash not found for (192.0.2.14, 179)->(192.0.2.11, 4711)',
    ':felix-FORWARD - [0:0]', '-A INPUT -p tcp --dport 179 -m comment --comment "179"'])
def test_what_is_no_secret_stays(text):
    assert secrets.masked(text) == text


METADATA = '''
access: {user: admin, password: pl4nted-admin, email: admin@localhost}
mysql: {root_password: pl4ntedmysql}
rabbit: {password: pl4ntedrabbit, user: nova}
cinder: {fixed_key: pl4ntedfixed, db_password: pl4ntedcinder}
heat: {auth_encryption_key: pl4ntedheat}
quantum_settings: {metadata: {metadata_proxy_shared_secret: pl4ntedproxy}}
keystone: {admin_token: pl4ntedtoken}
storage: {bootstrap_osd_key: pl4ntedceph==, radosgw_key: pl4ntedrgw/+==}
public_ssl:
  cert_data: {content: "-----BEGIN PRIVATE KEY-----\\nMIIEpl4ntedssl00000\\n"}
auth_key: ''
mongo: {enabled: false, replset_keys: [pl4ntedmongo]}
horizon: {secret_key: pl4ntedhorizon, secure: true}
nodes: [{name: node-1, uid: '1'}]
'''


def test_each_secret_of_the_metadata_is_masked_wherever_it_stands():
    values = secrets.in_metadata(load(METADATA, 'astute.yaml'))

    assert len([one for one in values if 'pl4nted' in one]) >= 14
    said = secrets.masked('ERROR: tried {} and went on'.format(
        ' '.join(sorted(values))), values)
    assert 'pl4nted' not in said and said.endswith('and went on')
    assert not values & set(['admin', 'nova', 'node-1', 'admin@localhost'])
    # As it stands in a URL.
    assert 'pl4ntedrgw' not in secrets.masked('GET /x?k=pl4ntedrgw/%2B%3D%3D', values)


def test_passwords_of_bgp_and_the_keys_that_nodes_derive_are_masked():
    of = environment(bgp_password='pl4ntedbgp', external_peers=(
        'border 65010 192.0.2.200 pl4ntedpeer'))

    values = secrets.in_metadata({}, of)

    assert set(['pl4ntedbgp', 'pl4ntedpeer']) <= values
    assert of.secret.value in values and of.secret.key('bgp') in values


def test_secrets_that_other_files_of_the_node_have_are_masked_in_logs():
    values = secrets.in_file(
        "export OS_PASSWORD='pl4nted-1'\nadmin_password=pl4nted-2\n"
        '  password "pl4nted-3";\nconnection=mysql://n:pl4nted-4@h/d\n'
        'token_file = /etc/ssl/x\ntoken_lifetime = 3600\n'
        'key_file = /etc/ssl/x\nuse_token = True\nallow_password = \n')

    assert values == set(['pl4nted-1', 'pl4nted-2', 'pl4nted-3', 'pl4nted-4'])


def test_a_text_of_megabytes_takes_no_minutes():
    """Lines without an end, and words that begin like a secret."""
    begin = sum(os.times()[:2])

    for part in ('a', 'http', 'a://b:', 'password', 'password ', 'x=', 'password=[',
                 '"', "'", 'password "', '-----BEGIN ', '\\', '@:', ' -a'):
        secrets.masked(part * (100000 // len(part)), ['pl4nted'])

    # A time that grows with the square would be minutes.
    assert sum(os.times()[:2]) - begin < 30


def test_a_value_within_another_is_masked_with_the_other():
    assert secrets.masked('abcdefgh abcdef', ['abcdef', 'abcdefgh']) == (
        '******** ********')
