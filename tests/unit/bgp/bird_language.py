"""What a rendered bird.conf says about routes, read without BIRD and without our model.

It knows the part of BIRD's language that the templates use; any other word is an error.
BIRD itself checks it: tests/live/test_policy.
"""

from __future__ import unicode_literals

import fnmatch
import re

from calico_fuel.addresses import parse_prefix

WORD = re.compile(r'#.*|("[^"]*"|[\w.:/+-]+|&&|\|\||!=|[^\s])')
# The terms of an expression, and the same in Python.
TERM = re.compile('|'.join((
    r'(?P<call>\w+) \( \)', r'~ (?P<pattern>"[^"]*")', r'~ (?P<set>\w+)',
    r'(?P<length>\w+)\.len\b', r'(?P<prefix>[\d.]+/\d+)', r'(?P<constant>RT[SD]_\w+)',
    r'(?P<empty>-+empty-+)', r'(?P<text>"[^"]*")', r'(?P<number>\d+)',
    r'(?P<boolean>true|false)', r'(?P<defined>defined) \(', r'(?P<attribute>\w+)',
    r'(?P<both>&&)', r'(?P<either>\|\|)', r'(?P<different>!=)', r'(?P<no>!)',
    r'(?P<same>=)')))
PYTHON = {
    'call': '{}(route)', 'pattern': 'in Pattern({})', 'set': 'in {}',
    'length': 'length(route.{})', 'prefix': 'prefix("{}")', 'constant': '"{}"',
    'empty': 'None', 'text': '{}', 'number': '{}', 'boolean': '"{}" == "true"',
    'defined': '{}(', 'attribute': 'getattr(route, "{}")', 'both': 'and',
    'either': 'or', 'different': '!=', 'no': 'not', 'same': '=='}


class Route(object):
    """A route as filters see it; an attribute that it does not have is None."""

    net = ifname = source = proto = dest = krt_prefsrc = None
    bgp_next_hop = bgp_originator_id = bgp_local_pref = bgp_med = preference = None
    bgp_community = bgp_ext_community = bgp_large_community = None
    bgp_path = ()

    def __init__(self, **attributes):
        vars(self).update(attributes, **{str('from'): attributes.get('sender')})


class Prefixes(list):
    """A set of prefixes, each with all that lie in it (``+``)."""

    def __contains__(self, prefix):
        return any(one.covers(prefix) for one in self)


class Pattern(object):
    """A name of an interface or a protocol, with wildcards."""

    def __init__(self, text):
        self.text = text

    def __contains__(self, name):
        return name is not None and fnmatch.fnmatchcase(name, self.text)


class Config(object):
    """A bird.conf: ``address`` is the router ID; ``protocols`` maps names to blocks."""

    def __init__(self, text):
        self._known = {
            'Pattern': Pattern, 'prefix': parse_prefix, 'length': _length,
            'defined': lambda value: value is not None}
        self.protocols = {}
        for words, block in _block(iter(
                word for word in WORD.findall(text) if word)):
            if words[0] == 'define':
                assert all(one.endswith('+') for one in words[4:-1:2]), words
                self._known[words[1]] = Prefixes(
                    parse_prefix(one[:-1]) for one in words[4:-1:2])
            elif words[0] in ('function', 'filter'):
                self._define(words[1], block)
            elif words[0] == 'protocol':
                self.protocols[words[-1]] = list(_options(block))
            elif words[:2] == ['router', 'id']:
                self.address = words[2]

    def option(self, protocol, *start):
        """The words that follow *start* in the block of a protocol; None if none do."""
        return next((words[len(start):] for words, _ in self.protocols[protocol]
                     if tuple(words[:len(start)]) == start), None)

    def passes(self, protocol, direction, route):
        """Whether a protocol imports or exports a Route, which its filter changes."""
        [(words, block)] = [
            one for one in self.protocols[protocol] if one[0][0] == direction
            and one[0][1] in ('filter', 'where', 'all', 'none')]
        if words[1] == 'where':
            block = [(['return'] + words[2:], None)]
        elif len(words) == 3:
            return self._known[words[2]](route)
        elif block is None:
            return words[1] == 'all'
        return self._define('of_protocol', block)(route)

    def _define(self, name, block):
        exec('def {}(route):\n{}'.format(name, '\n'.join(_python(block, ' '))),
             self._known)
        return self._known[name]


def _length(value):
    """Of a Prefix in bits, of an AS path or communities in numbers; 0 of none."""
    return value.length if hasattr(value, 'length') else len(value or ())


def _block(words):
    """Pairs of the words of a statement and the block that ends it, or None."""
    found, statement = [], []
    for word in words:
        if word == '}':
            break
        if word in ('{', ';'):
            block = _block(words) if word == '{' else None
            if statement:
                found.append((statement, block))
            statement = []
        else:
            statement.append(word)
    return found


def _options(block):
    """The statements of a protocol; BIRD 2 has some of them in a channel."""
    for words, inside in block:
        for one in (inside or ()) if words == ['ipv4'] else [(words, inside)]:
            yield one


def _python(block, indent):
    """Lines of Python that do the same as statements of a filter."""
    for words, inside in block:
        if words[0] == 'if':
            then = words.index('then')
            yield '{}if {}:'.format(indent, _expression(words[1:then]))
            for line in _python(inside or [(words[then + 1:], None)], indent + ' '):
                yield line
        elif words[0] in ('accept', 'reject'):
            yield '{}return {}'.format(indent, words[0] == 'accept')
        elif words[0] == 'return':
            yield '{}return {}'.format(indent, _expression(words[1:]))
        elif words[1] == '=':
            yield '{}route.{} = {}'.format(indent, words[0], _expression(words[2:]))
        else:
            yield indent + _expression(words)


def _expression(words):
    return TERM.sub(_term, ' '.join(words))


def _term(found):
    """One term of BIRD's as Python."""
    return PYTHON[found.lastgroup].format(found.group(found.lastgroup))
