"""What the plugin brought goes, what was there before comes back, no data is lost."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.local_files import PINNED
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.openstack import options
from calico_fuel.resources import deployed_settings
from calico_fuel.render import CRON_FILE
from calico_fuel.tasks import compute, neutron_server, remove
from calico_fuel.tasks.command import COMMAND
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.removed import (
    Controller, Node, OURS, OVS_AGENT, deploy, of_controller, run, states, wanted)
from tests.unit.fake.system import FakeSystem


def test_a_compute_is_as_before():
    node = Node()
    assert node.state() != node.before and node.services.running >= OURS
    node.services.starts = []
    # A deployment that pinned routes ended early.
    node.write(PINNED, '#')

    outcomes = run(node)

    assert states(outcomes) == {CHANGED, UNCHANGED}
    assert node.state() == node.before
    assert node.services.running == {'nova-compute', 'libvirt-bin', OVS_AGENT}
    assert sorted(node.services.starts) == ['libvirt-bin', OVS_AGENT, 'nova-compute']
    assert node.bird.loaded is None
    assert node.routing.routes == {'12': [], '202': []}
    # By that a refresh that has waited for this removal changes nothing.
    assert not node.exists(deployed_settings.PATH)
    # Until then it can be typed again.
    assert COMMAND in outcomes[-1].label and not node.exists(COMMAND)
    node.services.boot()
    assert not node.services.running & OURS
    assert OVS_AGENT in node.services.running


def test_the_hook_that_gives_taps_their_mtu_goes_and_libvirt_does_not_miss_it():
    node = Node()
    of_all = environment(roles(2, 2), '6.1', '3', instance_mtu='1400')
    assert FAILED not in states(converge(
        compute.resources(of_all, of_all.this_node, node), node))
    node.services.starts = []

    run(node, of_all=of_all)

    assert node.state() == node.before
    assert 'libvirt-bin' in node.services.starts


def test_a_controller_has_its_options_and_agents_again_and_etcd_goes_on():
    node = Controller()
    node.services.starts = []

    outcomes = of_controller(node)

    assert FAILED not in states(outcomes)
    assert node.state() == node.before
    assert node.pacemaker.may_run('p_neutron-l3-agent')
    assert node.services.starts == ['neutron-server']
    assert node.services.running == {'neutron-server', 'etcd'}
    assert node.exists('/var/lib/etcd/member/wal/0.wal')
    assert 'not restored: the etcd member with its data' in '\n'.join(
        outcome.label for outcome in outcomes)


@pytest.mark.parametrize('is_on', [True, False])
def test_the_core_plugin_and_its_options_are_fuels_again(is_on):
    """Off: it was switched off, and no deployment has done that yet."""
    def with_floating_ips(is_on):
        return environment(roles(2, 2), '9.2', '2', floating_ips=is_on)

    def make(dies_at=None):
        node = Controller()
        of_all = with_floating_ips(True)
        assert FAILED not in states(converge(neutron_server.resources(
            of_all, of_all.this_node, node), node))
        assert 'service_plugins' not in node.text(options.NEUTRON_CONF)
        node.changes, node.dies_at = 0, dies_at
        return node

    for whole, node in at_every_change(
            make, lambda node: run(node, of_all=with_floating_ips(is_on))):
        assert node.text(options.NEUTRON_CONF).count('L3RouterPlugin') == 1
        assert 'core_plugin=' + options.ML2_PLUGIN in node.text(options.NEUTRON_CONF)
        assert 'extension_drivers' not in node.text(options.ML2_CONF)
        # Where instances get ports now, the core plugin must not come back.
        Neutron(node).add_port('net-1', 'compute:nova', 'vm')
        for is_on_again, state in (True, FAILED), (False, UNCHANGED):
            of_all = with_floating_ips(is_on_again)
            assert next(converge(neutron_server.resources(
                of_all, of_all.this_node, node), node)).state == state


@pytest.mark.parametrize('make, remove_from, files', [
    (Node, run, {'nova-compute': options.NOVA_CONF,
                 'libvirt-bin': options.QEMU_CONF}),
    (Controller, of_controller, {'neutron-server': options.ML2_CONF})])
def test_a_removal_killed_at_any_change_is_finished_by_the_next(
        make, remove_from, files):
    for whole, node in at_every_change(make, remove_from):
        assert node.state() == node.before == whole.state()
        assert node.services.running == whole.services.running
        for name, path in files.items():
            assert node.services.found[name][path] == node.files[path]
        changes, starts = node.changes, list(node.services.starts)

        assert states(remove_from(node)) == {UNCHANGED}

        assert (node.changes, node.services.starts) == (changes, starts)


@pytest.mark.parametrize('make, remove_from, name', [
    (Node, run, 'nova-compute'), (Controller, of_controller, 'neutron-server')])
def test_a_service_that_does_not_come_up_fails_the_removal_until_it_does(
        make, remove_from, name):
    node = make()
    node.services.broken.add(name)

    for _ in range(2):
        failed, = [outcome for outcome in remove_from(node) if outcome.state == FAILED]
        assert failed.difference.startswith(
            'service {}: does not run 30 s after its start'.format(name))

    node.services.broken.clear()
    assert FAILED not in states(remove_from(node))
    assert name in node.services.running
    assert states(remove_from(node)) == {UNCHANGED}


def test_the_tasks_bring_everything_back_at_boot_too_and_it_goes_again():
    node = Node()
    run(node)

    deploy(node)
    assert node.services.running >= OURS and OVS_AGENT not in node.services.running
    assert 'reflector_node_1' in node.bird.loaded
    node.services.boot()
    assert node.services.running >= OURS and OVS_AGENT not in node.services.running

    run(node)
    assert node.state() == node.before


def test_services_whose_files_the_plugin_has_never_changed_are_left_alone():
    node = Node()
    node.remove('/var/lib/calico-fuel/backups')
    node.services.starts = []

    run(node)

    assert not {'nova-compute', 'libvirt-bin'} & set(node.services.starts)


@pytest.mark.parametrize('with_etcd_data', [False, True])
def test_an_etcd_proxy_goes_either_way(with_etcd_data):
    node = Node()

    run(node, with_etcd_data)

    assert 'etcd' not in node.services.running


def test_a_dry_run_tells_and_changes_nothing():
    node = Node()
    of_all = wanted()

    outcomes = list(converge(remove.resources(of_all, of_all.this_node, node), node,
                             dry_run=True))

    assert node.changes == 0
    said = '\n'.join(outcome.difference for outcome in outcomes)
    assert 'bird: runs and starts at boot' in said
    assert 'linuxnet_interface_driver = nova.network.linux_net.' in said
    assert 'mysql://secret' not in said


def test_a_node_without_a_part_in_calico_is_left_alone():
    of_all = wanted([['primary-controller'], ['ceph-osd']], uid='2')

    assert remove.resources(of_all, of_all.this_node, FakeSystem()) == []


@pytest.mark.parametrize('release, words', [
    ('6.1', ['not restored: the packages bird, calico-common', "Felix's firewall",
             'net.ipv4.ip_forward', 'Open vSwitch bridges that were removed']),
    ('9.2', ['no deployment of this environment makes them'])])
def test_what_stays_is_told(release, words):
    of_all = wanted(release=release)
    node = FakeSystem({CRON_FILE: 'ours'})

    resources = remove.resources(of_all, of_all.this_node, node)

    said = '\n'.join(resource.label for resource in resources)
    assert not [one for one in words if one not in said]
    # It would set everything up again.
    assert 'no file ' + CRON_FILE == resources[0].label
