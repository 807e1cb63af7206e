"""Of the local users of a member or a proxy, only three are clients of its etcd."""

import sys

import pytest

from calico_fuel.resources.iptables import SAVED
from lab.machine.programs import eventually
from tests.live.etcd_nodes import all_read, assert_steady, deploy, names

LOOPBACK = '127.0.0.1:4001', '127.0.0.1:2379'
REFUSED = 'Connection refused'
KEY = '/v2/keys/calico'
# Asks an etcd.  argv: method, URL, body.
PROGRAM = '''
import sys, urllib.error, urllib.request
method, url, body = sys.argv[1:]
try:
    print(urllib.request.urlopen(urllib.request.Request(
        url, body.encode() or None, method=method), timeout=3).read().decode())
except urllib.error.HTTPError as error:
    print(error.read().decode())
'''
ATTACKS = [
    ('GET', '/v2/keys/?recursive=true', ''),
    ('PUT', KEY + '?value=forged', ''),
    ('DELETE', KEY + '?recursive=true', ''),
    ('POST', '/v2/members', '{"peerURLs": ["http://192.0.2.99:2380"]}')]


@pytest.fixture
def deployed(make_nodes):
    """A member with a value, and a proxy."""
    nodes = deploy(make_nodes, 1)
    assert all_read(nodes)
    return nodes


def reply(machine, user, server, method='GET', path=KEY, body=''):
    """What the etcd of *server* says to a program of *user*, or why it says nothing."""
    result = machine.result(
        'setpriv', '--reuid', user, '--clear-groups', 'python3', '-c', PROGRAM,
        method, 'http://{}{}'.format(server, path), body)
    return result.stderr if result.status else result.stdout


def passed(machine, servers):
    """The attacks of "nobody" that are not refused at once."""
    return [(server, attack) for server in servers for attack in ATTACKS
            if REFUSED not in reply(machine, 'nobody', server, *attack)]


def test_no_other_user_reads_or_changes_keys_or_members(deployed, lab_run):
    member, proxy = deployed.clones[1], deployed.clones[9]
    other = deployed.fabric.add_node('other', '192.0.2.200')
    lab_run.start(other.inside(
        sys.executable, '-m', 'http.server', '2379', '--bind', other.address),
        lab_run.directory / 'other.log')

    for machine in member, proxy:
        assert passed(machine, LOOPBACK + (
            member.address + ':2379', member.address + ':2380')) == []
        for user in 'root', 'etcd':
            assert all('"kept"' in reply(machine, user, server) for server in LOOPBACK)

    assert set(deployed.members(1)) == names(1) and all_read(deployed)
    # An etcd that is not of this environment.
    assert eventually(lambda: 'Error response' in reply(
        proxy, 'nobody', other.address + ':2379'))


def test_the_rules_are_loaded_at_boot_and_a_further_run_changes_nothing(deployed):
    member = deployed.clones[1]
    rules = member.read(SAVED)
    member.reboot(['etcd'])
    assert all_read(deployed)
    assert '"kept"' in reply(member, 'nobody', LOOPBACK[0])

    member.run('iptables-restore', text=rules)

    assert passed(member, LOOPBACK) == []
    assert_steady(deployed)


def test_neutron_is_served_as_soon_as_it_is_known(deployed):
    """Fuel's packages make the user before the task runs."""
    member = deployed.clones[1]
    member.run('useradd', '--system', 'neutron')
    assert REFUSED in reply(member, 'neutron', LOOPBACK[0])

    deployed.deploy()

    assert '"kept"' in reply(member, 'neutron', LOOPBACK[0])
    assert passed(member, LOOPBACK) == []
