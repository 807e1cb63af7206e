"""What a Code is."""

from __future__ import unicode_literals

from calico_fuel import checks
from calico_fuel.codes import code


def test_the_severity_of_a_fault_is_that_of_its_code_and_of_nothing_else():
    down = code.problem('X_DOWN', 'X is down.', 'the log', 'Start X.')
    odd = code.note('X_ODD', 'X is odd.', 'the log', 'Wait.')

    assert [checks.fault(one, 'X', 'down', 'up', 'Start X').is_problem
            for one in (down, odd)] == [True, False]
    assert not checks.good(down, 'X', 'up').is_problem
