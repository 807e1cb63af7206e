"""The rendered settings of etcd make an etcd cluster and proxies that serve it."""

import sys

import pytest

from lab import bird, commands, environment, fabric, fuel_metadata
from lab.commands import eventually, succeeds
from tests.live import COMPUTE, CONTROLLER

ETCD = bird.PROJECT / '.cache/etcd/usr/bin/etcd'
# Of etcd 3.4, which Debian has; etcd 2, which nodes have, knows no other API.
V2_API = ['ETCD_ENABLE_V2=true']
# argv: the path below the API's root, and the method.
REQUEST = ('import sys, urllib.request as u; r = u.Request("http://127.0.0.1:4001/v2/"'
           ' + sys.argv[1], method=sys.argv[2]); print(u.urlopen(r, timeout=2).read())')


@pytest.fixture
def etcd_nodes(lab_run, demand):
    """Three controllers and a compute, each with the etcd that was rendered for it."""
    demand(programs=[str(ETCD)])
    roles = [CONTROLLER, ['controller'], ['controller'], COMPUTE]
    astute = lab_run.directory / 'astute.yaml'
    astute.write_text(fuel_metadata.text('6.1', roles))
    rendered = environment.render(astute, '1', lab_run.directory / 'rendered')
    network = fabric.Fabric(lab_run)
    addresses = fuel_metadata.Addresses(len(roles))
    nodes = []
    for number in range(1, len(roles) + 1):
        name = 'node-{}'.format(number)
        node = network.add_node(name, addresses.node('management', number))
        settings = (rendered / name / 'etc/default/etcd').read_text()
        variables = [line.replace('"', '') for line in settings.splitlines()
                     if line and not line.startswith('#')]
        # The last of two variables of one name counts.
        lab_run.start(node.inside(
            'env', *variables, *V2_API,
            'ETCD_DATA_DIR={}'.format(lab_run.directory / name), ETCD),
            lab_run.directory / (name + '.log'))
        nodes.append(node)
    return nodes


def ask(node, path, method='GET', server='127.0.0.1:4001'):
    """The command with which a program on *node* asks etcd."""
    return node.inside(sys.executable, '-c',
                       REQUEST.replace('127.0.0.1:4001', server), path, method)


def answers(node, *request, **server):
    return succeeds(ask(node, *request, **server))


def test_what_one_node_writes_all_others_read(etcd_nodes):
    """Through the local address that Neutron and Felix use, on members and proxy."""
    *_, compute = etcd_nodes
    assert eventually(lambda: answers(compute, 'keys/calico?value=ready', 'PUT'), 30)

    for node in etcd_nodes:
        assert eventually(lambda: 'ready' in commands.run(
            ask(node, 'keys/calico'), check=False))


def test_members_are_the_controllers_and_no_node_serves_strangers(etcd_nodes):
    """A proxy is no member, and answers on its own node only."""
    first, *_, compute = etcd_nodes
    assert eventually(lambda: answers(compute, 'members'), 30)

    members = commands.run(ask(compute, 'members'))
    assert [name in members for name in ('node-1', 'node-2', 'node-3', 'node-4')] == [
        True, True, True, False]
    assert answers(compute, 'members', server=first.address + ':2379')
    for port in ':2379', ':4001':
        assert not answers(first, 'members', server=compute.address + port)
