"""The plugin's scripts are fetched from the master as the release does it."""

import pytest

from lab.fuel import fuel_metadata, networks
from lab.machine import clone, scripts
from lab.machine.programs import LabError
from lab.network import fabric


@pytest.fixture
def folder(lab_run):
    """The scripts on the master."""
    folder = lab_run.directory / 'plugins' / scripts.PLUGIN / 'deployment_scripts'
    folder.mkdir(parents=True)
    (folder / 'run_task').write_text('#!/bin/sh\necho "$1"\n')
    (folder / 'run_task').chmod(0o755)
    return folder


@pytest.fixture
def pull(lab_run, folder, demand):
    """A node of a release fetches them from a master; the node."""
    demand(programs=['nsenter', 'rsync', 'setpriv', 'unshare'])
    network, net = fabric.Fabric(lab_run), networks.Addresses(1)
    master = network.add_node('master', net.place('admin', 1), net.length('admin'),
                              fabric.ADMIN, 'eth0')
    scripts.serve(lab_run, master, folder.parent.parent)
    data = fuel_metadata.metadata('6.1', [['compute']])
    machine = clone.Clone(lab_run, network.add_fuel_node(
        'node-1', data['network_scheme']['endpoints'])).start()

    def pull(release):
        scripts.pull(machine, release, data['master_ip'])
        return machine
    return pull


def test_scripts_come_over_the_admin_network_and_can_be_run(pull):
    machine = pull('6.1')

    assert machine.run(scripts.DIRECTORY + '/run_task', 'bgp') == 'bgp\n'


@pytest.mark.parametrize('release, is_kept', [
    ('6.1', False), ('8.0', False), ('9.2', True)])
def test_what_a_node_added_stays_in_fuel_9_only(pull, folder, release, is_kept):
    machine = pull(release)
    machine.write(scripts.DIRECTORY + '/added', '')
    machine.write(scripts.DIRECTORY + '/run_task', 'edited on the node', 0o755)

    pull(release)

    assert machine.path(scripts.DIRECTORY + '/added').exists() == is_kept
    assert machine.run(scripts.DIRECTORY + '/run_task', 'bgp') == 'bgp\n'


def test_scripts_that_cannot_be_fetched_are_an_error(pull, folder):
    (folder / 'run_task').unlink()
    folder.rmdir()

    with pytest.raises(LabError, match='rsync://198.51.100.193:/plugins/'):
        pull('6.1')
