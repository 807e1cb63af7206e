"""Services that must not run, now or after a reboot."""

from __future__ import unicode_literals

import hashlib

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.resources.file import File
from calico_fuel.resources.options import Options
from calico_fuel.resources.service import LOADED, Disabled, NoJob, Service
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem, bad

JOB, SCRIPT, BOTH = 'neutron-l3-agent', 'sysv-agent', 'both-agent'
OTHER = 'nova-compute'
OVERRIDE = '/etc/init/neutron-l3-agent.override'
ALL = [JOB, SCRIPT, BOTH]


def node(dies_at=None, override=None):
    system = FakeSystem({} if override is None else {OVERRIDE: override}, dies_at)
    system.services = Services(system, jobs=[JOB, BOTH, OTHER], scripts=[SCRIPT, BOTH],
                               running=[JOB, SCRIPT, BOTH, OTHER])
    return system


def states(system, *names):
    return [o.state for o in converge([Disabled(n) for n in names or ALL], system)]


def test_a_disabled_service_stops_and_stays_away_after_a_reboot():
    system = node()
    assert Disabled(JOB).difference(system) == JOB + ': runs and starts at boot'

    assert states(system) == [CHANGED] * 3
    changes = system.changes
    assert states(system) == [UNCHANGED] * 3

    assert system.services.running == {OTHER} and system.changes == changes
    system.services.boot()
    assert system.services.running == {OTHER}


def test_a_service_that_is_not_installed_is_fine():
    system = node()

    assert states(system, 'neutron-openvswitch-agent') == [UNCHANGED]
    assert system.changes == 0


@pytest.mark.parametrize('override, kept', [
    ('limit nofile 65535 65535\n', 'limit nofile 65535 65535\nmanual\n'),
    ('limit nofile 65535 65535', 'limit nofile 65535 65535\nmanual\n'),
    ('manual\nstart on runlevel [2]\n', 'manual\nstart on runlevel [2]\nmanual\n'),
    ('# manual\n', '# manual\nmanual\n'),
    ('manual\n', 'manual\n')])
def test_what_an_override_says_beside_stays(override, kept):
    """init(5): a later "start on" outweighs "manual"."""
    system = node(override=override)

    states(system)

    assert system.text(OVERRIDE) == kept
    assert states(system) == [UNCHANGED] * 3


def test_a_service_that_was_started_again_by_hand_is_stopped_and_no_file_grows():
    system = node()
    states(system)
    system.run(['service', JOB, 'start'])

    assert Disabled(JOB).difference(system) == JOB + ': runs'
    assert states(system) == [CHANGED, UNCHANGED, UNCHANGED]

    assert system.text(OVERRIDE) == 'manual\n'
    assert JOB not in system.services.running


def test_an_override_that_fuel_deleted_is_put_back():
    """Fuel 6.1 and 7.0 delete the overrides of stock services in each deployment."""
    system = node()
    states(system)
    system.remove(OVERRIDE)

    assert states(system) == [CHANGED, UNCHANGED, UNCHANGED]
    system.services.boot()
    assert JOB not in system.services.running


def test_a_service_that_does_not_stop_is_an_error_and_is_away_after_a_reboot():
    system = node()
    service = system.services.service
    system.programs['service'] = lambda argv, text: (
        bad('stop: Job failed') if argv[2] == 'stop' else service(argv, text))

    outcome, = converge([Disabled(JOB)], system)

    assert outcome.state == FAILED
    assert 'neutron-l3-agent stop: exit status 1: stop: Job' in outcome.difference
    assert '/var/log/upstart/neutron-l3-agent.log' in outcome.difference
    system.services.boot()
    assert JOB not in system.services.running


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(node, states):
        assert states(system) == [UNCHANGED] * 3
        assert system.services.running == {OTHER}
        assert system.text(OVERRIDE) == 'manual\n'


@pytest.mark.parametrize('override, left', [
    (None, None), ('limit nofile 65535 65535\n', 'limit nofile 65535 65535\n')])
def test_a_service_that_is_wanted_again_starts_at_boot_again(override, left):
    system = node(override=override)
    states(system)
    again = [Service(name, ()) for name in ALL]

    assert set(o.state for o in converge(again, system)) == {CHANGED}
    assert set(o.state for o in converge(again, system)) == {UNCHANGED}

    system.services.boot()
    assert system.services.running == set(ALL + [OTHER])
    assert system.read_if_exists(OVERRIDE) == left


def test_a_service_that_runs_and_would_not_after_a_reboot_is_enabled():
    system = node()
    list(converge([Service(JOB, ())], system))
    system.write(OVERRIDE, 'manual\n')

    assert Service(JOB, ()).difference(system) == (
        'service neutron-l3-agent: does not start at boot')
    assert [o.state for o in converge([Service(JOB, ())], system)] == [CHANGED]


def test_nothing_is_left_of_a_job():
    def make(dies_at):
        return node(dies_at, override='manual\n')

    def without(system):
        return [o.state for o in converge([NoJob(JOB)], system)]
    for whole, system in at_every_change(make, without):
        assert without(system) == [UNCHANGED]
        assert not [path for path in system.files
                    if path.startswith('/etc/init/' + JOB)]
        assert system.services.running == {SCRIPT, BOTH, OTHER}


def test_neither_python_nor_a_name_in_the_plugin_decides_what_a_service_has_loaded():
    """Else a new version, or Python 3 in place of 2, would restart all services."""
    system, conf = node(), '/etc/nova/nova.conf'
    system.write(conf, '[DEFAULT]\na=b\n')
    options = Options(conf, [('DEFAULT', 'a', 'b'), ('DEFAULT', 'c', None)])
    for watched, text in (
            (options, conf + ':\n[DEFAULT] a = b\n[DEFAULT] c\n'),
            (File(conf, 'text'), 'text')):
        system.write(LOADED + OTHER, hashlib.sha256(text.encode('utf-8')).hexdigest())

        assert Service(OTHER, (watched,)).difference(system) == ''


def test_what_a_service_has_loaded_is_for_root_only():
    """A digest of a file with a password in it lets others guess that."""
    system = node()

    assert [o.state for o in converge([Service(OTHER, ())], system)] == [CHANGED]

    assert system.owner_and_mode(LOADED + OTHER) == ('root:root', 0o600)
