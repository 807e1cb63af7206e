"""What verify tells of the sessions of real BIRD daemons, and of a real etcd."""

import sys

import pytest

from calico_fuel import system
from calico_fuel.bgp import bird, health
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from lab.network import bird as lab_bird, fabric
from tests.live import COMPUTE, CONTROLLER


ETCD = lab_bird.PROJECT / '.cache/etcd/usr/bin/etcd'
# What a controller finds out about etcd and Calico, one row in a line.
LOOK = """
import sys
from calico_fuel import roles, system
from calico_fuel.calico import driver, felix, keys
from calico_fuel.etcd import health
from calico_fuel.fuel.metadata import parse_environment
of = parse_environment(system.read(sys.argv[1]))
of_calico = keys.about_itself(system)
for row in [health.local(system, keys.READY_KEY), *health.cluster(of, system),
            driver.check(of_calico), *felix.reports(roles.computes(of), of_calico)]:
    print(row.subject, row.state, row.is_problem, sep="|")
"""
WRITE = """
import sys
from calico_fuel import system
assert system.http("PUT", sys.argv[1], sys.argv[2],
                   "application/x-www-form-urlencoded").status == 201
"""


class Node:
    """A node whose birdc is that of the lab."""

    def __init__(self, daemon):
        self._daemon = daemon

    def run(self, argv, **options):
        assert argv[0] == 'birdc'
        return system.run(self._daemon.birdc_command(*argv[1:]), **options)

    def read_if_exists(self, path):
        # The sessions in it would be retained while they are Established.
        assert path == bird.BIRD_CONF
        return ''


@pytest.fixture
def look(network):
    """(subject, state, is_problem) of each row of a node among these *roles*."""
    def look(name, *roles, **settings):
        of = parse_environment(fuel_metadata.text(
            '6.1', roles, name.rpartition('-')[2], **settings))
        return [(check.subject, check.state, check.is_problem) for check in
                health.of_node(of, of.this_node, Node(network.birds[name]))]
    return look


ALL = CONTROLLER, COMPUTE, COMPUTE
CLIENT = 'BGP client_node_3 to node-3.example.com (192.0.2.13)'


def problems(rows):
    return [row for row in rows if row[2]]


def test_each_state_of_a_session_is_told(look, network):
    assert look('node-1', *ALL) == [
        ('BIRD', 'runs', False), ('BGP to 2 computes', 'Established', False)]
    assert look('node-2', *ALL) == [
        ('BIRD', 'runs', False), ('BGP to 1 route reflector', 'Established', False)]
    # BIRD still has a session that the metadata has not, or the other way round.
    assert problems(look('node-1', CONTROLLER, COMPUTE)) == [
        ('BGP client_node_3', 'exists', True)]
    assert problems(look('node-1', *ALL, COMPUTE)) == [
        ('BGP client_node_4 to node-4.example.com (192.0.2.14)', 'is not configured',
         True)]

    network.birds['node-1'].birdc('disable', 'client_node_3')
    assert (CLIENT, 'down', True) in look('node-1', *ALL)
    network.birds['node-1'].birdc('enable', 'client_node_3')
    network.await_sessions()

    network.birds['node-3'].stop()
    assert eventually(lambda: problems(look('node-1', *ALL)), 10)
    (subject, state, _), = problems(look('node-1', *ALL))
    assert subject == CLIENT and state.startswith('start ')
    assert 'Established' not in state

    network.birds['node-2'].stop()
    assert look('node-2', *ALL) == [('BIRD', 'does not answer birdc', True)]


def test_an_external_peer_that_is_away_is_no_problem(prepare):
    """Its router may be set up later."""
    peer = 'border 65010 192.0.2.200'
    network = prepare(*ALL, external_peers=peer)
    network.start()
    assert eventually(network.birds['node-2'].is_established)
    of = parse_environment(fuel_metadata.text('6.1', ALL, '1', external_peers=peer))

    *_, border = health.of_node(of, of.this_node, Node(network.birds['node-1']))

    assert border.subject == 'BGP external_border to border (192.0.2.200)'
    assert border.fix and not border.is_problem


@pytest.fixture
def controller(lab_run, demand):
    """node-1 of an environment with one compute: its etcd runs."""
    demand(programs=[str(ETCD)])
    node = fabric.Fabric(lab_run).add_node('node-1', '192.0.2.11')
    local = 'http://127.0.0.1:4001'
    client, peer = 'http://192.0.2.11:2379', 'http://192.0.2.11:2380'
    lab_run.start(node.inside(
        ETCD, '--name', 'node-1', '--enable-v2',
        '--data-dir', lab_run.directory / 'etcd',
        '--listen-client-urls', local + ',' + client, '--advertise-client-urls', client,
        '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer,
        '--initial-cluster', 'node-1=' + peer), lab_run.directory / 'etcd.log')
    return node


def test_a_controller_reads_what_driver_and_felix_write_to_etcd(lab_run, controller):
    """As Calico 1.2 and later do; first nobody does."""
    astute = lab_run.directory / 'astute.yaml'
    astute.write_text(fuel_metadata.text('6.1', [CONTROLLER, COMPUTE]))

    def run(script, *argv):
        return controller.run('env', 'PYTHONPATH={}'.format(lab_bird.PROJECT),
                              sys.executable, '-c', script, *argv)

    def rows():
        return run(LOOK, astute).splitlines()

    def write(key, value):
        run(WRITE, 'http://127.0.0.1:4001/v2/keys' + key, 'value=' + value)

    healthy = ['etcd on 127.0.0.1:4001|answers|False',
               'etcd member node-1|healthy|False']
    nobody = 'Calico mechanism driver|has not written its data|True'
    assert eventually(lambda: rows() == healthy + [nobody], 20)

    write('/calico/v1/Ready', 'true')
    write('/calico/v1/config/EndpointReportingEnabled', 'true')
    write('/calico/openstack/v1/neutron_election', 'node-1:4711')
    driver = 'Calico mechanism driver|loaded and ready, leader node-1|False'
    assert rows() == healthy + [driver, 'Felix on node-2|does not report|True']

    write('/calico/felix/v1/host/node-2.example.com/status', '{}')
    assert rows() == healthy + [driver, 'Felix on 1 compute|reports|False']
