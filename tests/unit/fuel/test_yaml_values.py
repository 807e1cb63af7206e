"""Whatever YAML Fuel writes is read, and what is none is told."""

from __future__ import unicode_literals

import json

import pytest
import yaml
from hypothesis import given, strategies as st

from calico_fuel.errors import CalicoFuelError, MetadataError
from calico_fuel.fuel.metadata import parse_environment
from tests.unit.builders import changed, environment, error_of


RUBY = '''
odd: !ruby/object:Hashie::Mash
  inner: !ruby/sym symbol
list: !ruby/array:Special [1, !custom 2]
equals: =
date: 2015-06-19
merge: &anchor {a: 1}
merged: {<<: *anchor}
? [a, b]
: complex key
binary: !!binary aGVsbG8=
uni: "\\u00fc\\U0001F600"
'''


def test_ruby_objects_and_odd_values_do_not_matter():
    good = yaml.safe_dump(json.loads(changed()), default_flow_style=False)

    with pytest.raises(MetadataError):
        # A sequence as a key is what no Python can take.
        parse_environment(good + RUBY)
    parsed = parse_environment(good + RUBY.replace('? [a, b]\n: complex key\n', ''))

    assert parsed == environment()


@pytest.mark.parametrize('text', [
    '', '[]', 'text', 'a: [', 'a: \x00', 'a: 2015-13-45', '{1: 2', '&a [*a]',
    '? {a: 1}\n: 2', '!!int x: 1', '- !!python/object:os.system {}'])
def test_what_is_no_metadata_is_a_deliberate_error(text):
    assert error_of(text, source='a.yaml').startswith('a.yaml: ')


@given(st.text())
def test_any_text_gives_a_model_or_a_deliberate_error(text):
    with pytest.raises(CalicoFuelError):
        parse_environment(text)
