"""The watcher is installed, started and started at boot, by upstart or without."""

from __future__ import unicode_literals

from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.tasks import keep
from tests.unit.builders import environment, roles
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem


def run(node, uid='1', of_nodes=None):
    wanted = environment(of_nodes or roles(1, 1), uid=uid)
    return [o.state for o in converge(
        keep.resources(wanted, wanted.this_node, node), node)]


def test_upstart_keeps_it_running():
    node = FakeSystem({'/sbin/initctl': '', '/etc/init/bird.conf': ''})
    services = Services(node)

    run(node)

    job = node.text('/etc/init/calico-fuel.conf')
    assert 'exec /etc/fuel/plugins/calico-fuel-plugin-4.0/run_task watch\n' in job
    assert 'respawn' in job and 'start on runlevel [2345]' in job
    assert services.starts == ['calico-fuel']
    assert set(run(node)) == {UNCHANGED}


def test_without_upstart_a_script_is_started_at_boot():
    node = FakeSystem()
    services = Services(node)

    run(node)

    assert node.files['/etc/init.d/calico-fuel'].mode == 0o755
    services.boot()
    assert services.running == {'calico-fuel'}
    assert set(run(node)) == {UNCHANGED}


def test_fuel_9_needs_no_watcher():
    """The conditions in its task graph see every change."""
    wanted = environment(roles(1, 1), '9.2')

    assert keep.resources(wanted, wanted.this_node, FakeSystem()) == []


def test_a_storage_node_is_left_alone():
    assert run(FakeSystem(), '2', [['primary-controller'], ['ceph-osd']]) == []
