"""Whatever stands in a file of others, only the option that is set changes."""

from __future__ import unicode_literals

from hypothesis import given
from hypothesis import strategies as st

from calico_fuel.resources import ini

ANYTHING = st.text(
    st.characters(min_codepoint=0, max_codepoint=255, blacklist_characters='\n'),
    max_size=8)
PIECES = st.one_of(
    ANYTHING, st.sampled_from([
        '[', ']', '#', '"', '=', ' ', '\t', '\r', 'x', 'a', '[a]', '[b]', 'x=[',
        'x = 1',
        'x = [ "a" ]  # c', ' continued', '"/dev/null",', '\x0c', '\x85', '; c']))
ANY_LINES = st.lists(
    st.lists(PIECES, max_size=3).map(''.join), max_size=10).map('\n'.join)
ANY_TEXT = st.one_of(ANY_LINES, ANY_LINES.map(lambda text: text + '\n'))
SECTION, OPTION = st.sampled_from(['', 'a', 'c']), st.sampled_from(['x', 'y'])
OTHERS = [(section, option) for section in ('', 'a', 'b') for option in 'xyb']
VALUE = st.sampled_from(['1', '["/dev/kvm", "/dev/null"]', '$state_path/lock'])


@given(ANY_TEXT, SECTION, OPTION, VALUE)
def test_in_any_text_what_is_set_is_read_and_is_set_once(text, section, option, value):
    changed = ini.with_option(text, section, option, value)

    assert ini.value_of(changed, section, option) == value
    assert ini.with_option(changed, section, option, value) == changed


@given(ANY_TEXT, SECTION, OPTION, st.one_of(st.none(), VALUE))
def test_every_line_of_others_stays_byte_for_byte(text, section, option, value):
    changed = ini.with_option(text, section, option, value).split('\n')
    if value is not None:
        ours = '{}={}'.format(option, value)
        if ours in changed:
            changed.remove(ours)
        header = '[{}]'.format(section)
        if header in changed and header not in text.split('\n'):
            changed.remove(header)
    if changed == ['']:  # no line at all
        changed = []
    lines = iter(text.split('\n'))
    assert all(line in lines for line in changed)


@given(ANY_TEXT, SECTION, OPTION, st.one_of(st.none(), VALUE))
def test_every_other_option_keeps_its_value(text, section, option, value):
    # A first header makes other lines continue a value.
    text = '[b]\n' + text if section else text
    changed = ini.with_option(text, section, option, value)

    for other in OTHERS:
        if other != (section, option):
            assert ini.value_of(changed, *other) == ini.value_of(text, *other)
