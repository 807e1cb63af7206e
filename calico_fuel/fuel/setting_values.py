"""One value that an operator wrote -> its value in the model.

Every function takes a value as Fuel's web page, command line or API stores it
and raises ValueError with a sentence for the operator.  No such sentence holds
a password.
"""

from __future__ import unicode_literals

import re

from calico_fuel import addresses
from calico_fuel.fuel.yaml_values import shown

RESERVED_AS_NUMBERS = {
    0: 'RFC 7607',
    23456: 'AS_TRANS, RFC 6793',
    65535: 'RFC 7300',
    4294967295: 'RFC 7300',
}
# The kernel's TCP MD5 key (RFC 2385).  BIRD's parser accepts more, but then the session
# never comes up.
PASSWORD_BYTES = 80
NO_PASSWORD = 'none'


def as_text(value):
    """A text as it is, '' for none; ValueError for what is no text."""
    if value is None:
        return ''
    if not isinstance(value, type('')):
        raise ValueError('must be text, not {}'.format(type(value).__name__))
    return value


def parse_switch(value):
    """A bool, or its text as Fuel's command line stores it."""
    if value not in (True, False, 'true', 'false'):
        raise ValueError('must be true or false, not "{}"'.format(shown(value)))
    return value in (True, 'true')


def parse_as_number(value):
    """Text of a four-octet AS number (RFC 6793) -> integer."""
    text = as_text(value).strip()
    if not re.match(r'[1-9][0-9]{0,9}\Z|0\Z', text) or int(text) > 4294967295:
        raise ValueError(
            '"{}" is not an AS number: write a whole number from 1 to '
            '4294967294, such as 64512'.format(text))
    if int(text) in RESERVED_AS_NUMBERS:
        raise ValueError(
            'AS {} is reserved ({}): use one that is assigned to you, or a '
            'private one (64512 to 65534, 4200000000 to 4294967294)'.format(
                text, RESERVED_AS_NUMBERS[int(text)]))
    return int(text)


def parse_route_limit(value):
    """Text of a whole number from 1 to 100000 -> integer."""
    text = as_text(value).strip()
    if not re.match(r'[1-9][0-9]{0,5}\Z', text) or int(text) > 100000:
        raise ValueError('"{}" is not a whole number from 1 to 100000, such as '
                         '1000'.format(text))
    return int(text)


def parse_password(value):
    """A password that BIRD can quote and the kernel can use, or None."""
    text = as_text(value)
    if not text:
        return None
    if '"' in text:
        raise ValueError(
            'a password must not have a double quote: BIRD cannot escape it')
    if not re.match(r'[ -~]+\Z', text):
        raise ValueError('a password may have printable ASCII characters only')
    if len(text) > PASSWORD_BYTES:
        raise ValueError(
            'a password may have at most {} characters, this one has {}: '
            'the kernel accepts no longer TCP MD5 key'.format(
                PASSWORD_BYTES, len(text)))
    return text


def parse_bgp_password(value):
    """A password as ``parse_password`` has it, None for a derived one, '' for none."""
    return '' if value == NO_PASSWORD else parse_password(value)


def parse_prefixes(value):
    """IPv4 prefixes between blanks, commas or newlines -> sorted Prefixes."""
    prefixes, problems = [], []
    for word in as_text(value).replace(',', ' ').split():
        try:
            prefixes.append(addresses.parse_prefix(word))
        except ValueError as error:
            problems.append(error.args[0])
    if problems:
        raise ValueError('\n'.join(problems))
    if any(prefix.length == 0 for prefix in prefixes):
        raise ValueError(
            '0.0.0.0/0 is every address: write networks, or leave the setting '
            'empty')
    return addresses.without_covered(prefixes)


def parse_network_name(value):
    """A name that Neutron accepts, or an empty text."""
    text = as_text(value).strip()
    if not re.match(r'([ -~]{1,255})?\Z', text) or text.startswith('-'):
        raise ValueError('"{}": write at most 255 printable ASCII characters, the '
                         'first of them not a dash: the command line client of '
                         'Neutron accepts no other name'.format(text))
    return text


def parse_optional_prefix(value):
    """A prefix that a network can have -> Prefix, or None for an empty text."""
    text = as_text(value).strip()
    if not text:
        return None
    prefix = addresses.parse_prefix(text)
    if not 8 <= prefix.length <= 30:
        raise ValueError('{}: write a prefix of 8 to 30 bits'.format(prefix))
    return prefix


def parse_optional_address(value):
    """An IPv4 address -> integer, or None for an empty text."""
    text = as_text(value).strip()
    return addresses.parse_ipv4(text) if text else None
