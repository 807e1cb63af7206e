"""The status of a node: worst first, with numbers, whatever does not answer."""

from __future__ import unicode_literals

import pytest

from calico_fuel.codes.registry import CODES
from calico_fuel.errors import NodeError
from calico_fuel.tasks import status
from tests.unit.fake.system import good
from tests.unit.fake.verify_node import FELIX, FORWARD, TASKS, Task, node_of

DETAILS = '''\
{} BGP      master   up     2015-11-20 06:03:20  Established
  Routes:         3 imported, 1 filtered, 2 exported, 3 preferred
'''


def seen_of(uid, change=lambda node: None, tasks=TASKS, **settings):
    of, node = node_of(uid, **settings)
    if uid == '2':
        node.bird.details = DETAILS.format('reflector_node_1')
    change(node)
    return status.of_node(of, of.this_node, node, tasks)


def faults(seen):
    return [(one.code.name, one.severity) for one in seen.checks if not one.is_good]


@pytest.mark.parametrize('uid', ['1', '2'])
def test_a_healthy_node_is_good(uid):
    seen = seen_of(uid)

    assert (seen.result, faults(seen)) == ('good', [])
    assert seen.counts['sessions_established'] == seen.counts['sessions'] > 0


def test_the_worst_is_first_and_the_rest_in_order():
    def ill(node):
        node.write('/etc/calico-fuel.paused', '')
        node.kernel['net.ipv4.ip_forward'] = '0'
        node.silent.add('127.0.0.1:8775')
    seen = seen_of('2', ill)

    assert seen.result == 'problem'
    assert faults(seen) == [
        ('METADATA_API_DOWN', 'problem'), ('DRIFT', 'problem'), ('REFRESH_OFF', 'note')]


def test_what_tasks_would_change_is_named_and_not_shown():
    """It may be much, and diff shows it."""
    def ill(node):
        node.kernel['net.ipv4.ip_forward'] = '0'
    row, = [one for one in seen_of('2', ill).checks if not one.is_good]

    assert (row.subject, row.state) == (
        'tasks compute', '1 difference: sysctl net.ipv4.ip_forward')
    assert 'calico-fuel diff' in row.fix and 'run calico-fuel compute' in row.fix


def test_a_stopped_service_has_the_code_of_services():
    def ill(node):
        node.services.running.clear()
    seen = seen_of('2', ill, [('compute', Task(FELIX, FORWARD))])

    assert ('SERVICE_DOWN', 'problem') in faults(seen)


def test_what_asks_neutron_or_apt_is_not_compared():
    class Slow(object):
        def resources(self, *_):
            raise AssertionError('takes seconds')

    seen = seen_of('1', tasks=[
        (name, Slow()) for name in status.TAKE_SECONDS] + list(TASKS))

    assert seen.result == 'good'


def test_a_bird_that_hangs_is_a_problem_and_the_daemons_are_seen_all_the_same():
    def ill(node):
        node.bird.hangs = ' 4711 T\n'
        node.keys.pop('/calico/felix/v1/host/node-2/status')
    seen = seen_of('2', ill)

    assert ('BIRD_DOWN', 'problem') in faults(seen)
    assert ('FELIX_SILENT', 'problem') in faults(seen)
    bird = next(one for one in seen.checks if one.code.name == 'BIRD_DOWN')
    assert 'kill -CONT 4711' in bird.fix
    assert not any(one.is_established for one in seen.sessions)
    assert len([one for one in seen.checks if 'kill -CONT' in one.fix]) == 1
    assert seen.counts['sessions'] == 1 and 'tap_routes' in seen.counts
    assert 'bgp_routes' not in seen.counts


def test_the_numbers_of_a_compute():
    def two_taps(node):
        node.programs['ip'] = lambda argv, text: good(
            '203.0.113.21 dev tap1 scope link\n203.0.113.22 dev tap2 scope link\n')
    seen = seen_of('2', two_taps)

    assert seen.counts == {'sessions': 1, 'sessions_established': 1, 'bgp_routes': 0,
                           'endpoints': 0, 'tap_routes': 2}
    session, = seen.sessions
    assert (session.session.name, session.protocol.imported) == ('reflector_node_1', 3)


def test_an_etcd_that_hangs_hides_no_other_server_and_no_number_is_made_up():
    def ill(node):
        answer = node.servers.pop()

        def hangs(method, url, body):
            if ':4001/' in url:
                node.clock += 1
                return None
            return answer(method, url, body)
        node.servers.append(hangs)
    seen = seen_of('2', ill)

    assert set(faults(seen)) == {('ETCD_DOWN', 'problem')}
    assert seen.counts['tap_routes'] == 0 and 'endpoints' not in seen.counts


def test_a_step_of_the_clock_is_no_time_that_it_took():
    def ill(node):
        times = iter([1448000000.0, 1447996400.0])
        node.now = lambda: next(times)
    seen = seen_of('2', ill)

    assert (seen.time, seen.seconds) == (1448000000.0, 0)


def test_it_never_waits():
    def ill(node):
        node.bird.loaded = None
        node.keys.clear()

        def wait(*_, **__):
            raise AssertionError('it waits')
        node.eventually = wait
    assert seen_of('2', ill).result == 'problem'


def test_a_node_without_a_part_in_calico_is_good():
    seen = seen_of('3', of_nodes=[['primary-controller'], ['compute'], ['ceph-osd']])

    assert (seen.result, seen.counts, seen.sessions) == ('good', {}, [])


def test_what_it_cannot_find_are_codes():
    assert set(status.NOT_CHECKED) < set(CODES.values())


@pytest.mark.parametrize('message', ['The disk is full', 'bird: is broken. Install it'])
def test_what_cannot_be_checked_is_a_problem_with_the_reason(monkeypatch, message):
    def fails(*_):
        raise NodeError(message)
    monkeypatch.setattr(status.node_checks, 'of_routes', fails)

    row, = [one for one in seen_of('2').checks if not one.is_good]

    assert (row.code.name, row.state, row.fix) == (
        'NOT_COMPARED', 'cannot be checked', message)
