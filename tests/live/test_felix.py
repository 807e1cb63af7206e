"""The lab takes a Felix that it is given, and leaves taps and routes to it.

There is no Felix here: a double connects what etcd tells, without policy.
"""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from lab import laboratory
from lab.fuel import etcd, felix
from lab.machine import standins
from lab.machine.programs import LabError, eventually
from tests.live import VERIFY_AT_ONCE, felix_lab
from tests.maintenance import go_on_with_cron, pause_cron

STATUS = 'http://127.0.0.1:4001/v2/keys/calico/felix/v1/host/node-2/status'
NOVA_CONF, GIVEN = '/etc/nova/nova.conf', '/usr/lib/given/calico-felix'
ENDPOINT = ('http://127.0.0.1:4001/v2/keys/calico/v1/host/node-2/workload/openstack/{}'
            '?recursive=true')


def test_an_executable_becomes_a_package_and_a_package_stays_as_it_is(tmp_path):
    (name, deb), = felix.packages(felix.DOUBLE, tmp_path / 'made')

    assert name == 'calico-felix'
    assert felix.packages(deb, tmp_path / 'unused') == [(name, deb)]
    assert felix.packages(tmp_path, tmp_path / 'unused') == [(name, deb)]


@pytest.mark.parametrize('name', ['missing', 'folder', 'text', 'text.deb'])
def test_what_holds_no_felix_is_refused_with_what_would_do(tmp_path, name):
    (tmp_path / 'folder').mkdir()
    (tmp_path / 'text').write_text('no program')

    with pytest.raises(LabError, match='{}: is neither .* Give one of'.format(name)):
        felix.packages(tmp_path / name, tmp_path)


def test_a_given_felix_that_ends_itself_starts_again_and_not_for_ever(tmp_path):
    """As upstart does: a real one ends when its configuration in etcd changes."""
    starts = tmp_path / 'starts'
    program = tmp_path / 'program'
    program.write_text('#!/bin/sh\necho "$1" >>"{}"\n'.format(starts))
    program.chmod(0o755)

    ended = subprocess.run([str(standins.RESPAWN), str(program), 'an argument'],
                           timeout=10)

    assert ended.returncode == 1
    assert starts.read_text() == 'an argument\n' * 5


def test_a_given_felix_ends_with_its_service_even_if_it_hangs(tmp_path):
    process = subprocess.Popen([str(standins.RESPAWN), 'sleep', '600'])
    try:
        child = eventually(lambda: child_of(process.pid, 'sleep'))
        os.kill(child, signal.SIGSTOP)

        process.terminate()

        assert process.wait(10) == 0
        assert not Path('/proc/{}'.format(child)).exists()
    finally:
        process.kill()


def child_of(pid, program):
    """The child that runs *program*: the shell has others, such as "date"."""
    found = subprocess.run(['pgrep', '-P', str(pid), '-x', program],
                           stdout=subprocess.PIPE, text=True).stdout.split()
    return int(found[0]) if found else None


@pytest.fixture(scope='module')
def lab(demand, tmp_path_factory):
    """A controller and a compute, deployed with a copy of the double, as one's own."""
    given = shutil.copy(felix.DOUBLE, tmp_path_factory.mktemp('given'))
    with felix_lab.deployed(demand, 'primary-controller', 'compute', felix=str(given),
                            workload_prefixes='203.0.113.0/24') as lab:
        yield lab


def test_a_felix_that_is_given_connects_workloads_and_the_lab_does_not(
        lab, monkeypatch):
    """And one without policy is found out, also by another process."""
    compute = lab.fuel.members['node-2'].machine
    assert '-0given1' in compute.run('dpkg-query', '-W', 'calico-felix')
    assert any('calico-felix --config-file=/etc/calico/felix.cfg' in line
               for line in compute.processes().values())
    # Else cron starts it again.
    pause_cron(compute)
    compute.run('service', 'calico-felix', 'stop')
    lab.remove_workloads('node-2')
    for group in 'sg1', 'sg1', 'sg2':
        lab.add_workload(group=group)
    assert not any(lab.matrix().values())
    assert 'tap' not in compute.run('ip', 'route')

    compute.run('service', 'calico-felix', 'start')
    go_on_with_cron(compute)

    assert eventually(lambda: all(lab.matrix().values()), 15)
    # A run that is kept may be removed by whoever removes kept ones.
    monkeypatch.setattr(lab.run, 'keep', lambda: None)
    lab.save()
    lab = laboratory.Laboratory(lab.run).load()
    assert not lab.is_matrix_whole(0)
    assert 'vm-3      node-2    sg2' in lab.matrix_text()
    assert laboratory.stand_ins(lab.felix).startswith('Felix is /')
    assert 'verify: good' in lab.task('node-1', 'verify')


