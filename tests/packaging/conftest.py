"""Both RPMs, built and unpacked once."""
import pytest

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
