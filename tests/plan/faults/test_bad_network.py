"""Deployments over a management network that is slow, loses and disorders packets."""

import collections
import re
import time

import pytest

from lab.machine.programs import eventually
from lab.network import traffic
from tests.live.etcd_nodes import lose_disk
from tests.plan.faults import run
from tests.plan.faults.network import bad
from tests.plan.nodes import CONTROLLERS, is_whole, members

SECONDS_OF_CONTROL = 20


def pings(first, second):
    """The least ms of 50 pings of 1428 bytes, and whether answers are out of order."""
    # -U: until the program has the answer, not the kernel.
    said = first.run('ping', '-U', '-n', '-i', 0.02, '-s', 1400, '-c', 50,
                     second.address, check=False)
    numbers = list(map(int, re.findall(r'icmp_seq=(\d+)', said)))
    return (min(map(float, re.findall('time=([0-9.]+) ms', said))),
            numbers != sorted(numbers))


class TestBadNetwork:
    """One environment; every node gets the packets of the management network so."""

    @pytest.mark.plan('fault: a bad management network')
    @pytest.mark.parametrize('figures', [
        pytest.param((50, 0, 0, 0), id='50 ms', marks=pytest.mark.report),
        pytest.param((0, 100, 0, 0), id='0 to 100 ms', marks=pytest.mark.report),
        pytest.param((0, 0, 1, 0), id='1 % lost', marks=pytest.mark.report),
        pytest.param((0, 0, 5, 0), id='5 % lost'),
        pytest.param((0, 0, 0, 1000), id='1 Mbit/s', marks=pytest.mark.report)])
    def test_a_deployment_succeeds(
            self, lab, controllers, node, bear, tell, record_property, request,
            figures):
        """The deployment succeeds: the member joins, all sessions are Established, and
        `verify` is good. Instances lose no packet but those that the network drops, and
        no open connection.

        Steps: Let every node get all packets of the management network 50 ms late, once
        0 to 100 ms late so that they overtake each other, once without 1 % of them,
        once without 5 %, and once at 1 Mbit/s. Delete the data of one of three etcd
        members, kill BIRD of a compute, and edit `bird.conf` of another. Deploy all
        nodes again. Run `calico-fuel verify` on a controller.
        """
        seconds, dropped, before = [], collections.Counter(), collections.Counter()
        first, second = (workload for _, workload in lab.workloads.values())
        nodes = [member.machine.node for member in lab.fuel.members.values()]
        with bad(lab.run, nodes, figures, before):
            least, is_disordered = pings(*nodes[:2])
            control = traffic.during(
                lab.run, [(first, second), (first, lab.outside)],
                lambda: time.sleep(SECONDS_OF_CONTROL))
        delay, jitter, loss, rate = figures
        assert least >= 2 * (delay + (1428 * 8 / rate if rate else 0))
        assert (is_disordered, bool(before)) == (bool(jitter), bool(loss))

        def event():
            with bad(lab.run, nodes, figures, dropped):
                lose_disk(controllers[1])
                lab.fuel.members['node-6'].machine.run('pkill', '-KILL', '-x', 'bird')
                begin = time.monotonic()
                lab.fuel.deploy(again=True)
                seconds.append(round(time.monotonic() - begin))
                assert eventually(lambda: is_whole(lab), 60)
                assert members(lab, 'node-1') == [*CONTROLLERS]
                return run(controllers[0], 'verify')
        try:
            verdict = bear(event, dropped)
        finally:
            record_property(request.node.callspec.id, '{} s, {}; without it {}, {}'
                            .format(seconds, dict(dropped), control, dict(before)))
        tell(verdict, 'verify: good')
