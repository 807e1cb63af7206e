"""Options in the text of ini files, line by line: text -> text.

Comments, order and foreign options stay as they are, which ConfigParser would
not do, and it refuses the repeated options that oslo.config allows.  A text
without sections (qemu.conf, a shell's file of variables) has all its options
in the section ''.  No blank stands around the ``=``: a shell allows none.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple


class _Block(namedtuple('_Block', 'section option lines')):
    """An option with its continuation lines, or (option None) any other line."""

    __slots__ = ()


def with_options(text, options):
    """*text* with every (section, option, value); a value of None takes it out."""
    for section, option, value in options:
        text = with_option(text, section, option, value)
    return text


def with_option(text, section, option, value):
    """*text* in which *option* of *section* has *value* exactly once.

    None takes the option out.  The lines that continue an old value go with
    it.  A text that says so already is returned as it is.
    """
    blocks = list(_blocks(text))
    found = [i for i, block in enumerate(blocks)
             if (block.section, block.option) == (section, option)]
    if value is None:
        wanted = []
    else:
        wanted = [_Block(section, option, ['{}={}'.format(option, value)])]
        if len(found) == 1 and _value(blocks[found[0]]) == value:
            return text
    if found:
        at = found[0]
        blocks = [b for i, b in enumerate(blocks) if i not in found]
    elif value is None:
        return text
    else:
        at = _place_in(blocks, section)
        if at is None and section:
            wanted.insert(0, _Block(section, None, ['[{}]'.format(section)]))
        at = len(blocks) if at is None else at
    blocks[at:at] = wanted
    return ''.join(line + '\n' for block in blocks for line in block.lines)


def has_section(text, section):
    return any(block.section == section for block in _blocks(text))


def without_empty_section(text, section):
    """*text* without the header of *section* where nothing stands below it."""
    blocks = [block for block in _blocks(text) if block.section == section]
    if len(blocks) != 1:
        return text
    return ''.join(line + '\n' for block in _blocks(text) if block != blocks[0]
                   for line in block.lines)


def _place_in(blocks, section):
    """Where an option of *section* can stand, or None without that section.

    Behind stray indented lines too: they would go on the new option's value.
    """
    at = next((i + 1 for i, block in enumerate(blocks)
               if block.lines[0].startswith('[') and block.section == section), None)
    while at is not None and at < len(blocks) and _is_indented(blocks[at].lines[0]):
        at += 1
    return at


def _is_indented(line):
    return line[:1].isspace() and line.strip() != ''


def value_of(text, section, option):
    """The value that counts: the last one; None where the option is not set."""
    values = [_value(block) for block in _blocks(text)
              if (block.section, block.option) == (section, option)]
    return values[-1] if values else None


def _value(block):
    return ' '.join(line.strip() for line in block.lines).partition('=')[2].strip()


def _blocks(text):
    section, block = '', _Block('', None, [])
    for line in text.splitlines():
        if block.option and _goes_on(block, line):
            block.lines.append(line)
            continue
        if block.lines:
            yield block
        header = re.match(r'\[([^\]]+)\]\s*$', line)
        option = re.match(r'((?:export )?[^\s#;\[=]+)\s*=', line)
        section = header.group(1).strip() if header else section
        block = _Block(section, option and option.group(1), [line])
    if block.lines:
        yield block


def _goes_on(block, line):
    """Indented, or before the end of a list in brackets (qemu.conf)."""
    value = _value(block)
    return (_is_indented(line)
            or value.startswith('[') and not value.endswith(']'))
