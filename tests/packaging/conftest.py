"""Both RPMs, built and unpacked once; a mirror, and who fetches packages from it."""
import functools
import http.server
import threading

import pytest

from tests.packaging.aptrepo import AptRepository, Key
from tests.packaging.make_packages import Builder, Web
from tests.packaging.rpmtools import EDITIONS, build, unpack


@pytest.fixture(scope='session')
def rpms(tmp_path_factory):
    return build(tmp_path_factory.mktemp('dist'))


@pytest.fixture(scope='session')
def plugins(rpms, tmp_path_factory):
    folder = tmp_path_factory.mktemp('unpacked')
    return {edition: unpack(rpm, folder / edition) for edition, rpm in rpms.items()}


@pytest.fixture(params=EDITIONS)
def rpm(request, rpms):
    return rpms[request.param]


@pytest.fixture(params=EDITIONS)
def plugin(request, plugins):
    return plugins[request.param]


@pytest.fixture(scope='session')
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
