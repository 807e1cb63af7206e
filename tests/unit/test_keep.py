"""The watcher is installed, started, and started at boot, by whichever init."""

from __future__ import unicode_literals

from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.resources.service import NoService
from calico_fuel.tasks import keep
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem

UNIT = '/etc/systemd/system/calico-fuel.service'


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
    assert 'start on runlevel [2345]' in job
    # Ten times in five seconds would end it for good, without a word.
    assert 'respawn\nrespawn limit unlimited\npost-stop exec sleep 5\n' in job
    assert services.starts == ['calico-fuel']
    assert set(run(node)) == {UNCHANGED}


def on_systemd(dies_at=None):
    # Ubuntu 15.04 and later, with some of upstart's files.
    node = FakeSystem({'/run/systemd/system/x': '', '/sbin/initctl': '',
                       '/etc/init/bird.conf': ''}, dies_at)
    node.services = Services(node)
    return node


def test_systemd_keeps_it_running(golden):
    node = on_systemd()

    run(node)

    golden('calico-fuel.service', node.text(UNIT))
    assert not node.exists('/etc/init/calico-fuel.conf')
    assert node.services.starts == ['calico-fuel']
    assert set(run(node)) == {UNCHANGED}
    node.services.boot()
    assert 'calico-fuel' in node.services.running


def test_systemd_runs_what_the_unit_says_now():
    """It goes by the text that it has read until it is told to read anew."""
    for _, node in at_every_change(on_systemd, run):
        assert node.services.units['calico-fuel'] == node.text(UNIT)
        assert node.services.running == {'calico-fuel'}
    node.write(UNIT, 'of an earlier version')
    node.services.systemctl(['systemctl', 'daemon-reload'], None)

    run(node)

    assert node.services.units['calico-fuel'] == node.text(UNIT) != ''
    assert node.services.starts[-2:] == ['calico-fuel'] * 2


def test_nothing_of_the_unit_is_left_where_the_plugin_is_removed():
    node = on_systemd()
    run(node)

    list(converge([NoService('calico-fuel')], node))

    assert not node.services.running and not node.exists(UNIT)
    node.services.boot()
    assert 'calico-fuel' not in node.services.running


def test_without_both_a_script_is_started_at_boot():
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
