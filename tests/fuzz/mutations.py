"""A tree of values or a text -> a hostile one."""

from __future__ import unicode_literals

import copy
import json
import re

# What no line of any output may begin with.
FORGED = 'FORGED'
PAIR = re.compile(r'\\ud([89ab]..)\\ud([c-f]..)')


class Raw(object):
    """A scalar that is written as it stands."""

    def __init__(self, text):
        self.text = text


INJECTIONS = (
    '\n', '\r', '"', "'", ';', '`', '\\', '\t', '\x00', '\x7f', '\x85', '\u2028',
    '\nFORGED: good', '\r\nFORGED', '"\nFORGED="x', '\u2028FORGED', '\x0bFORGED',
    '"; }\nprotocol static FORGED { route 0.0.0.0/0 blackhole; }\n#', '*/', '#', '//',
    '$(touch FORGED)', '`touch FORGED`', '; touch FORGED', '| touch FORGED', '&', '%s',
    '{{ 7 * 7 }}', '{% include "x" %}', '{0.__class__}', '{}', '%n', '${x}', '%{x}',
    '\x1b]0;owned\x07', '\x1b[2J', '\x9b31m', '\u202egnp', '\u2066', '\ufeff', '\ufffd',
    '/../../etc/passwd', '../x', ' ', '  ', ',', ':', '=', '-', '--force', '@', '\xe4',
    '\u0663', '\U0001f600', 'x' * 300, 'x' * 20000, '9' * 400)
SCALARS = INJECTIONS + (
    '', '0', '-1', '1', '7', '64512', '4294967296', '18446744073709551616', '1e3',
    '0x1F', '\u0661\u0669\u0662.\u0660.\u0662.\u0661', '192.0.2.\u0661\u0661',
    '\uff11', '10.65.0.0/\u0662\u0664', '\xb2', '192.0.2.011', '0300.0.2.1',
    '192.0.2.11 ', '192.0.2.11', '192.0.2.12', '192.0.2.2', '198.51.100.2',
    '0.0.0.0', '127.0.0.1', '255.255.255.255', '224.0.0.5', '169.254.169.254',
    '203.0.113.9', '::1', '::', '2001:db8::1', '::ffff:192.0.2.11', 'fe80::1%eth0',
    '192.0.2.11/32', '192.0.2.0/24', '0.0.0.0/0', '0.0.0.0/1', '203.0.113.0/24',
    '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/255.255.255.0', '10.65.0.0/16',
    '192.0.2.0/24/24', '/', '//', '198.51.100.70:198.51.100.80',
    '198.51.100.80:198.51.100.70', ':', '0.0.0.0:255.255.255.255', 'node-1',
    'node-2', 'NODE-2', 'node-2.example.com', '..', '.', 'compute', 'controller',
    'primary-controller', 'calico-rr', 'calico-etcd', 'vlan', 'gre', 'ovs', 'lnx',
    'dpdkovs', 'br-mgmt', 'management', 'mgmt/vip', 'none', 'None', 'null', 'true',
    'yes', 'liberty-8.0', '9.2', '6.1', '2014.2.2-6.1')
RAW = tuple(map(Raw, (
    '2015-06-19', '2015-06-19 01:02:03', '2015-13-45', '!!binary aGVsbG8=', '0x1F',
    '010', '1_000', '1:30', '.inf', '.nan', '~', '=', '1e3', '12345678901234567890',
    'yes', 'No', '!ruby/sym symbol', '!ruby/object:Hashie::Mash {a: 1}',
    '!!python/name:os.system', '!!python/object/apply:os.system [touch FORGED]',
    '&a [1, 2]', '*a', '!!set {a, b}', '!!str 5', '!!int x', '!!float 1', '!!null x',
    '!!bool x', '"\\x1b[2J"', '{? [1] : 2}', "'a ''b'''", '|\n   a\n   FORGED',
    '>-\n   a\n   b', '- a', '')))
ODD = (None, True, False, 0, 5, -1, 1.5, 10 ** 30, [], {}, [None], [[]], [{}], {'': ''},
       {'a': 1}, {'value': True}, ['192.0.2.11'], ['a', 'b'], {'uid': '1'},
       {'nodes': []}, [[[[[[[]]]]]]])
# Other shapes of the same digits, as int() and \d take them.
DIGITS = ('\u0660', '\u06f0', '\uff10')


