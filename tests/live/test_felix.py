"""The lab takes a Felix that it is given, and leaves taps and routes to it.

There is no Felix here: a double connects what etcd tells, without policy.
"""

import json
from pathlib import Path

import pytest

from lab import bird, etcd, felix, laboratory, run
from lab.commands import LabError, eventually

DOUBLE = Path(__file__).with_name('felix-double')
ENDPOINT = ('http://127.0.0.1:4001/v2/keys/calico/v1/host/node-2/workload/openstack/{}'
            '?recursive=true')


def test_an_executable_becomes_a_package_and_a_package_stays_as_it_is(tmp_path):
    (name, deb), = felix.packages(DOUBLE, tmp_path / 'made')

    assert name == 'calico-felix'
    assert felix.packages(deb, tmp_path / 'unused') == [(name, deb)]
    assert felix.packages(tmp_path, tmp_path / 'unused') == [(name, deb)]


@pytest.mark.parametrize('name', ['missing', 'folder', 'text', 'text.deb'])
def test_what_holds_no_felix_is_refused_with_what_would_do(tmp_path, name):
    (tmp_path / 'folder').mkdir()
    (tmp_path / 'text').write_text('no program')

    with pytest.raises(LabError, match='{}: is neither .* Give one of'.format(name)):
        felix.packages(tmp_path / name, tmp_path)


@pytest.fixture(scope='module')
def lab(demand):
    """A controller and a compute, deployed with the double."""
    demand(['1'], [*laboratory.PROGRAMS, 'rpmbuild', 'dpkg-scanpackages',
                   str(bird.PROJECT / '.cache/fpb-py3/bin/python')])
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(this_run, felix=str(DOUBLE))
        lab.set_up('6.1', workload_prefixes='203.0.113.0/24')
        for role in 'primary-controller', 'compute':
            lab.fuel.add(role)
        lab.fuel.deploy()
        yield lab
        # Also when a test saved it.
        this_run.remove()


def test_a_felix_that_is_given_connects_workloads_and_the_lab_does_not(lab):
    """And one without policy is found out, also by another process."""
    compute = lab.fuel.members['node-2'].machine
    assert '-0given1' in compute.run('dpkg-query', '-W', 'calico-felix')
    assert any('calico-felix --config-file=/etc/calico/felix.cfg' in line
               for line in compute.processes().values())
    compute.run('service', 'calico-felix', 'stop')
    for group in 'sg1', 'sg1', 'sg2':
        lab.add_workload(group=group)
    assert not any(lab.matrix().values())
    assert 'tap' not in compute.run('ip', 'route')

    compute.run('service', 'calico-felix', 'start')

    assert eventually(lambda: all(lab.matrix().values()), 15)
    lab.save()
    lab = laboratory.Laboratory(lab.run).load()
    assert not lab.is_matrix_as_policy_wants(0)
    assert 'vm-3      node-2    sg2' in lab.matrix_text()
    assert laboratory.stand_ins(lab.felix).startswith('Felix is /')
    assert 'verify: good' in lab.task('node-1', 'verify')


def test_etcd_has_what_felix_needs_to_keep_groups_apart(lab):
    workload = lab.add_workload(group='sg2')

    machine = lab.fuel.members['node-2'].machine
    said = machine.run('python3', '-c', etcd.REQUEST, 'GET',
                       ENDPOINT.format(workload.name), '')
    node = json.loads(said)['node']
    while 'nodes' in node:
        node, = node['nodes']
    endpoint = json.loads(node['value'])
    assert endpoint['ipv4_nets'] == [workload.address + '/32']
    assert endpoint['mac'] in workload.run('ip', 'link', 'show', 'dev', 'eth0')
    assert endpoint['name'] in machine.run('ip', 'link')
    assert endpoint['profile_ids'] == ['openstack-sg-sg2']
