"""Which nodes are asked, and where."""

from __future__ import unicode_literals

import pytest

from calico_fuel_master import nodes
from calico_fuel_master.errors import MasterError
from calico_fuel_master.nodes import Target


def test_deployed_nodes_of_nailgun_are_asked_in_their_order():
    found = nodes.of_mappings([
        {'id': 10, 'hostname': 'node-10', 'ip': '10.20.0.10', 'status': 'ready',
         'roles': ['compute']},
        {'id': 2, 'ip': '10.20.0.2', 'status': 'error', 'roles': ['controller']},
        {'id': 3, 'hostname': 'node-3', 'ip': '10.20.0.3', 'status': 'discover'}], '7')

    assert found == [Target('node-2', 'root@10.20.0.2', ('controller',)),
                     Target('node-10', 'root@10.20.0.10', ('compute',))]


def test_an_environment_that_is_not_deployed_is_refused():
    with pytest.raises(MasterError) as error:
        nodes.of_mappings([{'id': 3, 'ip': '10.20.0.3', 'status': 'discover'}], '7')

    assert 'environment 7: does not exist, or has no deployed node' in (
        error.value.args[0])


def test_a_file_has_names_and_addresses():
    assert nodes.of_text('# all\n\nnode-1\nnode-2 root@10.20.0.2 # compute\n'
                         'node-3 2001:db8::3', 'f') == [
        Target('node-1', 'node-1', ()), Target('node-2', 'root@10.20.0.2', ()),
        Target('node-3', '2001:db8::3', ())]


@pytest.mark.parametrize('text, words', [
    ('', 'names no node'), ('# only\n', 'names no node'),
    ('node-1 a b', 'line 1: "node-1 a b": write NAME [ADDRESS]'),
    # What ssh would take for an option.
    ('node-1\nnode-2 -oProxyCommand=x', 'line 2'),
    ('node-1 root@-oProxyCommand', 'line'),
    ('-oProxyCommand=x', 'line 1'), ('../etc root@a', 'line 1'),
    ('node-1\nnode-1 b', 'line 2: node-1 stands there twice')])
def test_a_file_that_cannot_be_right_is_refused(text, words):
    with pytest.raises(MasterError) as error:
        nodes.of_text(text, 'f')

    assert error.value.args[0].startswith('f: ') and words in error.value.args[0]


def test_some_nodes_can_be_chosen():
    targets = nodes.of_text('node-1\nnode-2', 'f')

    assert nodes.chosen(targets, []) == targets
    assert nodes.chosen(targets, ['node-2']) == targets[1:]
    with pytest.raises(MasterError) as error:
        nodes.chosen(targets, ['node-3'])
    assert 'node-3: is no node here. The nodes are node-1, node-2' == (
        error.value.args[0])