def mutate(dice, tree, is_movable=lambda path: True):
    """Change *tree*, a mapping, at one place.

    *is_movable* says of a path, a tuple of keys, whether its value may get elsewhere.
    """
    path = _place(dice, tree)
    if path:
        container, key = _at(tree, path[:-1]), path[-1]
        dice.pick(CHANGES)(dice, container, key, tree, path, is_movable)


def _place(dice, tree):
    """The path of a value, any level as likely as the others."""
    path, value = (), tree
    while isinstance(value, (dict, list)) and value:
        key = dice.pick(sorted(value) if isinstance(value, dict) else range(len(value)))
        path, value = path + (key,), value[key]
        if dice.hits(20):
            break
    return path


def _at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def _set_text(dice, container, key, *_):
    container[key] = dice.pick(SCALARS)


def _set_odd(dice, container, key, *_):
    container[key] = copy.deepcopy(dice.pick(ODD + RAW))


def _inject(dice, container, key, *_):
    if isinstance(container[key], type('')):
        text, place = container[key], dice.below(len(container[key]) + 1)
        container[key] = text[:place] + dice.pick(INJECTIONS) + text[place:]


def _change_digits(dice, container, key, *_):
    if isinstance(container[key], type('')):
        first = ord(dice.pick(DIGITS))
        container[key] = re.sub('[0-9]', lambda found: '\\u{:04x}'.format(
            first + int(found.group())).encode('ascii').decode('unicode_escape'),
            container[key], dice.below(3))


def _delete(dice, container, key, *_):
    del container[key]


def _rename(dice, container, key, *_):
    if isinstance(container, dict):
        container[dice.pick((key + dice.pick(INJECTIONS), dice.pick(SCALARS)))] = (
            container.pop(key))


def _double(dice, container, key, *_):
    if isinstance(container, list):
        container.insert(key, copy.deepcopy(container[key]))
    else:
        container[key] = [container[key]]


def _move(dice, container, key, tree, path, is_movable):
    """Put a copy of what is at *path* where something else is."""
    other = _place(dice, tree)
    if is_movable(path) and other:
        _at(tree, other[:-1])[other[-1]] = copy.deepcopy(container[key])


CHANGES = (_set_text, _set_text, _set_odd, _inject, _inject, _change_digits, _delete,
           _rename, _double, _move)


def yaml_text(value, indent=''):
    """*value* as YAML in block style, as Fuel writes it."""
    if isinstance(value, dict) and value:
        return ''.join('{}{}:{}'.format(
            indent, _scalar(key), _below(value[key], indent)) for key in sorted(value))
    if isinstance(value, list) and value:
        return ''.join('{}-{}'.format(indent, _below(each, indent)) for each in value)
    return indent + _scalar(value) + '\n'


def _below(value, indent):
    if isinstance(value, (dict, list)) and value:
        return '\n' + yaml_text(value, indent + '  ')
    return ' ' + _scalar(value) + '\n'


def _scalar(value):
    if isinstance(value, Raw):
        return value.text
    # YAML has no pairs of surrogates.
    return '{}'.format(PAIR.sub(lambda pair: '\\U{:08x}'.format(
        0x10000 + ((int('d' + pair.group(1), 16) & 0x3ff) << 10)
        + (int('d' + pair.group(2), 16) & 0x3ff)), json.dumps(value)))


def damaged(dice, text):
    """The bytes of *text*, changed at one place without regard to what it means."""
    content = text.encode('utf-8')
    place, length = dice.below(len(content)), 1 + dice.below(30)
    lines = content.split(b'\n')
    line = dice.below(len(lines))
    kind = dice.below(7)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + content[place + length:]
    if kind == 2:
        return content[:place] + dice.pick((
            b'\xff', b'\xc3', b'\x00', b'\x1b[2J', b'\xed\xa0\x80', b'\t', b'"', b'\n',
            b'{', b'[', b'*', b'&x ', b'!', b'%', b'@', b'- ', b'? ', b': ', b'#', b'|',
            b'\xe2\x80\xa8', b'\xc2\x85', b'\nFORGED\n', b'---\n', b'...\n')) + content[
                place:]
    if kind == 3:
        lines[line:line] = [lines[dice.below(len(lines))]]
    elif kind == 4:
        lines[line] = dice.pick((b' ', b'  ', b'\t')) + lines[line]
    elif kind == 5:
        lines[line] = lines[line][dice.pick((1, 2, 4)):]
    else:
        del lines[line]
    return b'\n'.join(lines)
