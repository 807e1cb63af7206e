"""The certificate with which the etcd of a node, and its clients, speak TLS.

The node signs it itself, with the key of the CA that every node derives.  ``openssl``
gets that key on its standard input: it is in no file that has a name.
"""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel.codes.cluster import CERT_EXPIRES, CERT_RENEWAL
from calico_fuel.etcd import authority
from calico_fuel.resources.base import Resource
from calico_fuel.resources.directory import Directory

OURS = '/etc/calico-fuel'
DIRECTORY = OURS + '/etcd'
CA = DIRECTORY + '/ca.pem'
# A certificate and its key are in one file, so that they always match.
CERTIFICATE = KEY = DIRECTORY + '/node.pem'
OWNER = 'root:etcd'
MODES = ((CA, 0o644), (CERTIFICATE, 0o640))


class Tls(namedtuple('Tls', 'ca certificate key')):
    """Paths of PEM files, for ``system.http``."""


TLS = Tls(CA, CERTIFICATE, KEY)
# Of what is left to a certificate.  Each run renews it in time; ``verify`` has a note
# where no run did for a month, and a problem in the last days.
DAYS_TO_RENEW, DAYS_OF_NOTE, DAYS_OF_ALARM = 90, 60, 14
DAYS, CA_END = 3650, '491231235959Z'
# The clocks of nodes may differ, or be wrong for a while, so the start is long ago.
# Each version of OpenSSL has to write the same bytes for a name: hence the mask.
CONFIGURATION = '''\
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
[policy]
commonName = supplied
[ca]
default_ca = ca
new_certs_dir = {place}
database = {place}/index
serial = {place}/serial
policy = policy
default_md = sha256
default_startdate = 700101000000Z
x509_extensions = of_ca
[of_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[of_node]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = DNS:{name},IP:{address}
'''


def resources(environment, node):
    """What the etcd of *node* needs to speak TLS; [] without a secret to derive it."""
    if environment.secret is None:
        return []
    # A strict umask would make the first one for root alone.
    return [Directory(OURS, 'root:root', 0o755), Directory(DIRECTORY, OWNER, 0o750)] + [
        kind(node.name, node.address, environment.secret, days) for kind, days in (
            (Certificate, DAYS_OF_ALARM), (Lasting, DAYS_OF_NOTE),
            (Lasting, DAYS_TO_RENEW))]


class Certificate(Resource, namedtuple('Certificate', 'name address secret days')):
    """The node with *name* and *address* has a certificate for *days* more days.

    It is signed by the CA of the *secret*.  etcd 3.2 and newer compare the address in
    it with that of the peer.
    """

    label_format = 'etcd certificate for {0.days} more days'

    @property
    def code(self):
        return CERT_EXPIRES if self.days == DAYS_OF_ALARM else CERT_RENEWAL

    @property
    def is_told(self):
        return self.days != DAYS_TO_RENEW

    def loaded(self, system):
        return system.read_if_exists(CERTIFICATE) or ''

    def difference(self, system):
        problem = self._problem(system)
        return problem and '{}: {}'.format(self.label, problem)

    def _problem(self, system):
        return self._of_files(system) or self._of_content(system)

    @staticmethod
    def _of_files(system):
        for path, mode in MODES:
            found = system.owner_and_mode(path)
            if found != (OWNER, mode):
                return '{} belongs to {} {:04o} instead of {} {:04o}'.format(
                    path, *(found + (OWNER, mode))) if found else (
                    '{} is not there'.format(path))
        return ''

    def _of_content(self, system):
        if 'OK' not in _openssl(system, 'verify', '-CAfile', CA, CERTIFICATE).stdout:
            return '{} is not signed by {}'.format(CERTIFICATE, CA)
        printed = self._printed(system, '-text', '-pubkey')
        if authority.name(self.secret) not in printed.stdout:
            return '{} is signed by the CA of another secret'.format(CERTIFICATE)
        if not re.search(r'DNS:{}, IP Address:{}\s'.format(
                *map(re.escape, (self.name, self.address))), printed.stdout):
            return '{} is not for {} and {}'.format(
                CERTIFICATE, self.name, self.address)
        public = _openssl(system, 'pkey', '-in', KEY, '-pubout').stdout
        if not public or public not in printed.stdout:
            return '{} has a key that does not match'.format(KEY)
        return self._end(printed)

    def _printed(self, system, *words):
        """The Answer of openssl, asked for parts of the certificate and for its end.

        OpenSSL 1.0.1 tells of the end by its exit status only.
        """
        return _openssl(system, *(('x509', '-in', CERTIFICATE, '-noout') + words + (
            '-checkend', '{}'.format(self.days * 24 * 3600))))

    def _end(self, printed):
        return printed.status and '{} ends within {} days'.format(
            CERTIFICATE, self.days) or ''

    def change(self, system):
        with system.temporary_directory() as place:
            made = self._made(system, place)
        for (path, mode), text in zip(MODES, made):
            system.write(path, text, mode, OWNER)

    def _made(self, system, place):
        """The texts of CA and CERTIFICATE, which are made in *place*."""
        of_ca = authority.private_key(self.secret)
        configuration, index, key, node_request, ca_request, ca, node = [
            '{}/{}'.format(place, name) for name in (
                'configuration', 'index', 'key', 'node-request', 'ca-request', 'ca',
                'node')]
        system.write(configuration, CONFIGURATION.format(
            place=place, name=self.name, address=self.address))
        system.write(index, '')

        def make(words, *arguments):
            system.run(['openssl'] + words.split() + list(arguments), of_ca)
        make('ecparam -name prime256v1 -genkey -noout -out', key)
        for of, request, name in ((key, node_request, self.address), (
                '/dev/stdin', ca_request, authority.name(self.secret))):
            make('req -new -config', configuration, '-key', of, '-subj', '/CN=' + name,
                 '-out', request)
        sign = 'ca -batch -notext -create_serial -keyfile /dev/stdin -config'
        make(sign, configuration, '-selfsign', '-enddate', CA_END, '-in', ca_request,
             '-out', ca)
        make(sign, configuration, '-extensions', 'of_node', '-days',
             '{}'.format(DAYS), '-cert', ca, '-in', node_request, '-out', node)
        return system.read(ca), system.read(node) + system.read(key)


class Lasting(Certificate):
    """The end of a Certificate; the one before it in ``resources`` checks the rest."""

    def _problem(self, system):
        printed = self._printed(system, '-enddate')
        return self._end(printed) if printed.stdout else ''


class NoCertificate(Resource, namedtuple('NoCertificate', '')):
    """The node has no certificate for etcd; no copy of it is kept."""

    label_format = 'no etcd certificate'

    def difference(self, system):
        return '{}: is there'.format(OURS) if system.exists(OURS) else ''

    def change(self, system):
        system.remove(OURS)


def _openssl(system, *argv):
    """The Answer of openssl, also where it finds a fault."""
    return system.run(['openssl'] + list(argv), accept=None)
