"""What tasks.yaml gives the tasks; tests/graph has the same of the graph of Fuel 9."""

from __future__ import unicode_literals

import io
import os

import pytest
import yaml

import calico_fuel
from tests.unit import waits

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(calico_fuel.__file__)))
with io.open(os.path.join(PROJECT, 'tasks.yaml'), encoding='utf-8') as stream:
    ENTRIES = yaml.safe_load(stream)
EVERY_ROLE = ['primary-controller', 'controller', 'compute']
# The mcollective agent of Fuel 6.1-8.0 takes no more.
MOST = 3600


@pytest.mark.parametrize('entry', ENTRIES, ids=lambda entry: '{} of {}'.format(
    entry['parameters']['cmd'].split()[1], entry['role'][0]))
def test_the_timeout_of_a_task_is_enough_for_an_attempt(entry):
    """On a controller that is a compute too, whichever of its entries comes first."""
    task = entry['parameters']['cmd'].split()[1]
    seconds = waits.FOR_LOCK + waits.of(task, EVERY_ROLE) + waits.LATE.get(task, 0)

    assert seconds < entry['parameters']['timeout'] <= MOST
