"""The file for cron, and the settings that a deployment has finished with."""

from __future__ import unicode_literals

import io
import os

from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.render import CRON_FILE
from calico_fuel.resources import deployed_settings
from calico_fuel.tasks import cron
from tests.unit.builders import environment, roles
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem
from tests.unit.fake.verify_node import node_of, texts
from tests.unit.test_timeouts import PROJECT


def run(node, uid='1', of_nodes=None):
    wanted = environment(of_nodes or roles(1, 1), uid=uid)
    return [o.state for o in converge(
        cron.resources(wanted, wanted.this_node, node), node)]


def test_cron_runs_refresh_every_minute_and_everything_once_an_hour(golden):
    node = FakeSystem()

    run(node)

    golden('cron-fuel-6.1', node.text(CRON_FILE))
    # cron ignores a file that others can write, and a last line without an end.
    assert node.files[CRON_FILE][1:] == ('root:root', 0o644)
    assert node.text(CRON_FILE).endswith('\n')
    assert set(run(node)) == {UNCHANGED}


def test_nodes_do_not_run_everything_in_the_same_minute():
    of_nodes = roles(1, 61)
    files = {}
    for uid in '2', '3', '62':
        node = FakeSystem()
        run(node, uid, of_nodes)
        files[uid] = node.text(CRON_FILE)

    assert files['2'] == files['62'] != files['3']


def test_the_settings_are_kept_before_cron_can_look_at_them_and_for_root_only():
    for _, node in at_every_change(FakeSystem, run):
        assert node.exists(deployed_settings.PATH) or not node.exists(CRON_FILE)
        assert node.files[deployed_settings.PATH].mode == 0o600


def test_the_script_knows_the_files_that_the_package_names():
    with io.open(os.path.join(PROJECT, 'deployment_scripts/refresh')) as stream:
        text = stream.read()

    assert cron.PAUSED in text and 'list={} '.format(cron.LIST) in text
    assert 'run={}\n'.format(cron.REFRESHED.rpartition('/')[0]) in text


def test_verify_notes_that_somebody_has_paused_it():
    of, node = node_of('1')
    assert 'paused' not in '\n'.join(texts(of, node, is_problem=False))
    node.write(cron.PAUSED, '')

    assert texts(of, node) == []
    assert any('is paused' in text and cron.PAUSED in text
               for text in texts(of, node, is_problem=False))


def test_verify_notes_that_a_deployment_has_not_come_to_its_end():
    """Fuel removed the list of nodes and never wrote another, so cron does nothing."""
    of, node = node_of('1')
    node.remove(cron.LIST)

    assert texts(of, node) == []
    assert any('nodes.yaml is missing' in text and 'deploy changes' in text
               for text in texts(of, node, is_problem=False))


def test_fuel_9_needs_no_refresh():
    """The conditions in its task graph see every change."""
    wanted = environment(roles(1, 1), '9.2')

    assert cron.resources(wanted, wanted.this_node, FakeSystem()) == []


def test_a_storage_node_is_left_alone():
    assert run(FakeSystem(), '2', [['primary-controller'], ['ceph-osd']]) == []