def test_etcd_has_what_felix_needs_to_keep_groups_apart(lab):
    workload = lab.add_workload(group='sg2')

    machine = lab.fuel.members['node-2'].machine
    said = etcd.ask(machine.node, 'GET', ENDPOINT.format(workload.name))
    node = json.loads(said)['node']
    while 'nodes' in node:
        node, = node['nodes']
    endpoint = json.loads(node['value'])
    assert endpoint['ipv4_nets'] == [workload.address + '/32']
    assert endpoint['mac'] in workload.run('ip', 'link', 'show', 'dev', 'eth0')
    assert endpoint['name'] in machine.run('ip', 'link')
    assert endpoint['profile_ids'] == ['openstack-sg-sg2']


def test_workloads_that_are_deleted_leave_no_endpoint(lab):
    """As before their compute is removed: Neutron's driver would keep them."""
    lab.add_workload()

    lab.remove_workloads('node-2')

    said = etcd.ask(lab.controller().node, 'GET', ENDPOINT.format(''))
    assert 'value' not in said and 'nodes' not in json.loads(said)['node']
    assert lab.workloads == lab.groups == {}


@pytest.fixture
def compute(lab):
    """The compute, whose files and Felix are in the end as they were."""
    machine = lab.fuel.members['node-2'].machine
    for path in NOVA_CONF, GIVEN:
        machine.run('cp', '-a', path, '/root')
    yield machine
    for path in NOVA_CONF, GIVEN:
        machine.run('cp', '-a', '/root/' + path.rpartition('/')[2], path)
    machine.run('service', 'calico-felix', 'restart')


def doubles(compute):
    """The pids of the doubles that run on a compute."""
    return [pid for pid, line in compute.processes().items()
            if line.startswith('/usr/bin/python3 ' + GIVEN)]


def test_a_felix_that_hangs_is_told_with_a_restart_that_helps(lab, compute):
    """Its process runs, so the task compute sees nothing to do."""
    assert eventually(lambda: doubles(compute))
    pids = doubles(compute)
    compute.run('kill', '-STOP', *pids)
    # As 90 s after its last report.
    etcd.ask(compute.node, 'DELETE', STATUS)

    said = compute.attempt(VERIFY_AT_ONCE)
    task = lab.task('node-2', 'compute')

    assert said.status == 1
    assert 'Its process runs and hangs: run "service calico-felix restart"' in (
        said.output)
    assert ' changed' not in task.splitlines()[-1] and doubles(compute) == pids
    compute.run('service', 'calico-felix', 'restart')
    assert eventually(lambda: compute.attempt(VERIFY_AT_ONCE).status == 0, 20)


def test_a_compute_whose_packets_do_not_pass_felix_is_told(compute):
    compute.run('service', 'calico-felix', 'stop')
    compute.run('iptables', '-D', 'INPUT', '-j', 'felix-INPUT')
    # One that runs and does not look after its chains.
    compute.run('sh', '-c', 'echo "#!/bin/sh\nsleep 600" >' + GIVEN)
    compute.run('service', 'calico-felix', 'start')

    said = compute.attempt(VERIFY_AT_ONCE)

    assert 'policy of security groups: INPUT has no jump to felix-INPUT, expected' in (
        said.output)


def test_nova_that_has_another_name_for_the_host_is_told(compute):
    compute.run('sed', '-i', '/^.DEFAULT.$/a host = other', NOVA_CONF)

    said = compute.attempt(VERIFY_AT_ONCE)

    assert 'host name of Nova: Nova has other, Felix node-2, expected: node-2' in (
        said.output)
