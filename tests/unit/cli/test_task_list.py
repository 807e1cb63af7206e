"""The one list of tasks is that of both bundles, and verify forgets none."""

from __future__ import unicode_literals

import io
import os
import re

from calico_fuel.cli import task_list
from tests.unit.test_timeouts import PROJECT

NAMES = [task.name for task in task_list.TASKS]


def test_fuel_runs_the_tasks_that_are_listed_and_no_others():
    """Each bundle has a graph; hiera and etcd-open-ports are of Fuel 9, cron is not."""
    ran = set()
    for path in 'tasks.yaml', 'fuel9/deployment_tasks.yaml':
        with io.open(os.path.join(PROJECT, path), encoding='utf-8') as stream:
            ran.update(re.findall(r'[.]/run_task ([a-z-]+)', stream.read()))

    assert ran == set(NAMES)


def test_verify_compares_every_task_that_wants_something_that_lasts():
    assert [name for name, _ in task_list.COMPARED] == [
        'hiera', 'packages', 'etcd', 'neutron-server', 'route-reflector', 'compute',
        'cleanup', 'cron', 'networks']
