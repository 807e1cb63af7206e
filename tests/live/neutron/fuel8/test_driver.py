"""The plugin's tasks on Fuel 8.0 with a real Neutron and Calico's mechanism driver."""

import json

import pytest

from calico_fuel.calico import endpoints
from lab.fuel import etcd, master, neutron, stock
from lab.machine.programs import LabError, eventually
from tests.live import VERIFY_AT_ONCE
from tests.live.neutron import LOG

# Of Fuel 8.0, made while Neutron served Open vSwitch.
DEFAULT_NETWORKS = ('admin_floating_net', 'admin_internal_net', 'router04')
ENDPOINTS = '/calico/v1/host/node-2/workload/openstack'
FILTERS = '/etc/neutron/rootwrap.d/dhcp.filters'
ELECTION = '/calico/openstack/v1/neutron_election'
DEAD_AGENT = """
import pymysql
connection = pymysql.connect(host='127.0.0.1', db='neutron')
connection.cursor().execute('''
insert into agents (id, agent_type, `binary`, topic, host, admin_state_up, created_at,
                    started_at, heartbeat_timestamp, configurations, `load`)
values ('some', 'Open vSwitch agent', 'neutron-openvswitch-agent', 'N/A', 'node-2', 1,
        '2016-01-01', '2016-01-01', '2016-01-01', '{}', 0)''')
connection.commit()
"""


@pytest.fixture
def lab(driver_lab):
    return driver_lab


@pytest.fixture
def keys(controller):
    """Key -> value of all that etcd has below a key."""
    def leaves(node):
        if 'value' in node:
            return {node['key']: node['value']}
        return {key: value for child in node.get('nodes', ())
                for key, value in leaves(child).items()}

    def keys(below):
        reply = json.loads(_etcd(controller, 'GET', below + '?recursive=true'))
        return leaves(reply.get('node', {}))
    return keys


def _etcd(machine, method, key):
    return etcd.ask(machine.node, method, 'http://127.0.0.1:4001/v2/keys' + key)


