"""A clock that jumps by hours, there and back, while a task runs."""

import pytest

from tests.live.etcd_nodes import lose_disk
from tests.plan.faults.clock import run_with_jumps
from tests.plan.nodes import CONTROLLERS, members


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
