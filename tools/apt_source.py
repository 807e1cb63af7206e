"""One apt repository, as an apt sees it that knows nothing else.

The apt, its lists and its trust are in a folder of their own: this machine's
sources, keys and options are neither read nor changed.
"""
import collections
import os
import re
import subprocess
import tempfile

Package = collections.namedtuple('Package', 'name version architecture sha256 source')

# Without Error-Mode, apt takes what it could not fetch for a warning.
# Its sandbox user may read neither this folder nor a mirror in somebody's home.
APT_CONF = '''\
Dir "{root}/";
Dir::State::status "{root}/status";
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
'''


class Refused(Exception):
    """An error that the person who builds must fix."""


class AptSource(object):
    """The repository at *place*: URL, suite and components, as in sources.list."""

    def __init__(self, root, name, place, keyring, key, wanted_by):
        self.root, self.name, self.place = root, name, place
        for folder in ['etc/apt/apt.conf.d', 'etc/apt/preferences.d',
                       'etc/apt/trusted.gpg.d', 'var/lib/apt/lists/partial',
                       'var/cache/apt/archives/partial', 'downloads']:
            os.makedirs(os.path.join(root, folder))
        self.key = self._trust(keyring, key, wanted_by)
        self._write('status', '')
        self._write('apt.conf', APT_CONF.format(root=root))
        self._write('etc/apt/sources.list', 'deb {}\n'.format(place))
        self.environ = dict(os.environ, LC_ALL='C',
                            APT_CONFIG=os.path.join(root, 'apt.conf'))
        self._run('apt-get', '-qq', 'update')
        print('{}: signed by {}'.format(self, self.key))

    def __str__(self):
        return 'source {} ({})'.format(self.name, self.place)

    def _write(self, name, text):
        with open(os.path.join(self.root, name), 'w') as stream:
            stream.write(text)

    def _trust(self, keyring, key, wanted_by):
        """Give apt one key of *keyring*, the one that may sign, and tell which."""
        problem = '{}: gpg cannot read the keyring {}'.format(self, keyring)
        # A short path: gpg looks for an agent's socket in it.
        with tempfile.TemporaryDirectory(prefix='gpg-') as home:
            gpg = ['gpg', '--homedir', home, '--batch', '--quiet', '--no-autostart']
            run(gpg + ['--import', keyring], problem)
            keys = primary_keys(run(gpg + ['--with-colons', '--list-keys'], problem))
            if (key not in keys) if key else keys[1:]:
                raise Refused(
                    '{}: {} wants its signing key to be {}, but {} has {}. Give the '
                    'right keyring; if your mirror signs with a key of its own, '
                    'declare that one there'.format(
                        self, wanted_by, key or 'the only one of a keyring', keyring,
                        ', '.join(keys)))
            run(gpg + ['--export', '--output', os.path.join(
                self.root, 'etc/apt/trusted.gpg.d/key.gpg'), key or keys[0]], problem)
        return key or keys[0]

    def _run(self, *argv):
        problem = ('{}: apt refuses it. It must be there, whole, and signed by {}'
                   .format(self, self.key))
        said = run(argv, problem, env=self.environ,
                   cwd=os.path.join(self.root, 'downloads'))
        if 'Failed to fetch' in said:  # an apt that knows no Error-Mode
            raise Refused('{}:\n{}'.format(problem, said))

    def offered(self, name):
        """Every version of the package *name*, as the signed index has it."""
        said = subprocess.run(
            ['apt-cache', 'show', name], env=self.environ, universal_newlines=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        stanzas = [dict(re.findall(r'^(\S+): *(.*)$', stanza, re.MULTILINE))
                   for stanza in said.split('\n\n') if stanza.strip()]
        return [Package(name, stanza['Version'], stanza['Architecture'],
                        stanza.get('SHA256'), self.name) for stanza in stanzas]

    def download(self, packages):
        """Let apt download and verify: package -> file."""
        self._run('apt-get', '-qq', 'download', *[
            '{0.name}={0.version}'.format(package) for package in packages])
        folder = os.path.join(self.root, 'downloads')
        files = {name.split('_')[0]: os.path.join(folder, name)
                 for name in os.listdir(folder)}
        return {package: files[package.name] for package in packages}


def primary_keys(listing):
    """Fingerprints in ``gpg --with-colons``, without those of subkeys."""
    records = [line.split(':') for line in listing.splitlines()]
    return [record[9] for before, record in zip(records, records[1:])
            if before[0] == 'pub' and record[0] == 'fpr']


def run(argv, problem, **kwargs):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, **kwargs)
    if done.returncode:
        raise Refused('{}:\n{}'.format(problem, done.stdout.rstrip()))
    return done.stdout
