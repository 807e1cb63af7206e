"""docs/test-plan.md, from the docstrings of the tests that have a ``plan`` mark.

The first paragraph of such a docstring says what is expected, the one that begins with
"Steps:" what is done.  A test that is a story has its cases in ``with case(...)``.
"""

import ast
import re
from collections import namedtuple
from pathlib import Path

from calico_fuel import __version__
from tools.pages.command_line import sentence
from tools.pages.plan_chapters import CHAPTERS

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / 'tests'
HEAD = '''\
# Test plan

This page says what is done before a release, and what is expected.
[testing.md](testing.md) has the results.

- **What is tested:** calico-fuel-plugin {} on Fuel 6.1, 7.0, 8.0, 9.0, 9.1 and 9.2,
  installed as [install.md](install.md) says.
- **Where:** whole environments in the [lab](lab.md), on one machine with Debian 12 or
  Ubuntu, as root. [testing.md](testing.md) says what stands in for the real thing.
- **How:** `make test-plan FUEL=7.0` runs the cases of `tests/plan`, and writes a report
  with the same names. `PARTS=live tools/test` runs those of `tests/live`. Each case
  names the test that runs it.
- **Passed:** each case gives what is expected. A case that needs a real Felix is
  reported as not run.
- **No packet is lost** means: of a ping at 20 Hz between two instances, from before
  the first step until all sessions are back. An open TCP connection, datagrams and
  short connections run beside it.

`make pages` writes this page from the tests.
'''
PERFORMANCE = '''
## Performance

A figure depends on the machine, so no case fails for one. Each of these measures
against a control on the same machine.

| Command | What it measures | Results |
|---|---|---|
'''
PARTS = '''
## Single parts, with real daemons

`PARTS=live tools/test` runs these files too. The name of each test in them says what is
expected.

| File | What is tried |
|---|---|
'''
# Command, the program's file, where results are.
MEASURED = (
    ('make bench-render', 'lab/measure/render.py', '[performance.md](performance.md)'),
    ('make bench-deployments', 'lab/measure/deployments.py',
     '[performance.md](performance.md)'),
    ('make bench-sessions', 'lab/measure/scale.py', '-'),
    ('make bench-reflector', 'lab/measure/reflector.py',
     '[performance.md](performance.md#route-reflector)'),
    ('make bench-convergence', 'lab/measure/convergence.py',
     '[performance.md](performance.md#route-reflector)'),
    ('make bench-status', 'lab/measure/statuses.py',
     '[watch.md](watch.md)'),
    ('make measure-restarts', 'lab/measure/restarts.py', '[restarts.md](restarts.md)'),
)


class Case(namedtuple('Case', 'name expected steps test')):
    """A case: its name, two texts, and what pytest calls its test."""


def page():
    """The text of the page."""
    parts = [HEAD.format(__version__)] + [_chapter(*chapter) for chapter in CHAPTERS]
    parts.append(PERFORMANCE)
    parts += ['| `{}` | {} | {} |\n'.format(
        command, sentence(_subject(ROOT / path).rpartition(': ')[2]), results)
        for command, path, results in MEASURED]
    parts.append(PARTS)
    parts += ['| `{}` | {} |\n'.format(path.relative_to(ROOT), _subject(path))
              for path in sorted((TESTS / 'live').rglob('test_*.py'))]
    return ''.join(parts)


def cases(path):
    """The Cases of a file of tests, in its order."""
    found = []
    for parent in ast.walk(_tree(path)):
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, ast.FunctionDef):
                prefix = parent.name + '::' if isinstance(parent, ast.ClassDef) else ''
                test = '{}::{}{}'.format(path.relative_to(ROOT), prefix, node.name)
                found += [(node.lineno, Case(name, *_texts(node), test))
                          for name in _marks(node)]
                found += [(call.lineno, Case(*_constants(call), '', test))
                          for call in ast.walk(node) if _is_call(call, 'case')]
    return [case for _, case in sorted(found)]


def _tree(path):
    return ast.parse(path.read_text(encoding='utf-8'))


def _is_call(node, name):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name


def _constants(call):
    return [argument.value for argument in call.args]


def _marks(function):
    """The names of the cases that a test is marked with."""
    return [name for call in function.decorator_list
            if _is_call(call, 'pytest.mark.plan') for name in _constants(call)]


def _texts(function):
    """What is expected, and the steps."""
    expected, _, steps = (ast.get_docstring(function) or '').partition('\n\nSteps: ')
    return ' '.join(expected.split()), ' '.join(steps.split())


def _chapter(title, text, names):
    parts = ['\n## {}\n'.format(title), text and '\n{}\n'.format(text)]
    environment = ''
    for path in [TESTS / name for name in names]:
        before, story = None, None
        if _environment(path) != environment:
            environment = _environment(path)
            parts.append('\nEnvironment: {}\n'.format(environment))
        for case in cases(path):
            if case.steps:
                parts += [case.name != before and '\n### {}\n'.format(case.name) or '',
                          _block(case)]
            else:
                parts += [case.test != story and _story(path, case) or '',
                          '| {} | {} |\n'.format(case.name, case.expected)]
            before, story = case.name, case.test
    return ''.join(parts)


def _environment(path):
    """What the fixture "lab" of a file, or of its folder, says of it."""
    for place in path, path.with_name('conftest.py'):
        for node in _tree(place).body:
            if isinstance(node, ast.FunctionDef) and node.name == 'lab':
                return ' '.join(ast.get_docstring(node).split())
    return ''


def _block(case):
    return '\n{}\nExpected: {}\n\nTest: `{}`\n'.format(
        ''.join('1. {}\n'.format(step) for step in re.split(r'(?<=\.) ', case.steps)),
        case.expected, case.test)


def _story(path, case):
    """The head of a table of cases, each of which begins as the one before ended."""
    function, = [node for node in _tree(path).body
                 if getattr(node, 'name', '') == case.test.rpartition('::')[2]]
    return '\n{}\n\nTest: `{}`\n\n| Step | Expected |\n|---|---|\n'.format(
        ' '.join(ast.get_docstring(function).split()), case.test)


def _subject(path):
    """The first paragraph of what a program says of itself."""
    text = ast.get_docstring(_tree(path)).partition('\n\n')[0]
    return ' '.join(text.replace('``', '`').split()).rstrip('.')
