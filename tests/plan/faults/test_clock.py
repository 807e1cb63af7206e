"""A clock that jumps by hours, there and back, while a task runs."""

import pytest

from lab.network.bird import PROJECT
from tests.live.etcd_nodes import lose_disk
from tests.packaging.rpmtools import skip_loudly
from tests.plan.faults import holding, no_held_routes, run
from tests.plan.nodes import CONTROLLERS, members

FOLDER = PROJECT / '.cache/faketime'
LIBRARY, CLOCK = '/usr/local/lib/libfaketime.so.1', '/run/clock'
# Of the run and what it starts, but for daemons.  No clock that counts seconds jumps.
START = ('LD_PRELOAD={} FAKETIME_TIMESTAMP_FILE={} FAKETIME_NO_CACHE=1 '
         'FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1'.format(LIBRARY, CLOCK))
JUMPS = '''
import itertools, os, time
for offset in itertools.cycle(('+1h', '-1h')):
    with open('{0}.new', 'w') as clock:
        clock.write(offset)
    os.rename('{0}.new', '{0}')
    print('held', flush=True)
    time.sleep(0.4)
'''.format(CLOCK)


def run_with_jumps(machine, task):
    """The Attempt of a task, during which the clock is an hour fast, an hour slow."""
    libraries = list(FOLDER.glob('usr/lib/*/faketime/libfaketime.so.1'))
    if not libraries:
        skip_loudly('no libfaketime: run tools/setup faketime')
    machine.copy(libraries[0], LIBRARY)
    clock = holding(machine, JUMPS)
    try:
        attempt = run(machine, task, START)
        seconds = machine.run('env', *START.split(), 'date', '+%s')
    finally:
        no_held_routes(clock)
    # It does jump for programs there.
    assert abs(int(seconds) - int(machine.run('date', '+%s'))) > 3000
    return attempt


class TestClock:
    """libfaketime sets the clock of a run: time namespaces have no wall clock."""

    @pytest.mark.plan('fault: the clock jumps during a task')
    def test_a_compute_is_configured_all_the_same(self, node, bear, tell):
        """The task succeeds.

        Steps: Run `calico-fuel compute` while its clock is an hour fast, then an hour
        slow, in turns of 0.4 s.
        """
        attempt = bear(lambda: run_with_jumps(node, 'compute'))

        assert attempt.status == 0, attempt.output
        tell(attempt, 'compute: ')

    @pytest.mark.plan('fault: the clock jumps while a member is replaced')
    def test_a_member_that_lost_its_disk_comes_back_all_the_same(
            self, lab, controllers, bear, tell):
        """The member comes back, and the others keep the data.

        Steps: Delete the data of one of three members. Run `calico-fuel etcd` there
        while its clock is an hour fast, then an hour slow, in turns of 0.4 s.
        """
        def event():
            lose_disk(controllers[1])
            return run_with_jumps(controllers[1], 'etcd')
        attempt = bear(event)

        assert attempt.status == 0, attempt.output
        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(attempt, 'etcd member node-2')
