"""What a person sees who types forget, backup or restore."""

from __future__ import unicode_literals

import pytest

from calico_fuel.cli import forgotten
from calico_fuel.__main__ import main
from calico_fuel.cli import repair, task_list
from lab.fuel import fuel_metadata
from tests.unit.builders import roles
from tests.unit.fake.bird import Bird
from tests.unit.fake.etcd_store import EtcdStore
from tests.unit.fake.system import OWNER, Entry

ASTUTE, NODES = '/etc/astute.yaml', '/etc/hiera/nodes.yaml'
ALL_TO_FORGET = repair.TASKS_TO_FORGET


class Controller(EtcdStore):
    """node-1, with two computes in its list of nodes."""

    def __init__(self):
        super(Controller, self).__init__()
        self.write_list(roles(1, 2))
        self.files[ASTUTE] = Entry(
            fuel_metadata.text('6.1', roles(1, 2)), OWNER, 0o600)
        self.bird = Bird(self)

    def write_list(self, of_nodes):
        self.files[NODES] = Entry(fuel_metadata.nodes_text(of_nodes), OWNER, 0o644)

    def shown(self, capfd):
        """The names in the topology that this node goes by."""
        capfd.readouterr()
        main(['topology'])
        return capfd.readouterr().out


@pytest.fixture
def node(monkeypatch):
    node = Controller()
    monkeypatch.setattr('calico_fuel.__main__.system', node)
    monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
    # What the tasks do is not the subject here.
    monkeypatch.setattr(repair, 'TASKS_TO_FORGET', ('compute',))
    monkeypatch.setitem(task_list.BY_NAME, 'compute', Nothing(node))
    return node


class Nothing(object):
    """A task that keeps the nodes that it is run with."""

    def __init__(self, node):
        node.ran_with = self

    def resources(self, environment, node, system):
        self.names = [one.name for one in environment.nodes]
        self.forgotten = environment.forgotten
        return []


def test_the_tasks_that_know_a_node_are_run_without_it():
    assert ALL_TO_FORGET == ('route-reflector', 'etcd', 'compute', 'cleanup')


def test_a_node_that_is_forgotten_is_left_out_until_fuel_writes_another_list(
        node, capfd):
    assert main(['forget-node', 'node-3', '--force']) == 0

    assert node.ran_with.names == ['node-1', 'node-2']
    assert node.ran_with.forgotten == {'3', 'node-3'}
    assert 'node-3' not in node.shown(capfd)
    node.write_list(roles(1, 3))
    assert 'node-3' in node.shown(capfd) and 'node-4' in node.shown(capfd)


def test_this_node_is_never_left_out(node, capfd):
    node.write(forgotten.PATH, '1 {}\n'.format(forgotten.digest(node.text(NODES))))

    assert 'node-1' in node.shown(capfd)


def test_that_a_node_is_left_out_is_told_with_how_to_take_it_back(node, capfd):
    main(['forget-node', 'node-3', '--force'])
    main(['topology'])

    assert ('node-3 is ignored, because of calico-fuel forget-node, until Fuel writes '
            'another list of nodes. Remove ' + forgotten.PATH
            ) in capfd.readouterr().err
    node.remove(forgotten.PATH)
    assert 'node-3' in node.shown(capfd)


def test_several_are_forgotten_one_after_the_other(node, capfd):
    for name in '2', 'node-3.example.com':
        assert main(['forget-node', name, '--force']) == 0

    assert node.ran_with.names == ['node-1']
    # Again, because a task failed.
    assert main(['forget-node', 'node-2']) == 0
    assert node.ran_with.forgotten == {'2', 'node-2', '3', 'node-3'}


def test_a_copy_of_metadata_is_shown_as_it_is(node, capfd):
    main(['forget-node', 'node-3', '--force'])
    node.files['/root/astute.yaml'] = node.files[ASTUTE]
    capfd.readouterr()

    main(['topology', '/root/astute.yaml'])

    assert 'node-3' in capfd.readouterr().out


@pytest.mark.parametrize('name', ['2', 'node-2', 'node-3.example.com'])
def test_a_node_in_the_list_is_forgotten_only_by_force(node, capfd, name):
    """node-2 is a controller, node-3 a compute."""
    node.write_list(roles(2, 1))

    assert main(['forget-node', name]) == 1

    said = capfd.readouterr().err
    assert NODES + ': nodes: {} is in the list'.format(name) in said
    assert 'add --force' in said and not node.exists(forgotten.PATH)
    assert main(['forget-node', name, '--force']) == 0
    assert node.ran_with.forgotten in ({'2', 'node-2'}, {'3', 'node-3'})


def test_this_node_never_forgets_itself(node, capfd):
    assert main(['forget-node', 'node-1', '--force']) == 1

    assert ': nodes: node-1 is this node. Run this on the others' in (
        capfd.readouterr().err)
    assert not node.exists(forgotten.PATH)


@pytest.mark.parametrize('name, names', [
    ('7', {'7', 'node-7'}), ('node-7', {'7', 'node-7'}),
    ('Compute-D.example.com', {'compute-d'})])
def test_a_node_that_the_list_lacks_is_forgotten_without_force(
        node, capfd, name, names):
    """As node-UID, or as its host or its etcd member is named."""
    assert main(['forget-node', name]) == 0

    assert node.ran_with.names == ['node-1', 'node-2', 'node-3']
    assert node.ran_with.forgotten == names
    assert max(names, key=len) + ' is ignored' in capfd.readouterr().err


def test_a_backup_and_its_restore_name_the_file_and_the_keys_and_no_value(node, capfd):
    node.put(precious='s3cret', calico__v1__Ready='true')

    assert main(['etcd-backup']) == main(['etcd-backup']) == 0
    said = capfd.readouterr().out.split('\n')
    assert said[0].endswith('.json: saved')
    assert said[1].endswith('is the newest: since then no key has changed that '
                            'etcd-restore would write')
    path = said[0].partition(': ')[0]
    node.keys.clear()
    assert main(['etcd-restore', path, '--dry-run']) == 0
    assert '/precious would be written' in capfd.readouterr().out and not node.keys
    assert main(['etcd-restore', path]) == 0

    said = capfd.readouterr().out
    assert '/precious written\n' in said and 's3cret' not in said
    assert path + ': 1 key written; etcd has the others, or Neutron and Felix' in said
    assert node.values()['/precious'] == 's3cret'
