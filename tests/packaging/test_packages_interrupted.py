"""make packages is interrupted, and leaves the packages of before."""
import os
import signal
import subprocess

import pytest

from tests.packaging.make_packages import HELD


# A shell without job control lets what it starts in the background ignore Ctrl-C, and
# so would `make packages` there; a test beside it is not about that.
NOT_IGNORED = ['env', '--default-signal=INT']


def ctrl_c(pid):
    """As a terminal does: apt gets it too."""
    os.killpg(pid, signal.SIGINT)


def kill(pid):
    os.kill(pid, signal.SIGTERM)


@pytest.mark.parametrize('interrupt', [ctrl_c, kill])
def test_an_interrupted_download_leaves_the_old_packages(
        builder, web, mirror, interrupt):
    builder.fill(url=web.url)
    before = builder.state()
    mirror['bird'].add('bird', '1.6.4-1', architecture='amd64')
    mirror['bird'].publish()
    mirror['calico'].add('calico-felix', '1.3.9-1')
    mirror['calico'].publish()
    web.cuts = 'calico-felix_1.3.9-1_all.deb'

    running = subprocess.Popen(
        NOT_IGNORED + builder.argv('--update-lock', url=web.url),
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert web.is_waiting.wait(30)
    interrupt(running.pid)
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
