"""What the plugin has written survives a power cut."""

import pytest

from lab.machine import clone
from lab.machine.disk import cut_power, put_on_disk
from lab.network import bird, fabric

WRITE = "from calico_fuel import system; system.write('/etc/ours/file', 'new')"


@pytest.fixture
def machine(lab_run, demand):
    demand(programs=['nsenter', 'setpriv', 'unshare', 'mkfs.ext4', 'losetup'])
    machine = clone.Clone(
        lab_run, fabric.Fabric(lab_run).add_node('node-1', '192.0.2.11')).start()
    put_on_disk(machine)
    return machine


def test_a_written_file_is_on_the_disk_and_what_nobody_synced_is_not(machine):
    machine.write('/etc/ours/file', 'old')
    machine.copy(bird.PROJECT / 'calico_fuel', '/srv/calico_fuel')
    machine.run('sync')
    machine.run('sh', '-c', 'echo new >/etc/moved && mv /etc/moved /etc/hostname')
    machine.run('env', '-C', '/srv', 'python3', '-c', WRITE)

    cut_power(machine)

    assert machine.read('/etc/ours/file') == 'new'
    assert machine.read('/etc/hostname') == ''
