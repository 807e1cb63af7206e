"""What a person reads of a task that has nothing to do."""

from __future__ import unicode_literals

import pytest

from calico_fuel.__main__ import main
from calico_fuel.cli import source
from lab.fuel import fuel_metadata
from tests.unit.builders import roles
from tests.unit.fake.system import FakeSystem, bad, good


@pytest.fixture
def own(metadata, monkeypatch):
    """Metadata of this node."""
    def own(*args, **settings):
        monkeypatch.setattr(
            source, 'METADATA_FILES', (metadata(*args, **settings),))
    return own


def test_a_task_that_neither_roles_nor_settings_ask_for_says_so(own, capfd):
    """On the primary controller, whose settings name no network."""
    own()

    assert main(['networks', '--dry-run']) == 0

    assert ('networks (dry run): nothing to do: neither the roles of this node nor '
            'the settings ask for it') in capfd.readouterr().out


def test_settings_that_cannot_work_do_not_hinder_a_removal(own, capfd):
    """On a storage node, which has nothing to remove."""
    own([['ceph-osd'], ['primary-controller']], workload_prefixes='192.0.2.0/24')
    assert main(['compute', '--dry-run']) == 1

    assert main(['remove', '--dry-run', '--with-etcd-data']) == 0

    assert 'remove (dry run): nothing to do' in capfd.readouterr().out


@pytest.fixture
def node(monkeypatch):
    """A node that is no node-2: its only address is one of another."""
    node = FakeSystem({'copy.yaml': fuel_metadata.text('6.1', roles(), '2')})
    node.addresses = '1: lo    inet 127.0.0.1/8\n2: br-mgmt    inet 192.0.2.13/24\n'
    node.programs['ip'] = lambda argv, text: good(node.addresses)
    monkeypatch.setattr('calico_fuel.__main__.system', node)
    monkeypatch.setattr('calico_fuel.cli.output.keep_log', lambda: None)
    return node


@pytest.mark.parametrize('argv', [
    ['compute'], ['compute', '--dry-run'], ['etcd'], ['packages'], ['remove'],
    ['etcd-recover'], ['etcd-recover', '--from-this-node'], ['verify']], ids=' '.join)
def test_metadata_of_another_node_is_refused_and_nothing_changes(node, capfd, argv):
    """A copy of it is what render and topology are for."""
    assert main(argv[:1] + ['copy.yaml'] + argv[1:]) == 1

    assert capfd.readouterr().err == (
        'calico-fuel: copy.yaml: is of node-2 (192.0.2.12), and no interface here has '
        'that address. render, topology and preflight read any file; {} needs the '
        'file of its own node: name no file, or run it on node-2\n'.format(argv[0]))
    assert node.changes == 0


def test_a_copy_of_the_metadata_of_this_node_is_as_good_as_its_own(node):
    node.addresses += '3: eth1    inet 192.0.2.12/24\n'

    assert main(['networks', 'copy.yaml', '--dry-run']) == 0


def test_a_new_node_whose_address_comes_later_runs_its_tasks(node):
    """Fuel runs the first ones before it sets up the networks."""
    node.files['/etc/astute.yaml'] = node.files.pop('copy.yaml')

    assert main(['networks']) == 0


def test_preflight_reads_any_file(node, capfd):
    node.programs['apt-cache'] = node.programs['dpkg-query'] = None
    node.programs['bird'] = node.programs['etcd'] = None

    main(['preflight', 'copy.yaml'])

    assert 'no interface here' not in capfd.readouterr().err


def test_a_machine_that_cannot_tell_its_addresses_is_no_node(node, capfd):
    node.programs['ip'] = lambda argv, text: bad('ip: no', 1)

    assert main(['compute', 'copy.yaml']) == 1
    assert node.changes == 0