class TestDriver:
    """One environment, which each test leaves as good as it was."""

    def test_the_tasks_of_the_plugin_load_the_driver(self, lab, controller):
        assert lab.fuel.ready == {'node-1', 'node-2'}
        assert 'loaded and ready, leader node-1' in lab.task('node-1', 'verify')
        assert [line for line in controller.read(LOG).splitlines()
                if ' ERROR ' in line and 'alico' in line] == []

    def test_felix_is_an_agent_that_lives(self, ask):
        """Alive in Neutron's eyes, or no port on its host could be bound."""
        assert ask('agent-list', column='binary') == ['calico-felix']
        assert ask('agent-list', column='alive') == [':-)']

    def test_the_default_networks_are_gone_and_the_wanted_one_is_there(
            self, controller, ask):
        log = controller.read('/var/log/calico-fuel.log')
        assert all(name + ' (' in log for name in DEFAULT_NETWORKS)

        assert ask('net-list', column='name') == ['workloads']
        assert ask('subnet-list', column='cidr') == ['203.0.113.0/24']
        gateway, = ask('subnet-show', 'workloads-v4', column='gateway_ip')
        assert gateway == '203.0.113.1'
        assert ask('net-show', 'workloads', column='shared') == ['True']
        assert ask('router-list') == []

    @pytest.mark.parametrize('task', ['neutron-server', 'networks'])
    def test_a_task_run_again_changes_nothing(self, lab, controller, ask, task):
        pid = controller.read('/run/neutron-server.pid')
        networks = ask('net-list') + ask('subnet-list')

        said = lab.task('node-1', task).splitlines()[-1]

        assert 'changed' not in said.replace('unchanged', ''), said
        assert ask('net-list') + ask('subnet-list') == networks
        assert controller.read('/run/neutron-server.pid') == pid

    def test_what_the_next_deployment_of_fuel_brings_back_goes_again(
            self, lab, controller, ask):
        """Stock options of Neutron, and the default networks."""
        stock.deploy(controller, lab.fuel.release, ['primary-controller'], {}, True)
        neutron.make_networks(controller, lab.fuel.metadata('node-1')[
            'quantum_settings']['predefined_networks'])
        assert set(ask('net-list', column='name')) > {'admin_internal_net', 'workloads'}

        for task in 'neutron-server', 'networks':
            lab.task('node-1', task)

        assert ask('net-list', column='name') == ['workloads']
        assert 'mechanism_drivers=calico' in controller.read(
            '/etc/neutron/plugin.ini').replace(' ', '')

    def test_the_record_of_an_agent_that_is_gone_is_removed(self, lab, controller, ask):
        controller.run(neutron.TARGET + '/bin/python', '-c', DEAD_AGENT)
        assert sorted(ask('agent-list', column='alive')) == [':-)', 'xxx']

        lab.task('node-1', 'cleanup')

        assert ask('agent-list', column='binary') == ['calico-felix']

    def test_a_port_is_an_endpoint_in_etcd_until_it_is_deleted(self, ask, keys):
        group, = ask('security-group-create', 'web')
        ask('security-group-rule-create', '--protocol=tcp', '--port-range-min=80',
            '--port-range-max=80', group)
        port, = ask('port-create', '--binding:host_id=node-2', '--device-id=some-vm',
                    '--device-owner=compute:nova', '--security-group=' + group,
                    'workloads')

        (key, value), = keys(ENDPOINTS).items()
        assert key == '{}/some-vm/endpoint/{}'.format(ENDPOINTS, port)
        endpoint = json.loads(value)
        assert endpoint['name'] == 'tap' + port[:11]
        assert endpoint['profile_ids'] == ['openstack-sg-' + group]
        address, = endpoint['ipv4_nets']
        assert address.startswith('203.0.113.') and address.endswith('/32')
        assert endpoints.KEY.match(key).group(1) == 'node-2'
        rules, = keys('/calico/v1/policy/profile/openstack-sg-{}/rules'.format(
            group)).values()
        assert [80] in [rule.get('dst_ports')
                        for rule in json.loads(rules)['inbound_rules']]
        assert ask('port-show', port, column='binding:vif_type') == ['tap']

        ask('port-delete', port)

        assert keys(ENDPOINTS) == {}

    def test_an_instance_has_its_dnsmasq_unless_rootwrap_refuses_it(self, lab, ask):
        """The filter comes with a package of which nothing else runs."""
        compute = lab.fuel.members['node-2'].machine
        assert compute.result('service', 'neutron-dhcp-agent', 'status').status
        assert 'S20neutron-dhcp-agent' not in compute.run('ls', '/etc/rc2.d')
        port, = ask('port-create', '--binding:host_id=node-2', '--device-id=some-vm',
                    '--device-owner=compute:nova', 'workloads')
        assert eventually(lambda: any(
            'dnsmasq' in line and '--interface=tap' + port[:11] in line
            for line in compute.processes().values()), 20)
        assert 'DHCP of instances' in compute.attempt(VERIFY_AT_ONCE).output

        compute.run('mv', FILTERS, '/root')
        compute.run('pkill', '-x', 'dnsmasq')

        assert 'rootwrap refuses to start it' in compute.attempt(VERIFY_AT_ONCE).output
        compute.run('mv', '/root/dhcp.filters', FILTERS)
        ask('port-delete', port)

    def test_it_has_one_controller(self, lab):
        """Its database and its message queue are there."""
        with pytest.raises(LabError) as error:
            lab.fuel.add('controller')

        assert str(error.value) == master.ONE_CONTROLLER
        assert len(lab.fuel.members) == 2

    def test_verify_tells_of_a_neutron_that_runs_without_the_driver(
            self, controller, keys):
        driver = '{}/{}/etcd'.format(neutron.TARGET, neutron.SITE_PACKAGES)

        def restart():
            controller.run('service', 'neutron-server', 'restart')
            assert eventually(
                lambda: neutron.client(controller, 'net-list').status == 0, 60, 0.2)
        controller.run('mv', driver, driver + '.away')
        restart()
        # What the fix tells to look for.
        assert 'Could not load' in controller.read(LOG)
        # It has 60 s to live.
        if keys(ELECTION):
            _etcd(controller, 'DELETE', ELECTION)

        attempt = controller.attempt(VERIFY_AT_ONCE)

        controller.run('mv', driver + '.away', driver)
        restart()
        assert attempt.status == 1
        assert 'Calico mechanism driver was loaded once, and is no longer' in (
            ' '.join(attempt.output.split()))
