"""The rules of ARCHITECTURE.md that a program can check."""

from __future__ import unicode_literals

import ast
import glob
import importlib
import inspect
import io
import os
import re
import sys

import pytest

import calico_fuel
from calico_fuel import system
from tests.unit import imports
from tests.unit.fake.system import FakeSystem

PACKAGE = os.path.dirname(os.path.abspath(calico_fuel.__file__))
ROOT = os.path.dirname(PACKAGE)
FOLDERS = {name: importlib.import_module(str('calico_fuel.' + name))
           for name in os.listdir(PACKAGE)
           if os.path.exists(os.path.join(PACKAGE, name, '__init__.py'))}
# As many as one remembers, with __init__, __main__ and the templates.
MOST_ENTRIES = 22


def listed(package, prefix=''):
    """The modules that the docstring of a package lists, folders opened."""
    for name in re.findall(r'^(\w+)(?: {2,}\S|$)', package.__doc__, re.M):
        if name in FOLDERS and not prefix:
            for inside in listed(FOLDERS[name], name + '.'):
                yield inside
        else:
            yield prefix + name


ORDER = list(listed(calico_fuel))
HOMES = {'subprocess': {'system.programs'}, 'tarfile': {'system.archive'},
         'os': {'system.archive', 'system.clock', 'system.directories', 'system.files',
                'system.locks', 'system.programs', 'cli.output'},
         'signal': {'cli.output'},
         'shutil': {'system.directories'},
         'fcntl': {'system.locks', 'system.programs'},
         'io': {'cli.output', 'system.archive', 'system.directories', 'system.files',
                'system.locks', 'system.programs'},
         'tempfile': {'system.archive', 'system.directories', 'system.files',
                      'system.programs'},
         'pwd': {'system.files'}, 'grp': {'system.files'}, 'time': {'system.clock'},
         'threading': {'system.client', 'system.clock'},
         'http': {'system.client'}, 'httplib': {'system.client'},
         'urllib': {'system.client'}, 'urlparse': {'system.client'},
         'logging': {'cli.output'}, 'sys': {'cli.output', '__main__'},
         'ssl': {'system.client'},
         'socket': {'addresses', 'system.client', 'system.clock'},
         'yaml': {'fuel.yaml_values'}, 'jinja2': {'render'},
         'argparse': {'cli.subcommand'}}
MODULES = sorted(
    os.path.relpath(path, PACKAGE)[:-3].replace(os.sep, '.')
    for pattern in ('*.py', '*/*.py')
    for path in glob.glob(os.path.join(PACKAGE, pattern)))

TESTS = os.path.dirname(os.path.abspath(__file__))
# The tests of another package, with laws of their own.
MASTER = 'master'
# What spans modules.
LAWS = ['test_architecture', 'test_bundle_files', 'test_documents', 'test_fuzz',
        'test_guide', 'test_timeouts']
# By what it starts, by who raises its errors, and by the registry of all codes.
WITHOUT_TESTS = ['__main__', 'errors', 'codes.bgp', 'codes.cluster',
                 'codes.instance', 'codes.node']


def path_of(module):
    return os.path.join(PACKAGE, *module.split('.')) + '.py'


def tree(module):
    with io.open(path_of(module), encoding='utf-8') as stream:
        return ast.parse(stream.read().encode('utf-8'))


def imported(module):
    """Full names that a module imports."""
    return imports.names(tree(module))


def test_the_map_of_modules_is_complete():
    assert sorted(ORDER) == [m for m in MODULES if not m.endswith('__init__')]


def files_of_tests():
    """As modules: bgp.test_bird for tests/unit/bgp/test_bird.py."""
    return [os.path.relpath(path, TESTS)[:-3].replace(os.sep, '.')
            for pattern in ('test_*.py', '*/test_*.py')
            for path in glob.glob(os.path.join(TESTS, pattern))
            if not os.path.dirname(path).endswith(MASTER)]


def mirrored(module):
    """Where the tests of a module are."""
    folder, _, name = module.rpartition('.')
    return (folder and folder + '.') + 'test_' + name


def test_each_module_has_its_file_of_tests():
    assert sorted(set(map(mirrored, set(ORDER) - set(WITHOUT_TESTS)))
                  - set(files_of_tests())) == []


