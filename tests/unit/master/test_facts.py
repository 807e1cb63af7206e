"""Facts of nodes, from a directory and from Nailgun."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel import system
from calico_fuel.errors import FileError
from calico_fuel_master import facts
from tests.unit.master.builders import directory, facts_of, mappings


def test_a_directory_of_facts_is_the_environment_of_each_node(tmpdir):
    path = directory(tmpdir)

    seen, told = facts.environments(facts.of_directory(path, system))

    assert sorted(seen) == ['1', '2', '3', '4', '5'] and told == []
    assert [seen[uid].this_node.name for uid in '15'] == ['node-1', 'node-5']


def test_a_node_with_two_roles_has_two_files_up_to_fuel_8_and_is_one_node(tmpdir):
    of_nodes = [['primary-controller', 'cinder'], ['compute']]
    one, other = mappings(of_nodes, '7.0')
    for name, data in (('primary-controller_1', one), ('cinder_1', dict(
            one, role='cinder')), ('compute_2', other)):
        tmpdir.join(name + '.yaml').write(json.dumps(data))

    seen, _ = facts.environments(facts.of_directory(str(tmpdir), system))

    assert sorted(seen) == ['1', '2']
    assert seen['1'].this_node.roles == {'primary-controller', 'cinder'}


def test_other_files_and_the_facts_of_the_master_are_no_nodes(tmpdir):
    path = directory(tmpdir)
    tmpdir.join('facts', 'notes.txt').write('{')
    tmpdir.join('facts', 'master.yaml').write('{')
    tmpdir.join('facts', 'astute-master.yaml').write(json.dumps(
        dict(mappings()[0], uid='master')))

    assert sorted(facts.environments(facts.of_directory(path, system))[0]) == [
        '1', '2', '3', '4', '5']


@pytest.mark.parametrize('name', ['', 'missing'])
def test_a_directory_without_facts_is_refused_with_the_command_that_writes_them(
        tmpdir, name):
    with pytest.raises(FileError) as error:
        facts.of_directory(str(tmpdir.join(name)), system)

    assert 'fuel --env ENV deployment --default' in error.value.args[0]


def test_facts_that_cannot_be_read_are_named_and_the_others_count():
    found = facts_of()
    found[1] = found[1]._replace(text='uid: [')
    found[2] = found[2]._replace(text=json.dumps(dict(mappings()[2], uid='77')))

    seen, told = facts.environments(found)

    assert sorted(seen) == ['1', '4', '5']
    assert [each.is_problem for each in told] == [True, True]
    assert told[0].sentence.startswith('facts of node 2: ')
    assert 'is not YAML' in told[0].sentence
    assert '"77" is not the uid or name of a node' in told[1].sentence


def test_what_is_true_of_all_nodes_is_said_once():
    _, told = facts.environments(facts_of(as_number='65535', bgp_pasword='x'))

    assert [each.sentence.partition(': ')[0] for each in told] == [
        'facts of node 1 and 4 more'] * 2
    assert 'do you mean bgp_password?' in told[0].text
    assert 'AS 65535 is reserved' in told[1].text
