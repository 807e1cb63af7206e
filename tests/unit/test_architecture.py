"""The rules of ARCHITECTURE.md that a program can check."""

from __future__ import unicode_literals

import ast
import glob
import io
import os
import re

import pytest

import calico_fuel

PACKAGE = os.path.dirname(os.path.abspath(calico_fuel.__file__))
# As the docstring of the package lists them.
ORDER = re.findall(r'^(\w+) {2,}', calico_fuel.__doc__, re.M)
HOMES = {'subprocess': {'system'}, 'os': {'system'}, 'io': {'system'},
         'shutil': {'system'}, 'signal': {'system'}, 'tempfile': {'system'},
         'socket': {'addresses'},
         'yaml': {'metadata', 'report'}, 'jinja2': {'render'},
         'argparse': {'__main__'}}
MODULES = sorted(os.path.basename(path)[:-3]
                 for path in glob.glob(os.path.join(PACKAGE, '*.py')))


def tree(module):
    with io.open(os.path.join(PACKAGE, module + '.py'), encoding='utf-8') as stream:
        return ast.parse(stream.read().encode('utf-8'))


def imported(module):
    """Full names that a module imports."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module != '__future__':
            for alias in node.names:
                yield '{}.{}'.format(node.module, alias.name)


def test_the_map_of_modules_is_complete():
    assert sorted(ORDER) == [m for m in MODULES if m != '__init__']


@pytest.mark.parametrize('module', ORDER)
def test_a_module_imports_only_what_stands_before_it(module):
    before = ORDER[:ORDER.index(module)]
    for name in imported(module):
        parts = name.split('.')
        if parts[0] == 'calico_fuel' and parts[1] in ORDER:
            assert parts[1] in before


@pytest.mark.parametrize('module', ORDER)
def test_input_and_output_have_one_home_each(module):
    for name in imported(module):
        assert module in HOMES.get(name.split('.')[0], {module})


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
    with io.open(os.path.join(PACKAGE, module + '.py')) as stream:
        assert len(stream.readlines()) <= 300
