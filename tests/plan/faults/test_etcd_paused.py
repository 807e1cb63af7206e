"""A run that is paused with etcd's lock, for longer than the lock lives."""

import concurrent.futures

import pytest

from calico_fuel.etcd.lock import LOCK, SECONDS_OF_LOCK
from lab.machine.programs import eventually
from tests.live.etcd_nodes import lose_disk
from tests.maintenance import pause_cron
from tests.pauses import go_on, stop_at, stopped
from tests.plan.faults import run, writes
from tests.plan.nodes import CONTROLLERS, ask_etcd, members

URL = 'http://127.0.0.1:2379' + LOCK
TASKS = 'packages', 'etcd', 'route-reflector', 'neutron-server', 'cron'


class TestPausedRuns:
    """By SIGSTOP, with a clock that goes on."""

    @pytest.mark.plan('fault: a run is paused for longer than its lock lives')
    def test_a_member_that_leaves_late_takes_no_quorum_away(
            self, lab, controllers, bear, tell, pytestconfig):
        """etcd refuses the removal while it would cost the quorum. In the end both runs
        succeed, and the members are those that have to be.

        Steps: Let a member leave (`calico-fuel remove --with-etcd-data`), and stop that
        run by SIGSTOP before its request. Wait until its lock has expired. Delete the
        data of another member, and stop its run before etcd starts. Let the first run
        go on, and then the other.
        """
        def outlive_the_lock():
            if not pytestconfig.getoption('--report'):
                # As it is when its time is nearly over.
                ask_etcd(lab, 'node-1', URL + '?ttl=1&prevValue=node-3', 'value=node-3',
                         'PUT', check=True)
            assert eventually(lambda: not ask_etcd(
                lab, 'node-1', URL, '', 'GET'), SECONDS_OF_LOCK + 20)

        def event():
            with concurrent.futures.ThreadPoolExecutor() as pool:
                stop_at(controllers[2], 'before', 'client.remove_member')
                leaving = pool.submit(run, controllers[2], 'remove --with-etcd-data')
                first = stopped(controllers[2])
                outlive_the_lock()
                lose_disk(controllers[1])
                stop_at(controllers[1], 'after', 'client.add_member')
                joining = pool.submit(run, controllers[1], 'etcd')
                second = stopped(controllers[1])
                # One that was added and has not started yet has no name.
                assert members(lab, 'node-1') == ['', 'node-1', 'node-3']

                go_on(controllers[2], first)
                assert not eventually(lambda: not writes(lab), 8)
                assert members(lab, 'node-1') == ['', 'node-1', 'node-3']
                go_on(controllers[1], second)
                attempts = joining.result(), leaving.result()
            left = members(lab, 'node-1')
            for task in TASKS:
                lab.task('node-3', task)
            pause_cron(controllers[2])
            return attempts, left
        attempts, left = bear(event)

        assert [attempt.status for attempt in attempts] == [0, 0], attempts
        assert left == ['node-1', 'node-2']
        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(attempts[1], 'etcd member node-3')
