"""Every code is whole, used and documented, and every fault has one."""

from __future__ import unicode_literals

import ast
import glob
import io
import os
import re

import pytest

import calico_fuel
from calico_fuel.cli import arguments
from calico_fuel.codes import bgp, cluster, instance, node, registry
from calico_fuel.codes.code import NOTE, PROBLEM

PACKAGE = os.path.dirname(os.path.abspath(calico_fuel.__file__))
ROOT = os.path.dirname(PACKAGE)
# What makes a Check or a Fault, with a Code as its first argument.
MAKERS = ('fault', 'good', 'complaint', 'of_resource', 'Fault', 'broken')


def trees():
    """(path, parsed) of each module that uses codes."""
    for path in sorted(glob.glob(os.path.join(PACKAGE, '*.py'))
                       + glob.glob(os.path.join(PACKAGE, '*', '*.py'))):
        if os.path.dirname(path) != os.path.join(PACKAGE, 'codes'):
            with io.open(path, encoding='utf-8') as stream:
                yield path, ast.parse(stream.read().encode('utf-8'))


def named(node):
    """The name at the end of an expression such as codes.X."""
    return getattr(node, 'attr', getattr(node, 'id', ''))


@pytest.mark.parametrize('name', sorted(registry.CODES))
def test_a_code_says_what_it_means_where_to_check_and_what_to_do(name):
    one = registry.CODES[name]

    assert re.match(r'[A-Z]+(_[A-Z]+)*\Z', name) and one.name == name
    assert one.severity in (PROBLEM, NOTE)
    assert one.meaning.endswith('.') and one.fix.endswith('.') and one.where


@pytest.mark.parametrize('name', sorted(registry.CODES))
def test_each_command_of_ours_that_a_code_names_exists(name):
    one = registry.CODES[name]
    for words in [found for text in (one.where, one.fix) for found in re.findall(
            'calico-fuel ([\\w-]+(?: --[^;,"]*)?)', text)]:
        words = words.replace('TASK', 'compute').split()
        words += ['X'] * (words[0] in ('forget-node', 'explain'))

        assert arguments.parser().parse_args(words).run


def test_a_code_has_the_name_of_its_variable_and_no_other_has_it():
    variables = [key for module in (bgp, cluster, instance, node)
                 for key, one in vars(module).items() if hasattr(one, 'severity')]

    assert sorted(variables) == sorted(registry.CODES)
    for module in bgp, cluster, instance, node:
        for one in registry.of_module(module):
            assert getattr(module, one.name) is one


def test_every_code_is_used():
    used = set(named(one) for _, tree in trees() for one in ast.walk(tree)
               if isinstance(one, (ast.Name, ast.Attribute)))

    assert sorted(set(registry.CODES) - used) == []


def test_every_row_and_every_complaint_has_a_code():
    """Or takes that of a resource or of a kind of fault, in a variable."""
    made = 0
    for path, tree in trees():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and named(call.func) in MAKERS:
                made += 1
                first = call.args[0]
                names = [named(one) for one in (
                    (first.body, first.orelse) if isinstance(first, ast.IfExp)
                    else (first,))]
                assert set(names) <= set(registry.CODES) | {'code', 'sought'}, (
                    '{}:{}'.format(path, call.lineno))
    assert made > 50
