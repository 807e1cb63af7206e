"""make lab, as a person at a terminal meets it: labs have names, and an owner."""

import shutil
import subprocess
import sys

import pytest

from lab.machine import run
from lab.network import bird
from tests.live.test_demo import PROGRAMS

# argv: a name. A lab of a checkout as "up" leaves it, without its nodes' processes.
KEEP = '''
import json, sys
from lab import laboratory
from lab.machine import run
with run.Run(name=sys.argv[1]) as this_run:
    this_run.add_namespace('node-1')
    this_run.keep()
    laboratory.state_file(this_run).write_text(
        json.dumps({'release': '7.0', 'members': {'node-1': [], 'node-2': []}}))
print(this_run.owner)
'''
# One that is being made, until somebody kills it.
BEGIN = '''
import signal, sys
from lab.machine import run
with run.Run(name=sys.argv[1]) as this_run:
    print(this_run.owner, flush=True)
    signal.pause()
'''


class Checkout:
    """A copy of the lab in a folder of its own, and the runs that it made."""

    def __init__(self, folder):
        self.folder = folder
        for name in 'lab', 'calico_fuel':
            # A stand-in's program links to one that is on nodes only.
            shutil.copytree(bird.PROJECT / name, folder / name, symlinks=True)
        (folder / '.cache').symlink_to(bird.PROJECT / '.cache')
        self.runs = {}

    def keep(self, name):
        self.runs[name] = run.Run(self._python('-c', KEEP, name).stdout.strip())

    def begin(self, name):
        process = subprocess.Popen([sys.executable, '-c', BEGIN, name], text=True,
                                   cwd=self.folder, stdout=subprocess.PIPE)
        self.runs[name] = run.Run(process.stdout.readline().strip())
        return process

    def lab(self, *arguments):
        return self._python('-m', 'lab.cli', *arguments)

    def there(self):
        return [name for name, a_run in self.runs.items() if a_run.directory.exists()]

    def _python(self, *arguments):
        return subprocess.run([sys.executable, *arguments], cwd=self.folder, text=True,
                              capture_output=True, timeout=60)


@pytest.fixture
def checkouts(tmp_path, demand):
    """Two of them."""
    demand(['1'], PROGRAMS)
    checkouts = [Checkout(tmp_path / name) for name in ('one', 'other')]
    yield checkouts
    for checkout in checkouts:
        for a_run in checkout.runs.values():
            a_run.remove()


@pytest.fixture
def checkout(checkouts):
    return checkouts[0]


def test_down_removes_the_lab_of_this_checkout_and_no_other(checkouts):
    one, other = checkouts
    one.keep('lab')
    other.keep('lab')

    assert one.lab('down').stdout == 'lab is removed\n'

    assert one.there() == [] and other.there() == ['lab']
    assert one.runs['lab'].namespaces() == []
    assert other.runs['lab'].namespaces()
    refused = one.lab('down')
    assert refused.returncode == 1 and 'no lab is up' in refused.stderr
    assert other.there() == ['lab']


def test_a_second_up_says_which_lab_is_up_and_what_to_do(checkout):
    """It makes nothing and leaves the first one alone, whose process has ended."""
    checkout.keep('lab')

    second = checkout.lab('up')

    assert second.returncode == 1 and second.stdout == ''
    assert second.stderr.startswith('lab: a lab called lab is up: Fuel 7.0, 2 nodes, ')
    assert 'make lab ARGS="down lab"' in second.stderr and '--name' in second.stderr
    assert checkout.there() == ['lab']


def test_an_up_beside_one_of_its_name_that_has_not_ended_is_refused(checkout):
    first = checkout.begin('lab')

    second = checkout.lab('up')
    removal = checkout.lab('down')

    first.kill()
    first.communicate()
    assert second.returncode == removal.returncode == 1
    assert 'lab: a lab called lab is up: being made since ' in second.stderr
    assert 'lab is being made since ' in removal.stderr


def test_of_several_labs_it_asks_for_the_name(checkout):
    """All are named; the one that is chosen is removed, and no other."""
    checkout.keep('lab')
    checkout.keep('second')

    for command in ['down'], ['status'], ['shell', 'node-1']:
        refused = checkout.lab(*command)
        assert refused.returncode == 1
        assert 'lab (Fuel 7.0, 2 nodes, since' in refused.stderr
        assert 'second (Fuel 7.0, 2 nodes, since' in refused.stderr
    assert checkout.there() == ['lab', 'second']
    listed = checkout.lab('list').stdout.splitlines()
    assert [line.split()[0] for line in listed] == ['lab', 'second']
    assert checkout.lab('down', 'second').stdout == 'second is removed\n'
    assert checkout.there() == ['lab']


def test_a_name_that_no_lab_has_is_refused_with_those_that_there_are(checkout):
    checkout.keep('lab')

    refused = checkout.lab('ping', '--name', 'second')

    assert refused.returncode == 1
    assert refused.stderr == 'lab: no lab is called second; there is lab\n'


def test_a_name_that_no_command_line_could_take_is_refused(checkout):
    refused = checkout.lab('up', '--name', '--a b')

    assert refused.returncode != 0 and checkout.there() == []
    refused = checkout.lab('up', '--name', 'a b')
    assert refused.returncode == 1 and '--name a b: take letters' in refused.stderr


def test_what_a_killed_run_left_is_removed_by_its_own_checkout_only(checkouts):
    one, other = checkouts
    killed = one.begin('lab')
    killed.kill()
    killed.communicate()
    for checkout, left in (other, ['lab']), (one, []):
        checkout._python('-c', 'from lab.machine import run; run.remove_remains()')

        assert one.there() == left
