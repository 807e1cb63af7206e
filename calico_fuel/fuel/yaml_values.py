"""Text of YAML -> mappings, lists and texts, and lookups in them.

The only user of yaml.
"""

from __future__ import unicode_literals

import yaml

from calico_fuel.checks import one_line
from calico_fuel.errors import AS_FUEL_WROTE_IT, MetadataError


class _Loader(getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
    """A safe loader (libyaml's if installed) of texts, booleans and nulls.

    Any other scalar is the text that was written, a number and a key too.  A Ruby
    object or symbol is the plain value that it carries.
    """

    def construct_any(self, node):
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return {'{}'.format(key): value for key, value in
                self.construct_mapping(node, deep=True).items()}


_Loader.yaml_constructors = {
    tag: yaml.SafeLoader.yaml_constructors[tag]
    for tag in ('tag:yaml.org,2002:bool', 'tag:yaml.org,2002:null')}
_Loader.add_constructor(None, _Loader.construct_any)


def load(text, source):
    """The mapping in *text*; MetadataError if it is no valid YAML mapping."""
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, 'problem_mark', None)
        raise MetadataError(
            source, 'line {}'.format(mark.line + 1) if mark else 'file',
            'is not YAML ({})'.format(
                getattr(error, 'problem', None) or 'unreadable characters'),
            AS_FUEL_WROTE_IT)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError,
            TypeError, ValueError) as error:
        raise MetadataError(
            source, 'file', 'has a value that YAML cannot represent ({})'.format(
                type(error).__name__), AS_FUEL_WROTE_IT)
    if not isinstance(data, dict):
        raise MetadataError(
            source, 'file', 'is not a mapping of keys to values', AS_FUEL_WROTE_IT)
    return data


def at(value, *keys):
    """What *value* has below these *keys*, None if nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def mapping(value, *keys):
    """The mapping there, an empty one if there is none."""
    found = at(value, *keys)
    return found if isinstance(found, dict) else {}


def entries(value, *keys):
    """The mappings in the list there; whatever else is in it counts as empty."""
    found = at(value, *keys)
    return [mapping(entry) for entry in found] if isinstance(found, list) else []


def text(value, *keys):
    """The text there as one line, '' if there is none."""
    found = at(value, *keys)
    return one_line(found) if isinstance(found, type('')) else ''


def shown(value):
    """*value* for a message: a text, the name of another type, '' for none."""
    return text(value) if value is None or isinstance(value, type('')) else (
        type(value).__name__)


def texts(value, *keys):
    """The texts in the list there but empty ones; one alone counts as a list."""
    found = at(value, *keys)
    return [text(each) for each in (found if isinstance(found, list) else [found])
            if text(each)]
