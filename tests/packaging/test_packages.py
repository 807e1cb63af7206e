"""make packages, against real apt repositories, over file:// and http."""
import functools
import gzip
import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
import yaml

from tests.packaging.aptrepo import AptRepository, Key
from tests.packaging.rpmtools import ROOT, run

PACKAGES = [
    {'name': 'bird', 'version': '>= 1.5, < 2', 'source': 'bird'},
    {'name': 'calico-felix', 'version': '>= 1.3, < 1.4', 'source': 'calico'},
    {'name': 'networking-calico', 'version': '>= 1:1.1', 'source': 'calico'},
]
HELD = ['bird_1.6.3-2_amd64.deb', 'calico-felix_1.3.0-1_all.deb',
        'networking-calico_1.1.3_all.deb']


class Builder(object):
    """A tree with what `make packages` reads, and the person who runs it."""

    def __init__(self, folder, key):
        self.root, self.mirror = folder / 'tree', folder / 'mirror'
        self.keyring = key.export(folder / 'mirror.asc')
        (self.root / 'packages').mkdir(parents=True)
        (self.root / 'tools').mkdir()
        for name in ['packages', 'apt_source.py']:
            shutil.copy(str(ROOT / 'tools' / name), str(self.root / 'tools'))
        self.lock = self.root / 'packages/6.1.lock'
        self.repository = self.root / 'repositories/ubuntu/6.1'
        self.declare(PACKAGES)

    def declare(self, packages, key=None):
        (self.root / 'packages/6.1.yaml').write_text(yaml.safe_dump({
            'sources': {
                'bird': {'what': 'BIRD', 'suite': 'trusty', 'components': ['main'],
                         'key': key},
                'calico': {'what': 'Calico', 'suite': './', 'components': [],
                           'key': None}},
            'packages': packages}))

    def argv(self, *args, **kwargs):
        return [sys.executable, '-B', str(self.root / 'tools/packages'), '6.1',
                '--mirror', kwargs.get('url', 'file://{}'.format(self.mirror)),
                '--keyring', str(kwargs.get('keyring', self.keyring))] + list(args)

    def fill(self, *args, **kwargs):
        return run(*self.argv(*args, **kwargs)).stdout

    def is_refused(self, *args, **kwargs):
        """Run it, and give what it said; it must have changed nothing."""
        before = self.state()
        done = run(*self.argv(*args, **kwargs), check=False)
        assert done.returncode == 1
        assert 'Traceback' not in done.stdout
        assert self.state() == before
        return done.stdout

    def state(self):
        return {str(path): (path.stat().st_mtime, path.read_bytes())
                for path in [self.lock] + sorted(self.root.glob('repositories/**/*'))
                if path.is_file()}

    def held(self):
        return sorted(path.name for path in self.repository.iterdir())


class Web(http.server.SimpleHTTPRequestHandler):
    """A mirror on loopback that cuts a download, after the test lets it go on."""

    def do_GET(self):
        name = os.path.basename(self.path)
        self.server.asked.append(name)
        if name != self.server.cuts:
            return super(Web, self).do_GET()
        self.send_response(200)
        self.send_header('Content-Length', os.path.getsize(
            self.translate_path(self.path)))
        self.end_headers()
        self.wfile.write(b'!<arch>\n')
        self.wfile.flush()
        self.server.is_waiting.set()
        self.server.goes_on.wait(30)
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope='module')
def keys():
    keys = [Key('the mirror'), Key('somebody else')]
    yield keys
    for key in keys:
        key.remove()


@pytest.fixture
def mirror(tmp_path, keys):
    """What a builder has: a repository with a suite, and a flat one."""
    bird = AptRepository(tmp_path / 'mirror/bird', keys[0])
    for version in ['1.4.0-1', '1.5.0-1', '1.6.3-2', '1.6.2-1', '2.0.1']:
        bird.add('bird', version, architecture='amd64')
    calico = AptRepository(tmp_path / 'mirror/calico', keys[0], flat=True)
    calico.add('calico-felix', '1.3.0-1')
    calico.add('calico-felix', '1.4.0-1')
    calico.add('networking-calico', '1:1.1.3')
    bird.publish()
    calico.publish()
    return {'bird': bird, 'calico': calico}


