"""What a program says of its version."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError
from calico_fuel.resources.program import version
from tests.unit.fake.system import FakeSystem, bad, good

PATTERN = r'V (\d+)\.(\d+)'


@pytest.mark.parametrize('program, found', [
    (lambda argv, text: good('V 2.3.7'), (2, 3)),
    (lambda argv, text: bad('V 1.6.8', 0), (1, 6)), (None, None)])
def test_the_version_is_what_either_output_says(program, found):
    system = FakeSystem()
    system.programs['x'] = program

    assert version(system, 'x', PATTERN) == found


def test_a_program_that_does_not_tell_its_version_is_an_error():
    system = FakeSystem()
    system.programs['x'] = lambda argv, text: bad('Exec format error', 126)

    with pytest.raises(FileError) as error:
        version(system, 'x', PATTERN)
    assert 'x: does not print its version (exit status 126)' in error.value.args[0]
