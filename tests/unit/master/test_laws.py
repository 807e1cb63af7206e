"""The rules of ARCHITECTURE.md for what runs on the Fuel master."""

from __future__ import unicode_literals

import ast
import glob
import io
import os
import re

import pytest

import calico_fuel_master
from tests.unit import imports

PACKAGE = os.path.dirname(os.path.abspath(calico_fuel_master.__file__))
ROOT = os.path.dirname(PACKAGE)
ORDER = re.findall(r'(?m)^(\w+)(?: {2,}\S|$)', calico_fuel_master.__doc__)
# The one is an exception alone, the others are tested by what they start.
WITHOUT_TESTS = {'errors', 'fuel2', '__main__'}
HOMES = {'cliff': {'fuel2'}, 'fuelclient': {'nailgun'}, 'argparse': {'program'},
         'jinja2': set(), 'yaml': set(), 'subprocess': set(), 'io': set(),
         'os': {'__main__'}, 'sys': {'__main__', 'fuel2'}}


def source(module):
    with io.open(os.path.join(PACKAGE, module + '.py'), encoding='utf-8') as stream:
        return stream.read()


def imported(module):
    return imports.names(ast.parse(source(module).encode('utf-8')))


def test_the_map_of_modules_is_complete():
    assert sorted(ORDER + ['__init__']) == sorted(
        os.path.basename(path)[:-3] for path in glob.glob(PACKAGE + '/*.py'))


@pytest.mark.parametrize('module', ORDER)
def test_a_module_imports_only_what_stands_before_it(module):
    before = ORDER[:ORDER.index(module)]
    for name in imported(module):
        ours = re.match(r'calico_fuel_master\.(\w+)', name)
        assert not ours or ours.group(1) in before, name
        top = name.split('.')[0]
        assert module in HOMES.get(top, {module}), name


@pytest.mark.parametrize('module', ORDER)
def test_a_module_is_short_and_its_tests_have_its_name(module):
    assert len(source(module).split('\n')) <= 200
    assert module in WITHOUT_TESTS or os.path.exists(os.path.join(
        os.path.dirname(__file__), 'test_{}.py'.format(module)))


def test_no_node_gets_the_package():
    for name in ('pre_build_hook', 'tasks.yaml', 'fuel9/deployment_tasks.yaml'):
        with io.open(os.path.join(ROOT, name), encoding='utf-8') as stream:
            assert 'calico_fuel_master' not in stream.read()
