"""Nodes that do not reach each other while workloads talk, and then do again."""

import time

import pytest

from lab.machine.programs import eventually
from tests.plan.faults import at_once, run, writes
from tests.plan.faults.network import both_ways, one_way
from tests.plan.nodes import CONTROLLERS, daemons, established, is_whole, members

# Until the hold time of 30 s is over.
SECONDS_TO_NOTICE = 45
SECONDS_TO_HEAL = 60
# The proxy of a compute may ask the one that is cut off; it changes over every 30 s, at
# random.
SECONDS_OF_PROXY = 150


class TestPartitions:
    """One environment; each partition heals by itself."""

    @pytest.mark.plan('fault: a minority of the controllers is cut off')
    def test_a_controller_that_is_cut_off_does_nothing_and_comes_back(
            self, lab, controllers, bear, tell, record_property):
        """The controller that is cut off changes nothing, keeps its etcd, and says that
        there is no quorum. The others change members and serve. Then it comes back.

        Steps: Drop all packets between one of three controllers and the other two. Run
        `calico-fuel etcd` and `calico-fuel verify` on it, and `calico-fuel etcd` on
        another. Let the packets pass, and run `calico-fuel etcd` on it.
        """
        before = daemons(lab, 'node-3', 'bin/etcd')

        def event():
            with both_ways(controllers[2], *controllers[:2]):
                begin = time.monotonic()
                assert eventually(lambda: writes(lab), SECONDS_OF_PROXY)
                record_property('seconds until a compute could write', round(
                    time.monotonic() - begin, 1))
                told = at_once(lambda: run(controllers[2], 'etcd --dry-run'),
                               lambda: run(controllers[2], 'verify'),
                               lambda: run(controllers[0], 'etcd'))
                assert members(lab, 'node-1') == [*CONTROLLERS]
            assert eventually(
                lambda: run(controllers[2], 'etcd').status == 0, SECONDS_TO_HEAL)
            return told
        cut_off, verdict, other = bear(event)

        assert (verdict.status, other.status) == (1, 0), (verdict, other)
        assert daemons(lab, 'node-3', 'bin/etcd') == before
        tell(cut_off, 'has no quorum; 192.0.2.13 answered')

    @pytest.mark.plan('fault: a partition of one direction')
    def test_a_controller_that_hears_another_no_more_is_told_of(
            self, lab, controllers, bear, tell):
        """`verify` there names the member that does not answer, or its own, which is
        not healthy while the other leads. It is good again by itself.

        Steps: Drop the packets of one controller at another. Run `calico-fuel verify`
        there. Let them pass.
        """
        def event():
            with one_way(controllers[1], controllers[0]):
                assert eventually(lambda: writes(lab), SECONDS_OF_PROXY)
                verdict = run(controllers[1], 'verify')
            assert eventually(lambda: 'verify: good' in run(
                controllers[1], 'verify').output, SECONDS_TO_HEAL)
            return verdict
        verdict = bear(event)

        assert members(lab, 'node-1') == [*CONTROLLERS]
        assert verdict.status == 1
        tell(verdict, 'calico-fuel: ', 'etcd member node-', 'healthy')

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
