"""The status of a compute with a real BIRD: what it sees, and what each format says."""

import json
import time

import pytest

from calico_fuel import system
from calico_fuel.cli import formats, metrics
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.tasks import status
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from tests.live.test_data_path import OWN, ROLES, Compute, Node
from tests.unit.cli.test_metrics import SAMPLE

LABELS = ('name="reflector_node_1",proto="BGP",ip_version="4",import_filter='
          '"(unnamed)",export_filter="announce_workloads"')


class Machine(Node):
    """A node of the lab without anything that HTTP reaches, but its keys in etcd."""

    def __getattr__(self, name):
        return getattr(system, name)

    def http(self, method, url, **options):
        if '/v2/keys/calico/v1/host/node-3' in url:
            return super().http(method, url, **options)
        return None


@pytest.fixture
def compute(bring_up, line):
    """node-3 with an instance; two are on node-4; node-1 and node-2 reflect."""
    found = Compute(bring_up(*ROLES), line)
    found.system = Machine(found.daemon, line, {found.tap: OWN})
    found.environment = parse_environment(fuel_metadata.text('6.1', ROLES, '3'))
    assert eventually(lambda: not codes(found), 20), codes(found)
    return found


def checked(compute):
    # No task: the files of the lab are elsewhere.
    return status.of_node(
        compute.environment, compute.environment.this_node, compute.system, ())


def codes(compute):
    """The codes of problems, but for those of the daemons that the lab lacks."""
    return [check.code.name for check in checked(compute).checks if check.is_problem
            and check.code.name not in ('METADATA_API_DOWN', 'ETCD_DOWN')]


def test_the_numbers_are_those_of_bird_and_the_kernel(compute):
    seen = checked(compute)

    assert seen.counts == {'sessions': 2, 'sessions_established': 2, 'bgp_routes': 2,
                           'endpoints': 1, 'tap_routes': 1}
    for one in json.loads(formats.as_json(seen))['sessions']:
        assert (one['state'], one['imported'], one['exported'], one['filtered']) == (
            'up Established', 2, 1, 0), one
    # By the time format of our bird.conf.
    assert eventually(lambda: all(0 < one.protocol.seconds(time.time()) < 120
                                  for one in checked(compute).sessions), 5)
    assert 'routes to 2 route reflectors' in formats.table(seen)


def test_a_session_that_is_down_is_first_in_every_format(compute):
    compute.network.birds['node-2'].stop()
    assert eventually(lambda: 'BGP_DOWN' in codes(compute), 10)
    seen = checked(compute)

    line, number = formats.nagios(seen)
    assert number == 2 and line.startswith('CALICO CRITICAL - BGP_DOWN')
    assert '1/2 sessions, 1/1 tap routes, 2 routes by BGP' in line
    assert 'sessions=1;2:;1:;0;2' in line
    assert 'BAD   BGP_DOWN' in formats.table(seen)
    lines = metrics.text(seen, status.NOT_CHECKED).split('\n')
    assert 'calico_fuel_check{code="BGP_DOWN",severity="problem"} 1' in lines
    assert 'bird_protocol_up{{{},state="Established"}} 1'.format(LABELS) in lines
    assert any(line.startswith('bird_protocol_up{name="reflector_node_2"')
               and line.endswith(' 0') for line in lines)


def test_metrics_are_valid_text_with_the_names_of_bird_exporter(compute):
    printed = metrics.text(checked(compute), status.NOT_CHECKED)

    for line in printed.strip().split('\n'):
        assert line.startswith('# ') or SAMPLE.match(line), line
    assert 'bird_protocol_prefix_import_count{{{}}} 2\n'.format(LABELS) in printed
    assert 'bird_protocol_prefix_export_count{{{}}} 1\n'.format(LABELS) in printed
    assert 'name="kernel1",proto="Kernel"' in printed


def test_a_route_that_no_reflector_gets_is_named(compute):
    compute.daemon.birdc('disable', 'kernel1')
    assert eventually(lambda: 'EXPORT_DIFFERS' in codes(compute), 10)

    rows = [check for check in checked(compute).checks
            if check.code and check.code.name == 'EXPORT_DIFFERS']
    assert [row.state for row in rows] == ['1 missing: ' + OWN] * 2
    compute.follow(rows[0].fix, 'birdc enable kernel1')
    assert eventually(lambda: not codes(compute), 25), codes(compute)


def test_a_bird_that_hangs_costs_seconds_and_is_named(compute):
    compute.daemon.pause()
    try:
        begin = time.monotonic()
        seen = checked(compute)
        seconds = time.monotonic() - begin
    finally:
        compute.daemon.go_on()

    assert 'BIRD_DOWN' in [check.code.name for check in seen.checks if check.is_problem]
    # birdc is given 3 s, once; the rest is for a busy machine.
    assert seconds < 3 + 7, seconds
