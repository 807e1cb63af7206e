"""Nodes that do not reach each other while workloads talk, and then do again."""

import pytest

from lab.machine.programs import eventually
from tests.plan.faults import run
from tests.plan.faults.partitions import both_ways, one_way
from tests.plan.nodes import established, is_whole

# Until the hold time of 30 s is over.
SECONDS_TO_NOTICE = 45
SECONDS_TO_HEAL = 60


class TestPartitions:
    """One environment; each partition heals by itself."""

    @pytest.mark.plan('fault: a compute is cut off from one reflector')
    @pytest.mark.parametrize('cut', [one_way, both_ways])
    def test_a_compute_goes_on_by_the_other_reflectors(self, lab, bear, tell, cut):
        """`verify` on the compute names the session that is down. It comes back by
        itself.

        Steps: Drop the packets of one of three route reflectors at a compute, and once
        those of both at both. Wait until the session is down. Let the packets pass.
        """
        compute, reflector = (lab.fuel.members[n].machine for n in ('node-4', 'node-1'))

        def event():
            with cut(compute, reflector):
                assert eventually(
                    lambda: 'reflector_node_1' not in established(lab, 'node-4'),
                    SECONDS_TO_NOTICE)
                verdict = run(compute, 'verify')
            assert eventually(lambda: is_whole(lab), SECONDS_TO_HEAL)
            return verdict
        verdict = bear(event)

        assert verdict.status == 1
        tell(verdict, 'reflector_node_1')
