"""No hostile input breaks a law: see tests/fuzz.  FUZZ=100000 runs so many cases."""

from __future__ import unicode_literals

import os
import re
import subprocess
import sys

import pytest

from calico_fuel import render
from calico_fuel.bgp.bird import BIRD_CONF
from tests import fuzz
from tests.fuzz import laws, metadata
from tests.fuzz.__main__ import outcome, results

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The node's Python is slower, and the other one runs the same cases beside it.
IS_PYTHON_2 = sys.version_info[0] == 2
CASES = {'metadata': fuzz.CASES // (5 if IS_PYTHON_2 else 1)}
CASES['replies'] = CASES['metadata'] // 5
MOST_SHOWN = 5
# What a case prints that is not refused as a whole, and how many do so, in percent.
GOOD, LEAST_GOOD = {'metadata': 'Wrote ', 'replies': 'SUBJECT'}, 20


# Coverage is that of tests that say what a line does; here it would double the time.
@pytest.mark.no_cover
@pytest.mark.parametrize('kind', sorted(CASES))
def test_no_case_breaks_a_law(kind):
    wrong, good = [], 0
    for number in range(CASES[kind]):
        run, found = outcome(kind, number)
        good += bool(run) and any(GOOD[kind] in text for text in run.printed)
        if found:
            wrong.append('.venv/bin/python -m tests.fuzz {} {}\n{}'.format(
                kind, number, '\n'.join(found)))
        if len(wrong) == MOST_SHOWN:
            break

    assert not wrong, '\n'.join(wrong)
    assert good * 100 >= LEAST_GOOD * CASES[kind]


@pytest.mark.runs_programs
@pytest.mark.skipif(not IS_PYTHON_2, reason='Python 2.7 compares')
@pytest.mark.parametrize('kind', sorted(CASES))
def test_both_pythons_make_the_same_of_a_case(kind):
    here = list(results(kind, 0, CASES[kind]))

    other = subprocess.Popen(
        [os.path.join(ROOT, '.venv/bin/python'), '-m', 'tests.fuzz', kind, '0',
         '{}'.format(CASES[kind])], cwd=ROOT, stdout=subprocess.PIPE)
    there = other.communicate()[0].decode('ascii').splitlines()

    assert [pair for pair in zip(here, there) if pair[0] != pair[1]] == []
    assert len(here) == len(there)


A_GOOD_ONE = next(
    number for number in range(1000) if metadata.run(number).statuses == 5 * [0])


@pytest.mark.parametrize('path, old, new, named', [
    (BIRD_CONF, r'multihop;', 'direct;', 'no line of its template'),
    (BIRD_CONF, r'\Z', '\nprotocol static x { route 0.0.0.0/0 blackhole; }', 'no line'),
    (BIRD_CONF, r'(neighbor 192\.0\.2)\.\d+', r'\1.99', 'is no neighbor'),
    (BIRD_CONF, r'import (filter|where) .*;', 'import none;', 'imports of'),
    (BIRD_CONF, r'  export filter .*\n', '', 'exports of'),
    (BIRD_CONF, r'\A((?:.*\n)*?define own_networks = \[\n)(?:.*\n)*?\];',
     r'\1  203.0.113.0/24+\n];', 'accepts a route to'),
    (render.ETCD_ENVIRONMENT, r'(ETCD_DATA_DIR)=.*', r'\1="$(reboot)"', 'no line')])
def test_a_file_that_breaks_a_law_is_named(path, old, new, named):
    run = metadata.run(A_GOOD_ONE)
    for name in run.system.files:
        if name.endswith(path) and re.search(old, run.system.text(name)):
            run.system.write(name, re.sub(old, new, run.system.text(name), 1))
            break

    assert named in '\n'.join(laws.broken(run))


@pytest.mark.parametrize('line', [
    'a\x1b[2J', 'a\u202eb', 'FORGED', 'calico-fuel: FORGED: good', laws.PASSWORD,
    'password {}'.format(metadata.fuel_metadata.FIXED_KEY)])
def test_a_line_that_breaks_a_law_is_named(line):
    run = metadata.run(A_GOOD_ONE)
    run.printed.append('good\n' + line)

    assert len(list(laws.broken(run))) == 1


def test_an_error_that_is_not_deliberate_is_named(monkeypatch):
    def fail(number):
        raise KeyError(number)
    monkeypatch.setattr(metadata, 'run', fail)

    assert 'KeyError: 7' in outcome('metadata', 7)[1][0]
