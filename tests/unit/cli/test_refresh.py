"""Which tasks ``refresh`` runs, and when it runs none."""

from __future__ import unicode_literals

import contextlib

import pytest

from calico_fuel.__main__ import main
from calico_fuel.errors import NodeError
from calico_fuel.resources.deployed_settings import PATH, DeployedSettings
from lab.fuel import fuel_metadata
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.system import OWNER, Entry, bad, good

ASTUTE, NODES = '/etc/astute.yaml', '/etc/hiera/nodes.yaml'
OF_THE_LIST = ['route-reflector', 'etcd', 'compute']
ALL = ['hold-routes'] + OF_THE_LIST + ['release-routes', 'cleanup']


class Node(EtcdStore):
    """node-1, on which a deployment has finished; its tasks only leave their names."""

    def __init__(self, monkeypatch):
        super(Node, self).__init__()
        self.ran, self.failing = [], set()
        Bird(self)
        self.programs['pgrep'] = lambda argv, text: bad('')
        self.files[NODES] = Entry(fuel_metadata.nodes_text(roles()), OWNER, 0o644)
        self.write_settings()
        DeployedSettings(environment().settings).change(self)
        monkeypatch.setattr('calico_fuel.__main__.system', self)
        monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
        for name in ALL:
            monkeypatch.setattr(
                'calico_fuel.tasks.{}.resources'.format(name.replace('-', '_')),
                lambda environment, node, system, name=name: self.run_task(name))

    def write_settings(self, **settings):
        self.files[ASTUTE] = Entry(
            fuel_metadata.text('6.1', roles(), **settings), OWNER, 0o600)

    def run_task(self, name):
        self.ran.append(name)
        if name in self.failing:
            raise NodeError(name + ' cannot work')
        return []


@pytest.fixture
def node(monkeypatch):
    return Node(monkeypatch)


def test_what_depends_on_the_list_runs_sessions_first(node):
    assert main(['refresh']) == 0

    assert node.ran == OF_THE_LIST


def test_all_holds_routes_first_and_removes_what_others_brought_back_last(node):
    assert main(['refresh', '--all']) == 0

    assert node.ran == ALL


def test_while_puppet_runs_nothing_of_layer_2_is_removed(node):
    """It waits for agents and bridges of its own."""
    node.programs['pgrep'] = lambda argv, text: good('4711\n')

    assert main(['refresh', '--all']) == 0

    assert node.ran == ALL[:-1]


def test_a_task_that_fails_stops_no_other_and_is_told(node, capfd):
    node.failing.update(['etcd', 'cleanup'])

    assert main(['refresh', '--all']) == 1

    assert node.ran == ALL
    said = capfd.readouterr().err
    assert 'etcd cannot work' in said and 'cleanup cannot work' in said


def test_others_have_the_lock_of_the_node_between_two_tasks(node, monkeypatch):
    """One that waits for minutes would keep an operator's command from running."""
    locks = []

    @contextlib.contextmanager
    def lock(path, seconds):
        locks.append(len(node.ran))
        yield
    monkeypatch.setattr(node, 'lock', lock)

    main(['refresh'])

    # For the list of nodes, and for each task.
    assert locks == [0, 0, 1, 2]


def test_a_removal_between_two_tasks_ends_the_run(node, monkeypatch):
    monkeypatch.setattr('calico_fuel.tasks.etcd.resources',
                        lambda environment, _, system: node.remove(PATH) or [])

    assert main(['refresh']) == 0

    assert node.ran == ['route-reflector']


def test_settings_whose_deployment_has_not_finished_here_change_nothing(node, capfd):
    """Each node would follow at a minute of its own, and sessions be down till then."""
    node.write_settings(bgp_password='another')

    assert main(['refresh']) == main(['refresh', '--all']) == 0

    assert node.ran == []
    said = capfd.readouterr().err
    assert ASTUTE + ': the settings are not those of the last deployment' in said
    assert 'deploy changes' in said and 'another' not in said
    DeployedSettings(environment(bgp_password='another').settings).change(node)
    assert main(['refresh']) == 0
    assert node.ran == OF_THE_LIST


def test_a_node_without_a_finished_deployment_changes_nothing(node):
    """Or one from which the plugin was removed while this run waited for the lock."""
    node.remove(PATH)

    assert main(['refresh', '--all']) == 0

    assert node.ran == []


def test_a_run_that_changes_nothing_says_little(node, capfd, monkeypatch):
    monkeypatch.setattr('calico_fuel.tasks.compute.resources', lambda *_: [
        DeployedSettings(environment().settings)])

    main(['refresh'])

    said = capfd.readouterr().out
    assert 'compute: 1 unchanged' in said and 'unchanged    ' not in said
