"""A removal that did not come to its end is finished by the next, or fails again."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED, UNCHANGED
from calico_fuel.openstack import options
from calico_fuel.tasks.command import COMMAND
from tests.unit.fake.killed import at_every_change
from tests.unit.tasks.test_remove import Controller, Node, of_controller, run, states


@pytest.mark.parametrize('make, remove, files', [
    (Node, run, {'nova-compute': options.NOVA_CONF,
                 'libvirt-bin': options.QEMU_CONF}),
    (Controller, of_controller, {'neutron-server': options.ML2_CONF})])
def test_services_run_with_the_old_options_wherever_the_removal_was_killed(
        make, remove, files):
    for _, node in at_every_change(make, remove):
        for name, path in files.items():
            assert node.services.found[name][path] == node.files[path]
        starts = list(node.services.starts)
        assert states(remove(node)) == {UNCHANGED}
        assert node.services.starts == starts


@pytest.mark.parametrize('make, remove, name', [
    (Node, run, 'nova-compute'), (Node, run, 'libvirt-bin'),
    (Controller, of_controller, 'neutron-server')])
def test_a_service_that_does_not_come_up_fails_the_removal_until_it_does(
        make, remove, name):
    node = make()
    node.services.broken.add(name)

    for _ in range(3):
        failed, = [outcome for outcome in remove(node) if outcome.state == FAILED]
        assert failed.difference.startswith(
            'service {}: does not run 30 s after its start'.format(name))

    node.services.broken.clear()
    assert FAILED not in states(remove(node))
    assert name in node.services.running
    assert states(remove(node)) == {UNCHANGED}


def test_services_whose_files_the_plugin_has_never_changed_are_left_alone():
    node = Node()
    node.remove('/var/lib/calico-fuel/backups')
    node.services.starts = []

    run(node)

    assert not {'nova-compute', 'libvirt-bin'} & set(node.services.starts)


def test_the_command_that_is_to_be_typed_again_goes_last():
    node = Node()
    assert node.exists(COMMAND)

    outcomes = run(node)

    assert outcomes[-1].label.startswith(COMMAND) and not node.exists(COMMAND)


@pytest.mark.parametrize('with_etcd_data', [False, True])
def test_an_etcd_proxy_goes_either_way(with_etcd_data):
    node = Node()

    run(node, with_etcd_data)

    assert 'etcd' not in node.services.running
