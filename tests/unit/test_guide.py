"""The guide is what is run: each block of commands says where, or why it is not."""

from __future__ import unicode_literals

import re
import shlex

import pytest

from calico_fuel.cli import arguments
from calico_fuel_master import program
from tests import guide

OURS = re.compile(
    r'(calico-fuel|calico-fuel-master|fuel2 calico|make|tools/\w\S*) (.*)')
TARGETS = re.findall('(?m)^([a-z-]+):', guide.read('Makefile'))
OTHER_MARKS = 'tried: ', guide.NOT_RUN
PARSERS = {'calico-fuel': arguments.parser, 'calico-fuel-master': program.parser,
           'fuel2 calico': program.parser}
PAGE = '''
<!-- run: node-2, exit status 1 -->
```
one
```
<!-- output -->
```
begin
...
end
```

1. A step:

   <!-- not run: why -->

       two

<!-- run: shell
three
-->
'''


def commands(block):
    """The commands of ours in a Block: pairs of the program and its arguments."""
    return [match.groups() for match in map(OURS.match, block.text.splitlines())
            if match and block.mark != guide.OUTPUT]


@pytest.mark.parametrize('page', guide.PAGES)
def test_each_block_with_our_commands_is_run_or_says_why_not(page):
    lacking = [block.where for block in guide.blocks(page) if commands(block)
               and not re.match('run: |' + guide.NOT_RUN, block.mark or '')]

    assert lacking == [], 'write <!-- run: node-2 --> or <!-- not run: WHY --> above'


@pytest.mark.parametrize('page', guide.PAGES)
def test_each_mark_is_understood_and_stands_at_a_block(page):
    blocks = guide.blocks(page)
    wrong = [block.where for block in blocks if block.mark and not (
        block.mark == guide.OUTPUT or guide.RUN.match(block.mark)
        or block.mark.startswith(OTHER_MARKS))]
    outputs = [after.where for before, after in zip(blocks, blocks[1:])
               if after.mark == guide.OUTPUT and not guide.RUN.match(before.mark or '')]
    marks = re.findall('(?m)^ *<!-- (?:run|output|not run)', guide.read(page))

    assert wrong == outputs == []
    assert len(marks) == len([block for block in blocks if block.mark and re.match(
        'run|output|not run', block.mark)])


@pytest.mark.parametrize('page', guide.PAGES)
def test_each_command_of_a_block_is_one_that_the_program_takes(page, capsys):
    for block in guide.blocks(page):
        for name, words in commands(block):
            if name == 'make':
                assert words.split()[0] in TARGETS, block.where
            elif name in PARSERS:
                try:
                    PARSERS[name]().parse_args(shlex.split(words, comments=True))
                except SystemExit as error:
                    assert error.code == 0, '{}: {} {}: {}'.format(
                        block.where, name, words, capsys.readouterr().err)


def test_a_page_has_its_blocks_with_their_marks_and_lines():
    found = guide.blocks('page', PAGE)

    assert [(block.line, block.mark, block.text) for block in found] == [
        (4, 'run: node-2, exit status 1', 'one\n'),
        (8, 'output', 'begin\n...\nend\n'),
        (17, 'not run: why', 'two\n'), (20, 'run: shell', 'three\n')]


@pytest.mark.parametrize('said, is_as_shown', [
    ('begin\n1\n2\nend\n', True), ('begin\nend', True), ('begin\n1\n', False),
    ('1\nbegin\nend\n', False), ('begin\nend\n3\n', False)])
def test_three_dots_stand_for_any_lines_and_for_nothing_else(said, is_as_shown):
    assert guide.prints(said, guide.blocks('page', PAGE)[1].text) == is_as_shown


@pytest.mark.parametrize('said, shown, is_as_shown', [
    ('up since 12:30:01  4 min', 'up since 09:00:59  10 s', True),
    ('in 2.5 s', 'in 2.5 packets', False), ('3 sessions', '2 sessions', False),
    ('2 routes | age=4', '2 routes | ...', True),
    ('2 routes | age=4', '... | age=4', False)])
def test_only_times_versions_and_the_rest_of_a_line_may_differ(
        said, shown, is_as_shown):
    assert guide.prints(said, shown) == is_as_shown


def test_an_output_is_replaced_in_its_block_alone(tmpdir, monkeypatch):
    monkeypatch.setattr(guide, 'ROOT', str(tmpdir))
    tmpdir.join('page').write(PAGE.encode('utf-8'), 'wb')

    guide.show('page', 1, 'new\n\n  lines\n')

    assert guide.read('page') == PAGE.replace('begin\n...\nend', 'new\n\n  lines')
