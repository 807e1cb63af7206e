"""What is secret in the files of a node, and texts without it.  Pure.

There are two nets.  Passwords that the node's own files name are masked as values,
wherever they stand.  What looks like a secret is masked by its form, whatever it is.
Rather too much is masked than too little.
"""

from __future__ import unicode_literals

import re

from calico_fuel.etcd.client import quoted
from calico_fuel.fuel import passwords, secret as derived
from calico_fuel.fuel.passwords import MASK

NAME = re.compile(
    r'(?i)passw|pwd\b|passphrase|secret|token|credential|connection_key|auth\b|'
    r'(?:private|access|api|auth|encryption|shared|admin|fixed|hash|db|memcache)'
    r'[_.-]?key')
# What stands before a value that is secret if the word is a NAME, and the value.  Both
# take a time that grows with the text: a log may have a word of megabytes.
WORD = r'(?<![\w.-])([\w.-]+)'
FORMS = tuple((re.compile(before), re.compile(value)) for before, value in (
    # A line of an INI file or of a shell script.
    (r'(?im)^[ \t]*[#;]?[ \t]*(?:export[ \t]+)?' + WORD + r'[ \t]*=[ \t]*', r'\S.*'),
    (r'\s--?([\w.-]+)(?:=|[ \t]+)', r'\S+'),
    # BIRD.
    (WORD + r'[ \t]+(?=")', r'"[^"\n]*"?'),
    # JSON, YAML, Python, XML, and lines of logs: a quoted text, a list, or a word.
    (WORD + r'["\']?[ \t]*[:=,>][ \t]*',
     r'u?"(?:[^"\\\n]|\\.)*"?|u?\'(?:[^\'\\\n]|\\.)*\'?|\[[^\]\n]*\]?|'
     r'[^\s,;{}\[\]>"\'][^\s,;}\]>]*')))
HEADER = re.compile(r'(?i)(\bauthorization["\']?[ \t]*[:=][ \t]*["\']?)([^\n"\']+)')
URL = re.compile(
    r'(?i)([a-z][a-z0-9+.-]{0,20}://[^\s/:@"\']{0,100}:)(\S{1,200})(?=@)')
# Of Keystone.
TOKEN = re.compile(r'("token"[ \t\n]{0,9}:[ \t\n]{0,9}\{[^{}]{0,2000}?"id"[ \t]{0,9}:'
                   r'[ \t]{0,9}")([^"\n]{1,4000})')
# The begin or the end of a key may be cut off.
BEGIN, END = ('-----{} [A-Z0-9 ]*PRIVATE KEY-----'.format(word)
              for word in ('BEGIN', 'END'))
KEY = re.compile(BEGIN + r'.*?(?:' + END + r'|\Z)', re.S)
# Keys of Fuel's metadata.
IN_METADATA = re.compile(NAME.pattern + r'|(?:^|[_.-])keys?$|cert_data')
# A shorter value would mask parts of words; its forms mask it all the same.
SHORTEST, SHORTEST_LINE = 6, 16
NO_SECRET = re.compile(
    r'(?i)(?:true|false|none|null|/(?:etc|usr|var)/.*|[0-9.:]{0,7})\Z')


def masked(text, values=()):
    """*text* without the secret *values*, and without what has the form of a secret."""
    text = _without_end_of_key(KEY.sub(MASK, text))
    if values:
        text = re.sub('|'.join(map(re.escape, sorted(
            values, key=lambda one: (-len(one), one)))), MASK, text)
    for form in HEADER, URL, TOKEN:
        text = form.sub(lambda found: found.group(1) + MASK, text)
    for before, value in FORMS:
        parts, at = [], 0
        for start, end in _found(before, value, text):
            parts += [text[at:start], MASK]
            at = end
        text = ''.join(parts + [text[at:]])
    return text


def _found(before, value, text):
    """Begin and end of each value of one of the FORMS, if it is secret."""
    at = 0
    for found in before.finditer(text):
        if found.start() >= at and NAME.search(found.group(1)):
            hidden = value.match(text, found.end())
            if hidden:
                at = hidden.end()
                yield hidden.start(), at


def _without_end_of_key(text):
    found = re.search(END, text)
    return MASK + text[found.end():] if found else text


def in_metadata(metadata, environment=None):
    """The secret values in the mapping *metadata*, and those that nodes derive."""
    found = set(_secrets_below(metadata))
    if environment:
        found.update(passwords.of(environment.settings))
        if environment.secret:
            found.add(environment.secret.value)
            found.update(environment.secret.key(purpose) for purpose in (
                derived.BGP, derived.ETCD_CA, derived.ETCD_CA_NAME))
    return _usable(found)


def in_file(text):
    """The secret values in a file of settings."""
    return _usable([text[start:end].strip().strip('"\'') for before, value in FORMS[::2]
                    for start, end in _found(before, value, text)]
                   + [value for _, value in URL.findall(text)])


def _secrets_below(metadata):
    """The texts below a key that names a secret, as the sources of derived keys do."""
    todo = [(metadata, False)]
    while todo:
        one, is_secret = todo.pop()
        if isinstance(one, dict):
            todo += [(child, is_secret or key in passwords.SETTINGS
                      or bool(IN_METADATA.search(key)))
                     for key, child in one.items()]
        elif isinstance(one, list):
            todo += [(child, is_secret) for child in one]
        elif is_secret and isinstance(one, type('')):
            yield one


def _usable(found):
    """Each as it may stand in a text: also line by line, and in a URL."""
    usable = set()
    for one in found:
        lines = (one or '').strip().splitlines()
        if len(lines) > 1:
            usable.update(line for line in lines if len(line) >= SHORTEST_LINE
                          and not line.startswith('-----'))
        elif lines and len(lines[0]) >= SHORTEST and not NO_SECRET.match(lines[0]):
            usable.update((lines[0], quoted(lines[0])))
    return usable
