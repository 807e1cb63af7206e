"""Which two instances a step must not cost a packet."""

from types import SimpleNamespace

import pytest

from tests.soak import checks

LAB = SimpleNamespace(workloads={
    'vm-{}'.format(number): ('node-{}'.format(number), 'vm-{}'.format(number))
    for number in (4, 5, 6, 7)})


@pytest.mark.parametrize('step, name', [
    ('kill node-6 bird', 'vm-6'), ('partition node-1 node-7 15', 'vm-7')])
def test_an_instance_on_a_node_of_the_step_is_watched(step, name):
    first, second = checks.watched(LAB, step)

    assert first == name != second


def test_an_instance_that_may_lose_packets_is_not_watched():
    assert 'vm-4' not in checks.watched(LAB, 'reboot node-4')


def test_one_of_two_computes_that_are_cut_off_from_each_other_is_watched_only():
    seen = set(checks.watched(LAB, 'partition node-4 node-7 45'))

    assert len(seen & {'vm-4', 'vm-7'}) == 1
