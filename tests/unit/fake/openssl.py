"""openssl on a node in memory: keys, and certificates that a CA signs.

A file of it has a line of JSON for each key, request or certificate.
"""

from __future__ import unicode_literals

import json
import re

from calico_fuel.etcd.certificates import CA, CERTIFICATE
from calico_fuel.system import Answer
from tests.unit.fake.system import OWNER, Entry, UnknownCommand, bad, good

DAY = 24 * 3600
PRIVATE = 0o600


class Openssl(object):

    def __init__(self, node):
        self.node = node
        self.keys = 0
        node.programs['openssl'] = self.openssl
        node.users.add('root:etcd')

    def openssl(self, argv, text):
        commands = {'ecparam': self._ecparam, 'req': self._req, 'ca': self._ca,
                    'x509': self._x509, 'pkey': self._pkey, 'verify': self._verify}
        if argv[1] not in commands:
            raise UnknownCommand(' '.join(argv))
        try:
            return commands[argv[1]](argv, text)
        except LookupError:
            return bad('unable to load what {} asks for'.format(argv[1:]))

    def _ecparam(self, argv, text):
        self.keys += 1
        return self._write(argv, key='key {} of {}'.format(
            self.keys, self.node.host_name()))

    def _req(self, argv, text):
        key = value(argv, '-key')
        return self._write(argv, request=value(argv, '-subj'), of=(
            text if key == '/dev/stdin' else self._read(key, 'key')['key']))

    def _ca(self, argv, text):
        request = self._read(value(argv, '-in'), 'request')
        configuration = self.node.text(value(argv, '-config'))
        if '-selfsign' in argv:
            issuer, names, end = request, [], 2524607999
        else:
            issuer = self._read(value(argv, '-cert'), 'certificate')
            names = re.findall('subjectAltName = DNS:(.*),IP:(.*)', configuration)[0]
            end = self.node.clock + int(value(argv, '-days')) * DAY
        assert issuer['of'] == text, 'the key of another CA'
        return self._write(
            argv, certificate=request['request'], of=request['of'], names=names,
            issuer=issuer.get('request') or issuer['certificate'], by=text, end=end)

    def _x509(self, argv, text):
        found = self._read(value(argv, '-in'), 'certificate')
        printed = ''
        if '-text' in argv:
            printed += 'Issuer: {}\nDNS:{}, IP Address:{}\n'.format(
                found['issuer'], *found['names'])
        if '-pubkey' in argv:
            printed += 'public ' + found['of']
        if '-enddate' in argv:
            printed += 'notAfter={}\n'.format(found['end'])
        left = found['end'] - self.node.clock
        return Answer(int(left <= int(value(argv, '-checkend'))), printed, '')

    def _pkey(self, argv, text):
        return good('public ' + self._read(value(argv, '-in'), 'key')['key'])

    def _verify(self, argv, text):
        is_good = self._read(argv[-1], 'certificate')['by'] == self._read(
            value(argv, '-CAfile'), 'certificate')['of']
        return good(argv[-1] + ': OK\n') if is_good else bad('error 20')

    def _write(self, argv, **what):
        self.node.files[value(argv, '-out')] = Entry(
            json.dumps(what, sort_keys=True) + '\n', OWNER, PRIVATE)
        return good()

    def _read(self, path, kind):
        return read(self.node, path, kind)


def value(argv, option):
    return argv[argv.index(option) + 1]


def read(node, path, kind):
    """The first thing of a *kind* in a file; LookupError if it has none."""
    try:
        return [one for one in map(json.loads, node.text(path).splitlines())
                if kind in one][0]
    except (TypeError, ValueError):
        raise LookupError(path)


def speak_tls(*nodes):
    """Whether each of the nodes accepts the certificates of all."""
    try:
        return len(set(
            [read(node, CA, 'certificate')['of'] for node in nodes]
            + [read(node, CERTIFICATE, 'certificate')['by'] for node in nodes])) == 1
    except LookupError:
        return False
