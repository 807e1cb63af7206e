"""What no input may bring about: each law yields sentences about who breaks it.

Here is nothing of how the package decides: texts are read as the daemons read them.
"""

from __future__ import unicode_literals

import io
import os
import re

import yaml

from calico_fuel import __version__, addresses, render
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.fuel import secret
from lab.fuel import fuel_metadata
from tests.fuzz.mutations import FORGED

# In each password of a case.
PASSWORD = 's3cret-of-the-case'
# A shorter one is a mutated value that may stand anywhere.
SHORTEST = 16
# What a terminal takes for a command or another order, but the end of a line.
CONTROL = re.compile(
    '[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
IPV4 = r'[0-9]{1,3}(?:\.[0-9]{1,3}){3}'
PREFIX = IPV4 + '/[0-9]{1,2}'
NUMBER, NAME, HOST = '[0-9]{1,10}', '[A-Za-z0-9_]+', '[A-Za-z0-9][A-Za-z0-9_.-]*'
URLS = r'[A-Za-z0-9_.,:/=-]+'
# What the templates print -> what that may be.
PRINTED = {
    'version': re.escape(__version__), 'prefix': IPV4 + '(?:/[0-9]{1,2})?',
    '"" if loop.last else ","': ',?', 'bird_line': '[12]', 'node.fqdn': HOST,
    'environment.id': NUMBER, 'address': IPV4, 'restart_wait': NUMBER,
    'session.neighbor': '[A-Za-z0-9_.-]+', 'session.name': NAME,
    'session.local_as': NUMBER, 'session.peer.hops': NUMBER,
    'export_limits[session.name]': NUMBER,
    '"ipv4 table" if bird_line == 2 else "table"': '(?:ipv4 )?table',
    'session.address': '(?:{}|[0-9a-f:.]+)'.format(IPV4), 'session.as_number': NUMBER,
    'session.password': '[ !#-~]{1,80}', 'cluster_id': IPV4,
    'session.connect_delay': NUMBER, 'session.connect_retry': NUMBER,
    'session.restart_time': NUMBER,
    'session.preference': NUMBER, 'limits[session.relation] * 10': NUMBER,
    'limits[session.relation]': NUMBER,
    '"reflect" if session.reflects else "announce"': '(?:reflect|announce)',
    'variable': 'ETCD_[A-Z0-9_]+', 'value': '(?:{})?'.format(URLS), 'endpoint': URLS,
    'gateway': IPV4, 'table': NUMBER, 'preference': NUMBER,
    'preference_of_clients': NUMBER,
    'rule': 'from {}(?:/[0-9]+)? lookup [0-9]+'.format(IPV4),
    'line': '[0-9* ]+ root [A-Za-z0-9 _/.>&|!;\\[\\]-]+', 'element': '.*'}
TEMPLATES = {
    BIRD_CONF: ('bird.conf', 'bird-policy'), render.ETCD_ENVIRONMENT: ('etcd',),
    render.FELIX_CFG: ('felix.cfg',), render.GATEWAY_SCRIPT: ('gateway',),
    render.CRON_FILE: ('cron',), render.BIRD_LOCAL_README: ('bird-local-readme.conf',)}
IMPORTS = {
    'client': ('import filter from_client;',), 'external': ('import none;',),
    'reflector': ('import where is_workload_route();',)}
# Where a line of the settings asks for a default route.
MORE_IMPORTS = {
    'external': ('import filter default_route;',),
    'reflector': ('import where is_workload_route() || net = 0.0.0.0/0;',)}
EXPORTS = {'client': ('filter reflect_workloads;',),
           'external': ('filter announce_outside;', 'filter announce_workloads;',
                        'filter {'),
           'reflector': ('filter reflect_workloads;', 'filter announce_workloads;')}


def broken(run):
    """Sentences about the laws that a Run breaks."""
    lines = [line for text in run.printed for line in text.split('\n')]
    for law in (_printed(lines), _secrets(run, lines), _files(run), _sessions(run),
                _policies(run), _hiera(run)):
        for sentence in law:
            yield sentence


def _printed(lines):
    for line in lines:
        if CONTROL.search(line):
            yield 'prints a control character: {!r}'.format(line)
        if re.match(r'(?:calico-fuel: )?\s*' + FORGED, line):
            yield 'prints a line that the input made: {!r}'.format(line)


def _secrets(run, lines):
    """Passwords, what keys are derived from, and the keys."""
    secrets = {PASSWORD, fuel_metadata.FIXED_KEY, fuel_metadata.AUTH_ENCRYPTION_KEY}
    if run.environment and run.environment.secret:
        secrets.update((run.environment.secret.value,
                        run.environment.secret.key(secret.BGP),
                        run.environment.secret.key(secret.ETCD_CA)))
    secrets = [one for one in secrets if len(one) >= SHORTEST]
    for line in lines:
        for one in secrets:
            if one in line:
                yield 'shows a secret: {!r}'.format(line)


def _rendered(run):
    """Node, path and text of each file."""
    for path in run.system.names_in('/rendered'):
        start = '/rendered/' + path
        for name in sorted(run.system.files):
            if name.startswith(start + '/'):
                yield path, name[len(start):], run.system.text(name)
    for path, content in sorted(run.texts.items()):
        yield '', path, content


def _files(run):
    for node, path, content in _rendered(run):
        if path not in TEMPLATES:
            continue
        pattern = _lines_of(path)
        for line in content.rstrip('\n').split('\n'):
            if not pattern.match(line.strip(' ')):
                yield '{}: {}: no line of its template: {!r}'.format(node, path, line)


def _lines_of(path, known={}):
    """A pattern of the lines that the templates of *path* can make."""
    if path not in known:
        found = set()
        for name in TEMPLATES[path]:
            with io.open(os.path.join(os.path.dirname(render.__file__), 'templates',
                                      name + '.j2'), encoding='utf-8') as stream:
                found.update(map(_pattern, re.sub(
                    r'(?m)^ *\{[%#].*[%#]\}\n', '', stream.read()).split('\n')))
        known[path] = re.compile('(?:{})\\Z'.format('|'.join(sorted(found))))
    return known[path]


def _pattern(line):
    parts = re.split(r'\{\{ (.*?) \}\}', line.strip(' '))
    if len(parts) > 1 and 'caller()' in parts[1]:
        return ''
    return ''.join(PRINTED[part] if number % 2 else re.escape(part)
                   for number, part in enumerate(parts))


def bird_confs(run):
    """Node and text of each bird.conf."""
    return [(node, content) for node, path, content in _rendered(run)
            if path == BIRD_CONF]


def _sessions(run):
    for node, content in bird_confs(run):
        nodes = set(one.address for one in run.environment.nodes if one.name != node)
        given = run.environment.settings.external_peers
        peers = dict((one.address, one.as_number) for one in given)
        asks = any(one.imports_default for one in given)
        for name, block in re.findall(
                r'(?m)^protocol bgp (\S+) \{\n((?:.*\n)*?)\}$', content):
            kind = name.partition('_')[0]
            [(address, number)] = re.findall(r'(?m)^ *neighbor (\S+) as (\d+);', block)
            if (address not in nodes if kind != 'external'
                    else peers.get(address) != int(number)):
                yield '{}: {} is no neighbor of {}'.format(node, address, name)
            imported = re.findall(r'(?m)^ *(import (?!keep|limit).*)$', block)
            if len(imported) != 1 or imported[0] not in IMPORTS[kind] + (
                    MORE_IMPORTS.get(kind, ()) if asks else ()):
                yield '{}: imports of {}: {}'.format(node, name, block)
            exported = re.findall(r'(?m)^ *export (?!limit)(.*)$', block)
            if exported not in [[one] for one in EXPORTS[kind]]:
                yield '{}: exports of {}: {}'.format(node, name, block)


def _policies(run):
    """The function is_workload_route of each bird.conf refuses nodes and VIPs."""
    for node, content in bird_confs(run):
        defined = dict((name, [addresses.parse_prefix(one) for one in re.findall(
            PREFIX, block)]) for name, block in re.findall(
                r'(?m)^define (\w+) = \[\n([^\]]*)\];$', content))
        for address in set(one.address for one in run.environment.nodes) | set(
                run.environment.vips.values()):
            if address and _is_accepted(addresses.parse_ipv4(address), defined):
                yield '{}: accepts a route to {}'.format(node, address)


def _is_accepted(address, defined):
    def is_in(name):
        return any(address in prefix for prefix in defined.get(name, ()))
    return not (is_in('never_workloads')
                or 'workload_prefixes' in defined and not is_in('workload_prefixes')
                or not is_in('floating_addresses') and is_in('own_networks'))


def _hiera(run):
    """Puppet reads of it what the metadata says, and nothing else."""
    content = run.texts.get(render.HIERA_OVERRIDE)
    if content is None:
        return
    wanted = {'use_ovs': False}
    if run.environment.this.ovs_elements:
        wanted['network_scheme'] = {'transformations': [
            {'action': 'override', 'override': element, 'provider': 'lnx'}
            for element in run.environment.this.ovs_elements]}
    try:
        if yaml.safe_load(content) != wanted:
            yield 'hiera: {!r} is not {!r}'.format(content, wanted)
    except yaml.YAMLError as error:
        yield 'hiera: {!r}: {}'.format(content, error)
