"""Each benchmark runs to its end and prints its table, in its smallest form.

bench-deployments takes minutes, and deploys as the test plan does.
"""

import re
import sys

import pytest

from lab.machine import programs, run
from lab.measure import bench, statuses

# Name, options, what is printed last.
BENCHMARKS = (
    ('render', '--release 9.2 --nodes 2 4 --rounds 1 --python ' + sys.executable,
     r'\nFuel 9\.2, growth from 2 to 4 nodes: .*\n$'),
    ('status', '--clients 2 --instances 1 --rounds 1', r'\nratio .*\n$'),
    ('sessions', '--clients 2', r'SIGKILL and start of the reflector .*\d\n$'),
    ('reflector', '--clients 2 --rounds 1', r' 2 +earlier .*\n.*ours / earlier .*\n$'),
    ('convergence', '--samples 1 --routes 2', r' 2 +1 .*\d\n$'))


@pytest.mark.parametrize('name, options, table', BENCHMARKS)
def test_a_benchmark_prints_its_table(demand, name, options, table):
    demand('12', [str(statuses.ETCD)])
    run.remove_remains()

    assert re.search(table, programs.run(bench.command(name) + options.split()))