@pytest.fixture
def builder(tmp_path, mirror, keys):
    return Builder(tmp_path, keys[0])


@pytest.fixture
def web(tmp_path, mirror):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(
        Web, directory=str(tmp_path / 'mirror')))
    server.asked, server.cuts = [], None
    server.is_waiting, server.goes_on = threading.Event(), threading.Event()
    server.url = 'http://127.0.0.1:{}'.format(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.goes_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


def locked(builder):
    return yaml.safe_load(builder.lock.read_text())


def test_the_newest_of_each_declared_range_comes_and_the_lock_says_so(builder, mirror):
    felix = mirror['calico'].add('calico-felix', '1.3.0-1')
    mirror['calico'].publish()

    builder.fill()

    assert builder.held() == HELD
    assert [(p['name'], p['version'], p['architecture'], p['source'])
            for p in locked(builder)] == [
        ('bird', '1.6.3-2', 'amd64', 'bird'),
        ('calico-felix', '1.3.0-1', 'all', 'calico'),
        ('networking-calico', '1:1.1.3', 'all', 'calico')]
    assert locked(builder)[1]['sha256'] == felix


def test_the_same_comes_over_http(builder, web):
    builder.fill()
    over_file = builder.lock.read_bytes()
    shutil.rmtree(str(builder.repository))
    builder.lock.unlink()

    builder.fill(url=web.url)

    assert builder.held() == HELD
    assert builder.lock.read_bytes() == over_file


def test_a_second_run_changes_nothing_and_asks_no_mirror(builder, web):
    builder.fill(url=web.url)
    before, asked = builder.state(), len(web.asked)

    builder.fill(url=web.url)

    assert builder.state() == before
    assert len(web.asked) == asked


def test_only_what_is_missing_or_changed_is_downloaded_again(builder, web):
    builder.fill(url=web.url)
    before = builder.state()
    del web.asked[:]
    (builder.repository / HELD[0]).unlink()
    (builder.repository / HELD[1]).write_bytes(b'changed')

    builder.fill(url=web.url)

    assert ({path: content for path, (_, content) in builder.state().items()}
            == {path: content for path, (_, content) in before.items()})
    assert sorted(name for name in web.asked if name.endswith('.deb')) == HELD[:2]


def test_a_newer_version_comes_only_when_the_lock_is_renewed(builder, mirror):
    builder.fill()
    mirror['bird'].add('bird', '1.6.4-1', architecture='amd64')
    mirror['bird'].publish()
    (builder.repository / HELD[0]).unlink()

    builder.fill()
    assert builder.held() == HELD

    said = builder.fill('--update-lock')
    assert builder.held() == ['bird_1.6.4-1_amd64.deb'] + HELD[1:]
    assert 'repositories/ubuntu/6.1/bird_1.6.3-2_amd64.deb: removed' in said
    assert locked(builder)[0]['version'] == '1.6.4-1'


def test_another_content_under_the_locked_version_is_refused(builder, mirror):
    builder.fill()
    old = locked(builder)[0]['sha256']
    new = mirror['bird'].add('bird', '1.6.3-2', 'changed', architecture='amd64')
    mirror['bird'].publish()
    (builder.repository / HELD[0]).unlink()

    said = builder.is_refused()

    assert 'packages/6.1.lock: has bird 1.6.3-2 with SHA-256 ' + old in said
    assert '1.6.3-2 with SHA-256 ' + new in said
    assert '`make packages FUEL=6.1 ARGS=--update-lock`' in said
    builder.fill('--update-lock')
    assert locked(builder)[0]['sha256'] == new


def test_a_lock_of_another_declaration_is_refused(builder):
    builder.fill()

    builder.declare(PACKAGES[1:])
    assert ('packages/6.1.lock: does not match packages/6.1.yaml: bird.'
            in builder.is_refused())

    builder.declare([dict(PACKAGES[0], version='< 1.6')] + PACKAGES[1:])
    assert 'bird 1.6.3-2 of source bird. Undo' in builder.is_refused()


def test_what_the_lock_does_not_name_is_removed_and_said(builder):
    builder.fill()
    (builder.repository / 'stray_1_all.deb').write_text('')

    said = builder.fill()

    assert builder.held() == HELD
    assert 'repositories/ubuntu/6.1/stray_1_all.deb: removed, packages/6.1.lock' in said


def test_a_source_that_another_key_has_signed_is_refused(builder, mirror, keys):
    builder.fill()
    mirror['bird'].key = keys[1]
    mirror['bird'].publish()

    said = builder.is_refused('--update-lock')

    assert 'source bird (file://{}/bird trusty main): apt refuses it'.format(
        builder.mirror) in said
    assert 'NO_PUBKEY ' + keys[1].fingerprint[-16:] in said


def test_a_source_that_nobody_has_signed_is_refused(builder):
    (builder.mirror / 'bird/dists/trusty/InRelease').unlink()

    assert 'is not signed' in builder.is_refused()


def test_an_index_that_was_changed_after_signing_is_refused(builder):
    for name, content in [('Packages', b'\n'), ('Packages.gz', gzip.compress(b'\n'))]:
        (builder.mirror / 'calico' / name).write_bytes(content)

    assert 'source calico' in builder.is_refused()


def test_a_package_that_was_changed_after_signing_is_refused(builder):
    builder.fill()
    (builder.repository / HELD[0]).unlink()
    deb = builder.mirror / 'bird/pool' / HELD[0]
    deb.write_bytes(deb.read_bytes() + b'\n')

    assert 'source bird' in builder.is_refused()


@pytest.mark.parametrize('checksum', ['sha1', 'sha512'])
def test_an_index_without_sha_256_is_refused(builder, mirror, checksum):
    """The weaker by apt, the stronger because the lock cannot be compared with it."""
    mirror['calico'].publish(checksum)

    assert 'source calico' in builder.is_refused()


def test_a_keyring_without_the_declared_key_is_refused(builder, keys, tmp_path):
    builder.declare(PACKAGES, key=keys[0].fingerprint)
    builder.fill()
    (builder.repository / HELD[0]).unlink()
    other = keys[1].export(tmp_path / 'other.asc')

    said = builder.is_refused('--keyring', 'bird={}'.format(other))

    assert 'packages/6.1.yaml wants its signing key to be {}, but {} has {}'.format(
        keys[0].fingerprint, other, keys[1].fingerprint) in said


@pytest.fixture
def both(keys, tmp_path):
    """A keyring with two keys."""
    path = tmp_path / 'both.asc'
    path.write_text(''.join(key.export(tmp_path / 'one.asc').read_text()
                            for key in keys))
    return path


def test_other_keys_of_a_keyring_may_not_sign(builder, mirror, keys, both):
    builder.declare(PACKAGES[:1], key=keys[0].fingerprint)
    builder.fill(keyring=both)
    mirror['bird'].key = keys[1]
    mirror['bird'].publish()

    assert 'NO_PUBKEY' in builder.is_refused('--update-lock', keyring=both)


def test_where_no_key_is_declared_the_keyring_must_have_one_only(builder, keys, both):
    said = builder.is_refused(keyring=both)

    assert 'the only one of a keyring' in said
    assert all(key.fingerprint in said for key in keys)


def test_a_missing_package_is_named_with_its_source_and_what_there_is(builder, mirror):
    (builder.mirror / 'calico/calico-felix_1.3.0-1_all.deb').unlink()
    mirror['calico'].publish()
    assert ('packages/6.1.yaml: calico-felix: version: >= 1.3, < 1.4: source calico '
            '(file://{}/calico ./) has 1.4.0-1 '.format(builder.mirror)
            in builder.is_refused())

    (builder.mirror / 'calico/calico-felix_1.4.0-1_all.deb').unlink()
    mirror['calico'].publish()
    assert '/calico ./) has none.' in builder.is_refused()


def test_a_source_may_be_elsewhere_in_another_suite(builder, tmp_path, keys):
    whole = AptRepository(tmp_path / 'elsewhere', keys[1])
    whole.add('calico-felix', '1.3.1-1')
    whole.add('networking-calico', '1:1.1.4')
    whole.publish()
    other = keys[1].export(tmp_path / 'other.asc')

    builder.fill('--source', 'calico=file://{} trusty main'.format(whole.root),
                 '--keyring', 'calico={}'.format(other))

    assert builder.held() == [HELD[0], 'calico-felix_1.3.1-1_all.deb',
                              'networking-calico_1.1.4_all.deb']


@pytest.mark.parametrize('args, message', [
    (['--mirror', ''], 'source bird: no mirror given. Give MIRROR=URL'),
    (['--keyring', ''], 'source bird: no keyring given. Give KEYRING=FILE'),
    (['--keyring', '/no/such'], 'gpg cannot read the keyring /no/such'),
    (['--source', 'brid=x'], '--source brid=x: begins with no source and =; the '
                             'sources of packages/6.1.yaml are bird, calico'),
    (['--mirror', 'file:///no/such'], 'source bird (file:///no/such/bird trusty main)'),
])
def test_a_wrong_argument_is_named(builder, args, message):
    assert message in builder.is_refused(*args)


@pytest.mark.parametrize('change, message', [
    ({'version': '~> 1'}, 'packages: bird: version: ~> 1: neither version nor range'),
    ({'version': 1.6}, 'packages: bird: version: 1.6: neither version nor range'),
    ({'source': 'ppa'}, 'packages: bird: source: ppa: not declared; take one of bird'),
    ({'name': 'calico-felix'}, 'packages: calico-felix: declared twice'),
    ({'sha1': ''}, 'give it exactly the keys name, version, source'),
])
def test_a_wrong_declaration_is_named(builder, change, message):
    builder.declare([dict(PACKAGES[0], **change)] + PACKAGES[1:])

    said = builder.is_refused()

    assert said.startswith('packages: packages/6.1.yaml: ')
    assert message in said


def test_a_short_key_id_is_no_fingerprint(builder):
    builder.declare(PACKAGES, key='F9C59A45')

    assert 'sources: bird: key: F9C59A45: no fingerprint' in builder.is_refused()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_download_leaves_the_old_packages(builder, web, mirror, number):
    builder.fill(url=web.url)
    before = builder.state()
    mirror['bird'].add('bird', '1.6.4-1', architecture='amd64')
    mirror['bird'].publish()
    mirror['calico'].add('calico-felix', '1.3.9-1')
    mirror['calico'].publish()
    web.cuts = 'calico-felix_1.3.9-1_all.deb'

    running = subprocess.Popen(builder.argv('--update-lock', url=web.url),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert web.is_waiting.wait(30)
    running.send_signal(number)
    said = running.communicate()[0].decode()

    assert running.returncode == 1
    assert said.endswith('packages: interrupted\n')
    assert builder.state() == before
    assert not list(builder.repository.parent.glob('.download*'))


def test_a_download_that_the_mirror_cuts_leaves_the_old_packages(builder, web, mirror):
    builder.fill(url=web.url)
    mirror['calico'].add('calico-felix', '1.3.9-1')
    mirror['calico'].publish()
    web.cuts = 'calico-felix_1.3.9-1_all.deb'
    web.goes_on.set()

    assert '1.3.9-1_all.deb' in builder.is_refused('--update-lock', url=web.url)


def test_what_a_killed_run_has_left_is_no_hindrance(builder):
    left = builder.root / 'repositories/ubuntu/.download-6.1/bird'
    left.mkdir(parents=True)

    builder.fill()

    assert builder.held() == HELD
    assert not left.parent.exists()


def test_options_of_this_machines_apt_do_not_count(builder, tmp_path):
    conf = tmp_path / 'apt.conf'
    conf.write_text('Acquire::AllowInsecureRepositories "true";\n'
                    'APT::Get::AllowUnauthenticated "true";\n')
    (builder.mirror / 'bird/dists/trusty/InRelease').unlink()

    done = run(*builder.argv(), check=False, env=dict(os.environ, APT_CONFIG=str(conf)))

    assert 'is not signed' in done.stdout


@pytest.mark.parametrize('release', ['6.1', '7.0', '8.0', '9'])
def test_what_the_project_declares_is_good_and_names_no_host(release):
    path = ROOT / 'packages' / (release + '.yaml')

    run(sys.executable, '-B', ROOT / 'tools/packages', release, '--check')

    declared = yaml.safe_load(path.read_text())
    assert '://' not in path.read_text()
    assert {p['source'] for p in declared['packages']} == set(declared['sources'])