def test_each_file_of_tests_is_that_of_a_module_or_of_one_subject_of_it():
    """test_bird_conf and test_bird_conf_handover are of bird_conf."""
    of = tuple(mirrored(module) + '_' for module in ORDER)

    assert sorted(name for name in files_of_tests() if name not in LAWS
                  and not (name + '_').startswith(of)) == []


def test_the_top_of_the_package_can_be_remembered():
    entries = [name for name in os.listdir(PACKAGE) if name != '__pycache__'
               and not name.endswith('.pyc')]

    assert len(entries) <= MOST_ENTRIES


@pytest.mark.parametrize('folder', sorted(
    os.path.relpath(os.path.dirname(path), ROOT).replace(os.sep, '.')
    for pattern in ('lab', 'lab/*')
    for path in glob.glob(os.path.join(ROOT, pattern, '__init__.py'))))
def test_the_map_of_the_lab_is_complete(folder):
    package = importlib.import_module(str(folder))
    path = os.path.dirname(os.path.abspath(package.__file__))
    entries = {name[:-3] for name in os.listdir(path) if name.endswith('.py')} | {
        name for name in os.listdir(path)
        if os.path.exists(os.path.join(path, name, '__init__.py'))}
    named = [name for line in re.findall(
        r'(?m)^([a-z0-9_]+(?:, [a-z0-9_]+)*)(?: |$)', package.__doc__)
        for name in line.split(', ')]

    assert sorted(named + ['__init__']) == sorted(entries)


@pytest.mark.parametrize('module', ORDER)
def test_a_module_imports_only_what_stands_before_it(module):
    before = ORDER[:ORDER.index(module)]
    for name in imported(module):
        assert name.split('.')[0] != 'lab'
        known = [m for m in ORDER if (name + '.').startswith('calico_fuel.' + m + '.')]
        assert not known or max(known, key=len) in before


def test_render_makes_texts_and_no_resources():
    assert not [name for name in imported('render') if '.resources' in name]


@pytest.mark.parametrize('module', ORDER)
def test_input_and_output_have_one_home_each(module):
    for name in imported(module):
        assert module in HOMES.get(name.split('.')[0], {module})


@pytest.mark.parametrize('path', sorted(
    os.path.relpath(path, ROOT) for pattern in ('lab/*.py', 'lab/*/*.py')
    for path in glob.glob(os.path.join(ROOT, pattern))))
def test_every_module_of_the_lab_is_short(path):
    with io.open(os.path.join(ROOT, path), encoding='utf-8') as stream:
        assert len(stream.readlines()) < 200


def test_the_node_in_memory_has_the_functions_of_a_node_with_their_arguments():
    get = getattr(inspect, 'getfullargspec', getattr(inspect, 'getargspec', None))
    for name, real in inspect.getmembers(system, inspect.isfunction):
        real, fake = [getattr(one, '__wrapped__', one)
                      for one in (real, getattr(FakeSystem, name))]
        if sys.version_info[0] > 2 or name not in ('lock', 'temporary_directory'):
            assert get(real).args == get(fake).args[1:], name


def test_what_programs_in_texts_import_is_there():
    """Tests and the lab run some on nodes; nothing else of them needs a node."""
    for path in [path for pattern in ('tests/*/*.py', 'lab/*.py', 'lab/*/*.py')
                 for path in glob.glob(os.path.join(ROOT, pattern))]:
        with io.open(path, encoding='utf-8') as stream:
            found = re.findall(
                r'(?m)^from (calico_fuel[\w.]*) import (\w+(?:, \w+)*)$', stream.read())
        for module, names in found:
            for name in names.split(', '):
                if not hasattr(importlib.import_module(str(module)), name):
                    # Then it is a module, or this fails.
                    importlib.import_module(str('{}.{}'.format(module, name)))


@pytest.mark.parametrize('module', ORDER)
def test_no_module_needs_struct(module):
    """With text literals its formats are unicode, which Python 2.7.6 refuses."""
    assert 'struct' not in [name.split('.')[0] for name in imported(module)]


@pytest.mark.parametrize('module', ORDER)
def test_every_module_has_text_literals_and_a_docstring(module):
    parsed = tree(module)

    assert ast.get_docstring(parsed)
    assert any(isinstance(node, ast.ImportFrom) and node.module == '__future__'
               and node.names[0].name == 'unicode_literals'
               for node in parsed.body)


@pytest.mark.parametrize('module', MODULES)
def test_every_module_is_short(module):
    with io.open(path_of(module)) as stream:
        assert len(stream.readlines()) < 200
