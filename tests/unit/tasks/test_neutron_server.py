"""Neutron loads the Calico driver, and is restarted only when it has to be."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED, UNCHANGED, converge
from calico_fuel.openstack import options
from calico_fuel.resources import ini
from calico_fuel.tasks import neutron_server
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem, good

NEUTRON = ('[DEFAULT]\nagent_down_time=15\napi_workers=4\nconnection=mysql://secret\n'
           'core_plugin=neutron.plugins.ml2.plugin.Ml2Plugin\n'
           'service_plugins=neutron.services.l3_router.l3_router_plugin.L3RouterPlugin'
           ',neutron.services.metering.metering_plugin.MeteringPlugin\n')
ML2 = ('[ml2]\nmechanism_drivers=openvswitch\ntype_drivers=local,flat,vlan,gre,vxlan\n'
       'tenant_network_types=flat,vlan,gre\n')
DEFAULTS = 'NEUTRON_PLUGIN_CONFIG=/etc/neutron/plugin.ini\n'


class Controller(FakeSystem):
    """A controller as Fuel leaves it."""

    def __init__(self, dies_at=None):
        super(Controller, self).__init__({
            options.NEUTRON_CONF: NEUTRON, options.ML2_CONF: ML2,
            '/etc/default/neutron-server': DEFAULTS}, dies_at)
        self.version = '1.3'
        self.services = Services(self, jobs=['neutron-server'],
                                 running=['neutron-server'])
        self.programs['dpkg-query'] = lambda argv, text: good(
            'calico-control\t{}\tinstall ok installed\n'.format(self.version))

    def driver(self):
        return ini.value_of(self.text(options.ML2_CONF), 'ml2', 'mechanism_drivers')

    def options(self):
        """Those in which Calico's core plugin differs from ML2."""
        return tuple(ini.value_of(self.text(path), section, option)
                     for path, section, option in [
                         (options.NEUTRON_CONF, 'DEFAULT', 'core_plugin'),
                         (options.NEUTRON_CONF, 'DEFAULT', 'service_plugins'),
                         (options.ML2_CONF, 'ml2', 'extension_drivers')])


def run(node, release='6.1', **settings):
    wanted = environment(roles(1, 2), release, **settings)
    return [outcome.state for outcome in converge(
        neutron_server.resources(wanted, wanted.this_node, node), node)]


@pytest.mark.parametrize('release', ['6.1', '7.0', '8.0', '9.2'])
def test_the_driver_is_loaded_by_one_restart(release):
    node = Controller()

    run(node, release)

    assert node.driver() == 'calico'
    assert 'agent_down_time=60' in node.text(options.NEUTRON_CONF)
    assert 'export EVENTLET_NO_GREENDNS=yes' in node.text('/etc/default/neutron-server')
    assert node.services.starts == ['neutron-server']


@pytest.mark.parametrize('release', ['8.0', '9.2'])
def test_with_floating_ips_calico_is_the_core_plugin(release):
    node = Controller()

    run(node, release, floating_ips=True)

    text = node.text(options.NEUTRON_CONF)
    assert 'core_plugin=calico\n' in text and 'service_plugins' not in text
    assert set(run(node, release, floating_ips=True)) == {UNCHANGED}
    assert node.services.starts == ['neutron-server']


def switched(dies_at=None):
    """One with floating IPs on, which had options of Fuel 9.2's."""
    node = Controller()
    node.write(options.ML2_CONF, ML2 + 'extension_drivers=dns,port_security\n')
    node.before = node.options()
    run(node, '9.2', floating_ips=True)
    assert node.options() == ('calico', None, 'port_security')
    Neutron(node)
    node.changes, node.dies_at = 0, dies_at
    return node


def test_off_again_neutron_has_routers_and_extensions_as_before():
    """Where only that setting changes, Puppet on Fuel 9 does not write them."""
    for whole, node in at_every_change(switched, lambda node: run(node, '9.2')):
        assert node.options() == node.before == whole.options()
        assert node.services.found['neutron-server'][options.NEUTRON_CONF] == (
            node.files[options.NEUTRON_CONF])
        assert set(run(node, '9.2')) == {UNCHANGED}


def test_off_again_what_puppet_wrote_meanwhile_stays():
    node = switched()
    node.write(options.NEUTRON_CONF,
               '[DEFAULT]\ncore_plugin=other\nservice_plugins=router,qos\n')

    run(node, '9.2')

    assert node.options() == (options.ML2_PLUGIN, 'router,qos', 'dns,port_security')


def test_on_ml2_options_that_look_like_calicos_are_no_business_of_ours():
    node = Controller()
    run(node, '9.2')
    node.write(options.ML2_CONF, node.text(options.ML2_CONF).replace(
        '[ml2]\n', '[ml2]\nextension_drivers=port_security\n'))
    node.write(options.NEUTRON_CONF, '\n'.join(
        line for line in node.text(options.NEUTRON_CONF).split('\n')
        if 'service_plugins' not in line))

    assert set(run(node, '9.2')) == {UNCHANGED}


def test_a_refused_change_of_the_core_plugin_changes_no_file():
    node = Controller()
    run(node, '9.2')
    api = Neutron(node)
    api.add_port('net-1', 'compute:nova', 'vm')
    before = dict(node.files)

    states = run(node, '9.2', floating_ips=True)

    assert states[0] == FAILED and node.files == before
    assert node.services.starts == ['neutron-server']


def test_what_fuel_set_beside_stays():
    node = Controller()

    run(node)

    text = node.text(options.NEUTRON_CONF)
    assert 'api_workers=4\n' in text and 'connection=mysql://secret\n' in text
    assert DEFAULTS in node.text('/etc/default/neutron-server')


def test_a_second_run_restarts_nothing():
    node = Controller()
    run(node)

    assert set(run(node)) == {UNCHANGED}

    assert node.services.starts == ['neutron-server']


def test_what_puppet_put_back_is_set_and_loaded_again():
    node = Controller()
    run(node)
    node.write(options.ML2_CONF, ML2)

    run(node)

    assert node.driver() == 'calico'
    assert node.services.starts == ['neutron-server'] * 2


def test_a_new_driver_package_is_loaded():
    """Packages do not restart services while they are installed."""
    node = Controller()
    run(node)
    node.version = '1.4'

    run(node)

    assert node.services.starts == ['neutron-server'] * 2


def test_an_option_of_others_is_no_reason_for_a_restart():
    node = Controller()
    run(node)
    node.write(options.NEUTRON_CONF,
               node.text(options.NEUTRON_CONF) + '[foreign]\nx=1\n')

    assert set(run(node)) == {UNCHANGED}


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, node in at_every_change(Controller, run):
        assert node.driver() == 'calico' and node.services.starts
        assert set(run(node)) == {UNCHANGED}


def test_a_compute_has_no_neutron_server():
    wanted = environment(roles(1, 1), uid='2')

    assert neutron_server.resources(wanted, wanted.this_node, FakeSystem()) == []
