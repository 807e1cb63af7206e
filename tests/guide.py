"""The blocks of code in the guide's pages: what is run, and what that prints.

A comment on the line before a block says it:

    <!-- run: shell -->                   run in a shell in the checkout
    <!-- run: node-2 -->                  run on that node of the guide's lab
    <!-- run: begin -->, <!-- run: end -->   make that lab, and remove it: one page does
    <!-- run: node-2, exit status 1 -->   the same, and how it has to end
    <!-- output -->                       what the block before has to print
    <!-- not run: WHY -->

What is to happen and not to be seen stands in the comment itself, below "run: ...".
In an output "..." stands for any lines, and after other text for the rest of a line.
"""

from __future__ import unicode_literals

import glob
import io
import os
import re
from collections import namedtuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# "make pages" writes it, with what may follow each command.
GENERATED = ['docs/commands.md']
PAGES = sorted(set(
    os.path.relpath(path, ROOT) for pattern in ('README.md', 'docs/*.md', 'docs/*/*.md')
    for path in glob.glob(os.path.join(ROOT, pattern))) - set(GENERATED))
BLOCK = re.compile(
    r'(?m)^(?: *<!-- (?P<of_unseen>run: [^>\n]*)\n(?P<unseen>(?:.*\n)*?) *-->$'
    r'|(?: *<!-- (?P<mark>.*?) -->\n\n?)?'
    r'(?:(?P<fence> *)```.*\n(?P<fenced>(?:.*\n)*?)(?P=fence)```$'
    r'|(?P<indented> {4,}.*\n(?:\n* {4,}.*\n)*)))')
RUN = re.compile(r'run: ([a-z0-9-]+)(?:, exit status (\d+))?$')
OUTPUT, NOT_RUN = 'output', 'not run: '
# What differs from run to run, and how an output is compared.
VARYING = [(re.compile(pattern), text) for pattern, text in (
    (r'\d+(\.\d+)? (s|min|h)\b', 'N s'),
    (r' +N s', ' N s'),
    (r'\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?', 'TIME'),
    (r'\d\d:\d\d:\d\d(\.\d+)?', 'TIME'),
    (r'\d{8}T\d{6}Z', 'TIME'),
    (r'Python \d[.\d]*', 'Python N'),
    (r'BIRD \d[.\d]*', 'BIRD N'))]


class Block(namedtuple('Block', 'page line mark text at indent')):
    """``at``: where ``text`` begins and ends in the page; ``mark``: None without."""

    @property
    def where(self):
        return '{0.page}:{0.line}'.format(self)


class Step(namedtuple('Step', 'place status block output')):
    """A Block that is run; ``output`` is the number of the one it prints, or None."""


def read(page):
    with io.open(os.path.join(ROOT, page), encoding='utf-8') as stream:
        return stream.read()


def blocks(page, text=None):
    """All Blocks of code of a *page*, or of its *text*, in their order."""
    text = read(page) if text is None else text
    found = []
    for match in BLOCK.finditer(text):
        group, = [name for name in ('unseen', 'fenced', 'indented')
                  if match.group(name) is not None]
        lines = match.group(group).splitlines()
        indent = len(match.group('fence') or '') if group == 'fenced' else min(
            [len(line) - len(line.lstrip()) for line in lines if line.strip()])
        found.append(Block(
            page, text.count('\n', 0, match.start(group)) + 1,
            match.group('of_unseen') or match.group('mark'),
            ''.join(line[indent:] + '\n' for line in lines), match.span(group), indent))
    return found


def steps(page):
    """The Steps of a *page*, in their order."""
    found = blocks(page)
    return [Step(run.group(1), int(run.group(2) or 0), block, number + 1 if (
                found[number + 1:] and found[number + 1].mark == OUTPUT) else None)
            for number, block in enumerate(found)
            for run in [RUN.match(block.mark or '')] if run]


def prints(said, shown):
    """Whether *said* is what an output *shown* stands for."""
    pattern = ''.join(
        '(?:.*\n)*?' if line == '...' else re.sub(
            r'\\\.\\\.\\\.$', '.*', re.escape(line)) + '\n'
        for line in _without_varying(shown).splitlines())
    return bool(re.match('(?:{})\\Z'.format(pattern), _without_varying(said)))


def _without_varying(text):
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return ''.join(line.rstrip() + '\n' for line in text.strip('\n').splitlines())


def show(page, number, said):
    """Replace the text of the block *number* of a *page* by *said*."""
    text, block = read(page), blocks(page)[number]
    lines = ''.join((' ' * block.indent + line).rstrip() + '\n'
                    for line in said.strip('\n').splitlines())
    with io.open(os.path.join(ROOT, page), 'w', encoding='utf-8') as stream:
        stream.write(text[:block.at[0]] + lines + text[block.at[1]:])
