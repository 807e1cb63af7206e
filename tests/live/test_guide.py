"""The guide is what is run: its marked blocks end and print as the pages show.

One lab is for all pages: the blocks of docs/demonstration.md that are marked "begin"
make it, and those marked "end" remove it.
"""

import re
import shutil
from collections import namedtuple

import pytest

from lab.fuel import fuel_metadata
from lab.machine import programs
from lab.machine.programs import eventually
from lab.network import bird
from tests import guide
from tests.live.test_demo import PROGRAMS

BEGIN, SHELL, END = 'begin', 'shell', 'end'
PAGE_OF_THE_LAB = 'docs/demonstration.md'
LINKED = '.cache', '.venv'
ROLES = ['primary-controller'], ['compute'], ['compute']
COMMAND = '#!/bin/sh\nexec .venv/bin/python -m calico_fuel "$@"\n'
# A session or a route may come some seconds later; with --update-golden, how long a
# text that differs is given.
SECONDS, SECONDS_TO_SETTLE = 30, 12
SECONDS_OF_A_BLOCK = 600
# "make test" would have the page's own make tell of folders and levels.
IN_A_FOLDER = ('cd "$0" && unset MAKEFLAGS MAKELEVEL MFLAGS && '
               'PATH=$0/bin:$PATH exec "$@" 2>&1')
ARCHIVE = '/root/node.tar.gz'


class Checkout(namedtuple('Checkout', 'folder is_updating')):
    """A copy of this checkout: its labs are its own, and so is what blocks write.

    ``calico-fuel`` is installed, and a node's astute.yaml is there.
    """

    def make(self):
        shutil.copytree(bird.PROJECT, self.folder, symlinks=True,
                        ignore=shutil.ignore_patterns('.git', 'dist', *LINKED))
        for name in LINKED:
            (self.folder / name).symlink_to(bird.PROJECT / name)
        (self.folder / 'astute.yaml').write_text(fuel_metadata.text('6.1', ROLES))
        command = self.folder / 'bin/calico-fuel'
        command.parent.mkdir()
        command.write_text(COMMAND)
        command.chmod(0o755)

    def shell(self, place, text):
        """The exit status and both outputs of commands in the checkout or on a node."""
        text = 'set -e\n' + text
        if place in (BEGIN, SHELL, END):
            return self._result('bash', '-c', text)
        return self._result(
            '.venv/bin/python', '-m', 'lab.cli', 'shell', place, text=text)

    def follow(self, page, wanted):
        """Take the steps of a *page* whose place is *wanted*, one after the other."""
        for step in guide.steps(page):
            if wanted(step.place):
                self._take(step)

    def _take(self, step):
        """Until it ends and prints as its page shows."""
        block, shown = step.block, step.output and guide.blocks(step.block.page)[
            step.output].text
        said = []

        def is_as_shown():
            said[:] = self.shell(step.place, block.text)
            return said[0] == step.status and (
                shown is None or guide.prints(said[1], shown))
        if eventually(is_as_shown, SECONDS_TO_SETTLE if self.is_updating else SECONDS):
            return
        assert said[0] == step.status, '{}: {}\n{}'.format(
            block.where, block.text, said[1])
        assert self.is_updating or said[1] == shown, block.where
        guide.show(block.page, step.output, said[1])

    def _result(self, *argv, text=None):
        return programs.result(
            ['bash', '-c', IN_A_FOLDER, str(self.folder), *argv], text,
            timeout=SECONDS_OF_A_BLOCK)[:2]


@pytest.fixture(scope='module')
def checkout(demand, tmp_path_factory, pytestconfig):
    """One whose lab is up."""
    demand(bird.LINES, PROGRAMS)
    checkout = Checkout(tmp_path_factory.mktemp('guide') / 'calico-fuel-plugin',
                        pytestconfig.getoption('--update-golden'))
    checkout.make()
    try:
        checkout.follow(PAGE_OF_THE_LAB, lambda place: place == BEGIN)
        yield checkout
        checkout.follow(PAGE_OF_THE_LAB, lambda place: place == END)
    finally:
        # A failure may have left it.
        checkout.shell(SHELL, '.venv/bin/python -m lab.cli down')


def is_between(place):
    return place not in (BEGIN, END)


@pytest.mark.parametrize('page', [
    page for page in guide.PAGES
    if any(is_between(step.place) for step in guide.steps(page))])
def test_the_commands_of_a_page_end_and_print_as_it_shows(checkout, page):
    checkout.follow(page, is_between)


@pytest.mark.parametrize('name', ['node-1', 'node-2'])
def test_the_archive_of_a_node_has_no_password_and_is_for_root_only(checkout, name):
    """What diag makes: the pages say it, and show no output."""
    def output(command):
        status, said = checkout.shell(name, command)
        assert status == 0, said
        return said
    password = re.search('password "(.{20,})"', output('cat /etc/bird/bird.conf'))[1]

    output('calico-fuel diag --output ' + ARCHIVE)

    assert output("stat -c '%a %U' " + ARCHIVE) == '600 root\n'
    names = output('tar tzf ' + ARCHIVE)
    for part in 'summary.txt', 'bird/protocols.txt', 'network/iptables.txt':
        assert part in names
    said = output('tar xzOf ' + ARCHIVE)
    assert password not in said and 'password ********' in said
    for command in 'status', 'verify', 'diff':
        assert '\n---- calico-fuel {}\n'.format(command) in said
    assert checkout.shell(name, 'calico-fuel diag --output ' + ARCHIVE)[0] == 1
