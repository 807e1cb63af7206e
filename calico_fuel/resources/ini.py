"""Options in the text of ini files, line by line: text -> text.

Comments, order, other options and line ends stay as they are.  ConfigParser does not
keep them, and rejects the repeated options that oslo.config allows.  Only ``\\n`` ends
a line.  A text without sections (qemu.conf, a shell's file of variables) has all its
options in the section ''.  There is no blank around the ``=``: a shell allows none.

In a text with sections, indented lines continue a value, as in oslo.config.  In one
without sections, the lines of a list up to its ``]`` do, as in libvirt.  A comment or
another option before that ``]`` is an error for libvirt; this module then takes the
first line as the whole value, and keeps the others.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

# The characters that are blank within a line, on both Pythons.
BLANKS = ' \t\r'
HEADER = re.compile(r'\[(.+)\][ \t\r]*$')
OPTION = re.compile(r'((?:export )?[^ \t\r#;\[=]+)[ \t]*=')
STRING = re.compile(r'"[^"]*"|\'[^\']*\'')


class _Block(namedtuple('_Block', 'section is_header option lines')):
    """An option with its continuation lines, or (option None) any other line."""


def with_options(text, options):
    """*text* with every (section, option, value); the value None removes one."""
    for section, option, value in options:
        text = with_option(text, section, option, value)
    return text


def with_option(text, section, option, value):
    """*text* in which *option* of *section* has *value* exactly once.

    None removes the option.  The lines that continue an old value are removed, too.
    A text that is already as wanted is returned unchanged.
    """
    blocks = _blocks(text)
    found = [i for i, block in enumerate(blocks)
             if (block.section, block.option) == (section, option)]
    if value is None:
        wanted = []
    else:
        wanted = [_Block(section, False, option, ['{}={}'.format(option, value)])]
        if len(found) == 1 and _value(blocks[found[0]]) == value:
            return text
    if found:
        at = found[0]
        blocks = [b for i, b in enumerate(blocks) if i not in found]
    elif value is None:
        return text
    else:
        at = _place_in(blocks, section)
        if at is None:
            at = _end(blocks)
            wanted.insert(0, _Block(section, True, None, ['[{}]'.format(section)]))
    blocks[at:at] = wanted
    return _text(blocks)


def listed(options):
    """A line for each (section, option, value), without a value of None."""
    return ''.join('[{}] {}{}\n'.format(
        section, option, '' if value is None else ' = ' + value)
        for section, option, value in options)


def value_of(text, section, option):
    """The value that counts: the last one; None where the option is not set."""
    values = [_value(block) for block in _blocks(text)
              if (block.section, block.option) == (section, option)]
    return values[-1] if values else None


def _place_in(blocks, section):
    """Where an option of *section* can stand, or None without that section.

    Stray indented lines stay before it: they would continue the new option's value.
    """
    headers = [i for i, block in enumerate(blocks) if block.is_header]
    if not section:
        return headers[0] if headers else _end(blocks)
    at = next((i + 1 for i in headers if blocks[i].section == section), None)
    while at is not None and at < len(blocks) and _is_indented(blocks[at].lines[0]):
        at += 1
    return at


def _end(blocks):
    """Where a last line can stand: before the empty text behind the last ``\\n``."""
    return len(blocks) - (blocks[-1].lines == [''])


def _text(blocks):
    return '\n'.join(line for block in blocks for line in block.lines)


def _value(block):
    return ' '.join(line.strip(BLANKS) for line in block.lines).partition(
        '=')[2].strip(BLANKS)


def _blocks(text):
    lines = text.split('\n')
    has_sections = any(HEADER.match(line) for line in lines)
    continuation = _indented if has_sections else _list
    blocks, section, at = [], '', 0
    while at < len(lines):
        header = HEADER.match(lines[at])
        # Elsewhere than in oslo.config an option may be indented.
        option = OPTION.match(lines[at] if has_sections else lines[at].lstrip(BLANKS))
        section = header.group(1).strip(BLANKS) if header else section
        end = at + 1 + (continuation(lines[at:]) if option else 0)
        blocks.append(_Block(
            section, bool(header), option and option.group(1), lines[at:end]))
        at = end
    return blocks


def _is_indented(line):
    return line.startswith((' ', '\t')) and line.strip(BLANKS) != ''


def _indented(lines):
    """How many lines continue the value of the first one."""
    return next((number for number, line in enumerate(lines[1:])
                 if not _is_indented(line)), len(lines) - 1)


def _list(lines):
    """How many lines the list has that begins in the first one, besides that."""
    if not _value(_Block('', False, None, lines[:1])).startswith('['):
        return 0
    for number, line in enumerate(lines):
        bare = STRING.sub('', line).lstrip(BLANKS)
        items, comment, _ = bare.partition('#')
        if number and OPTION.match(items):
            break
        if ']' in items:
            return number
        if comment:
            break
    return 0
