"""A controller whose disk is slow while workloads talk: nothing is lost."""

import pytest

from lab.machine.disk import put_on_disk
from lab.machine.programs import eventually
from tests.plan.faults import run, writes
from tests.plan.faults.slow import seconds_to_sync, slow
from tests.plan.nodes import CONTROLLERS, is_whole, members

# A file is on the disk after two.
WRITES_PER_SECOND = 1
TASKS = 'hiera', 'packages', 'route-reflector', 'neutron-server', 'cleanup', 'cron'
SECONDS_TO_SERVE, SECONDS_TO_COME_BACK = 60, 120


@pytest.fixture
def machine(lab):
    """A controller with a disk."""
    machine = lab.fuel.members['node-2'].machine
    put_on_disk(machine)
    lab.reboot('node-2')
    return machine


class TestSlowDisk:
    """The disk does one write a second, for all daemons and tasks of the node."""

    @pytest.mark.plan('fault: slow disk of a controller')
    def test_a_controller_with_a_slow_disk_is_told_and_the_others_serve(
            self, lab, controllers, machine, bear, tell, record_property):
        """The others serve. `verify` on another controller names the etcd member. The
        other tasks succeed on the slow disk. Once it is as before `verify` is good.

        Steps: Let the disk of one of three controllers do one write a second, and boot
        it. Write a key on a compute. Run `calico-fuel verify` on another controller.
        Remove the plugin's files, so that each task writes them, and run the tasks but
        `etcd`. Let the disk be as before, run `etcd`, and `calico-fuel verify` again.
        """
        usual = seconds_to_sync(machine)

        def event():
            with slow(machine, WRITES_PER_SECOND):
                lab.reboot('node-2')
                seconds = seconds_to_sync(machine)
                assert seconds > max(1, 5 * usual)
                assert eventually(lambda: writes(lab), SECONDS_TO_SERVE)
                verdict = run(controllers[0], 'verify')
                assert run(machine, 'remove').status == 0
                attempts = [run(machine, task) for task in TASKS]
            lab.task('node-2', 'etcd')
            assert eventually(lambda: run(controllers[0], 'verify').status == 0,
                              SECONDS_TO_COME_BACK)
            assert eventually(lambda: is_whole(lab), SECONDS_TO_COME_BACK)
            return seconds, verdict, attempts
        seconds, verdict, attempts = bear(event)

        assert [attempt.status for attempt in attempts] == [0] * len(TASKS), attempts
        assert members(lab, 'node-1') == [*CONTROLLERS]
        assert verdict.status == 1
        record_property('seconds until a file is on the disk', '{:.1f}, usually {:.3f}'
                        .format(seconds, usual))
        record_property('seconds of the tasks', ', '.join(
            '{} {:.0f}'.format(*pair) for pair in zip(
                TASKS, [attempt.seconds for attempt in attempts])))
        tell(verdict, 'etcd member node-2', 'expected: healthy')
