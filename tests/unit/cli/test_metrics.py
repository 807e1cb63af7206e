"""What Prometheus reads: valid text, with the names that dashboards have for BIRD."""

from __future__ import unicode_literals

import re

from calico_fuel import checks
from calico_fuel.cli import metrics
from calico_fuel.codes.bgp import BGP_DOWN
from calico_fuel.tasks import status
from tests.unit.fake.verify_node import TASKS, node_of

DETAILS = '''\
kernel1  Kernel   master   up     2015-11-20 06:03:20
  Routes:         3 imported, 2 exported, 3 preferred

device1  Device   master   up     2015-11-20 06:03:20

reflector_node_1 BGP      master   up     2015-11-20 06:03:20  Established
  Input filter:   from_reflector
  Output filter:  announce_workloads
  Import limit:   1000
  Routes:         41 imported, 1 filtered, 6 exported, 40 preferred
'''
# The text format 0.0.4: a comment, or a name with labels and a number.
LABEL = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(
    r'([a-z_]+)(?:\{' + LABEL + '(?:,' + LABEL + r')*\})? -?[0-9]+(?:\.[0-9]+)?\Z')


def seen(*found):
    of, node = node_of('2')
    node.bird.details = DETAILS
    checked = status.of_node(of, of.this_node, node, TASKS)
    return checked._replace(checks=list(found) + checked.checks)


def text(*found):
    return metrics.text(seen(*found), status.NOT_CHECKED)


def test_it_is_valid_text_and_each_metric_is_in_one_block_with_its_type():
    lines = text().split('\n')

    assert lines.pop() == ''
    blocks = []
    for line in lines:
        if line.startswith('# HELP '):
            blocks.append(line.split()[2])
        elif line.startswith('# TYPE '):
            assert line == '# TYPE {} gauge'.format(blocks[-1])
        else:
            assert SAMPLE.match(line).group(1) == blocks[-1], line
    assert len(set(blocks)) == len(blocks) > 12
    samples = [line.rpartition(' ')[0] for line in lines if line[0] != '#']
    assert len(set(samples)) == len(samples)


def test_a_session_has_the_names_and_labels_of_bird_exporter():
    """czerwonk/bird_exporter 59bf30e, metrics/generic_exporter.go."""
    labels = ('name="reflector_node_1",proto="BGP",ip_version="4",import_filter='
              '"from_reflector",export_filter="announce_workloads"')
    lines = text().split('\n')

    assert 'bird_socket_query_success 1' in lines
    assert 'bird_protocol_up{{{},state="Established"}} 1'.format(labels) in lines
    for name, value in (('prefix_import_count', 41), ('prefix_export_count', 6),
                        ('prefix_filter_count', 1), ('prefix_preferred_count', 40),
                        ('uptime', 600)):
        assert 'bird_protocol_{}{{{}}} {}'.format(name, labels, value) in lines
    assert any('name="kernel1",proto="Kernel"' in line for line in lines)
    # It has no routes; the exporter leaves it out, too.
    assert not any('device1' in line for line in lines)


def test_each_code_that_can_be_found_is_0_or_1():
    lines = text(checks.fault(BGP_DOWN, 'BGP', 'down', 'up', 'Fix')).split('\n')

    assert 'calico_fuel_check{code="BGP_DOWN",severity="problem"} 1' in lines
    assert 'calico_fuel_check{code="ROUTE_LIMIT",severity="problem"} 0' in lines
    assert not any('MTU_DIFFERS' in line for line in lines)
    assert 'calico_fuel_check{code="BGP_DOWN",severity="problem"} 0' in text()


def test_the_time_of_the_check_is_there_for_alerts_on_old_files():
    lines = text().split('\n')

    assert 'calico_fuel_run_timestamp_seconds 1448000000' in lines
    assert 'calico_fuel_count{name="tap_routes"} 0' in lines
    assert ('calico_fuel_session_route_limit{name="reflector_node_1",'
            'neighbor="node-1.example.com"} 1000') in lines


def test_a_value_of_a_label_is_escaped():
    row = DETAILS.replace('Established', r'Active "a\b')
    of, node = node_of('2')
    node.bird.details = row

    printed = metrics.text(status.of_node(of, of.this_node, node, TASKS), ())

    assert r'state="Active \"a\\b"' in printed
    for line in printed.strip().split('\n'):
        assert line[0] == '#' or SAMPLE.match(line), line


def test_a_silent_bird_is_said_and_has_no_sessions():
    of, node = node_of('2')
    node.bird.loaded = None

    lines = metrics.text(status.of_node(of, of.this_node, node, TASKS), ()).split('\n')

    assert 'bird_socket_query_success 0' in lines
    assert not any(line.startswith('bird_protocol') for line in lines)
    assert 'calico_fuel_check{code="BIRD_DOWN",severity="problem"} 1' in lines


def test_a_code_that_was_not_checked_is_not_said_to_be_good():
    assert 'BGP_DOWN' not in metrics.text(seen(), (BGP_DOWN,))
