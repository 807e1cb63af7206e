"""`make packages` in a tree of its own, and a mirror that it may ask by http."""
import http.server
import os
import shutil
import sys

import yaml

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
