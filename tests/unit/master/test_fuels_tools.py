"""The files for Fuel's own tools: a graph for Fuel 9, a request file for timmy."""

from __future__ import unicode_literals

import io
import os
import re

import yaml

import calico_fuel_master
from calico_fuel.tasks.command import COMMAND

FOLDER = os.path.dirname(os.path.abspath(calico_fuel_master.__file__))
FUEL_9 = os.path.join(os.path.dirname(FOLDER), 'fuel9', 'deployment_tasks.yaml')


def read(path):
    with io.open(os.path.join(FOLDER, path), encoding='utf-8') as stream:
        return yaml.safe_load(stream)


def test_a_failed_graph_leaves_the_status_of_nodes_as_it_is():
    """Nailgun takes its default, "error", where the mapping is missing, not empty."""
    metadata = read('calico_verify/metadata.yaml')

    assert {key: metadata[key] for key in ('on_success', 'on_error', 'on_stop')} == (
        dict.fromkeys(('on_success', 'on_error', 'on_stop'), {'node_attributes': {}}))


def test_the_graph_runs_verify_on_each_node_that_a_deployment_verifies():
    task, = read('calico_verify/tasks.yaml')
    deployed = [each for each in read(FUEL_9)
                if each.get('parameters', {}).get('cmd') == './run_task verify']

    assert task['id'] not in [each['id'] for each in read(FUEL_9)]
    assert sorted(task['role']) == sorted(
        role for each in deployed for role in each['role'])
    assert task['parameters']['cmd'] == COMMAND + ' verify'
    # Without a condition Fuel 9 runs a task each time.
    assert 'condition' not in task and task['version'] == '2.1.0'


def test_timmy_runs_our_commands_on_nodes_and_fetches_no_file_with_a_password():
    request = read('timmy.yaml')
    of_nodes = request['cmds']['by_roles']['no_fuel']
    commands = dict(pair for each in of_nodes for pair in each.items())

    assert sorted(request) == ['cmds', 'files'] and len(commands) == len(of_nodes)
    assert commands['calico-status'] == COMMAND + ' status --format json'
    everything = ' '.join(list(commands.values())
                          + request['files']['by_roles']['no_fuel'])
    assert not re.search('astute|/etc/bird|key|--show-secrets|neutron.conf', everything)
