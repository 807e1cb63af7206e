"""Can this deployment work?  What apt and BIRD tell."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError
from calico_fuel.packages import lock_file
from calico_fuel.system import Answer
from tests.unit.builders import environment
from tests.unit.fake.apt import MOS
from tests.unit.fake.bird import Bird
from tests.unit.fake.preflight_node import THREE, Node, looked, problems, told
from tests.unit.fake.system import bad


def test_packages_that_are_nowhere_are_one_problem_with_its_cure():
    system = Node()
    del system.apt.versions['calico-control'], system.apt.versions['etcd']

    problem, = problems(system=system)

    assert 'apt finds no package calico-control, etcd for Fuel 6.1' in problem
    assert 'make packages' in problem


def test_packages_that_are_installed_are_not_looked_for():
    system = Node()
    for name in list(system.apt.versions):
        system.apt.have(name, '1.6.8')
    system.apt.versions = {}
    Bird(system)

    assert problems(system=system) == []
    assert 'All packages are installed' in told(system=system)


def test_packages_that_are_compared_with_no_lock_are_noted():
    system = Node()
    lock = lock_file.path('6.1')

    state, = [f for f in looked(system=system) if f.subject == lock]
    system.write(lock, '')

    assert 'make packages' in state.fix and not state.is_problem
    assert [f for f in looked(system=system) if f.subject == lock] == []


def test_where_there_is_no_apt_the_packages_are_not_checked():
    system = Node()
    system.programs.update({'apt-cache': None, 'dpkg-query': None})

    assert problems(system=system) == []
    assert 'There is no apt here: the packages are not checked' in told(system=system)


def test_an_apt_that_fails_is_a_problem_in_its_own_words():
    system = Node()
    system.programs['apt-cache'] = lambda argv, text: bad(
        'E: Malformed entry 1 in list file /etc/apt/sources.list', 100)

    problem, = problems(system=system)

    assert 'Malformed entry 1' in problem and 'Fix the package sources' in problem


def with_bird(version, **kwargs):
    system = Node(**kwargs)
    system.apt.have('bird', '1.6.8')
    return system, Bird(system, version)


@pytest.mark.parametrize('version', ['1.6.8', '2.0.12'])
def test_the_bird_that_is_installed_is_asked(version):
    system, _ = with_bird(version)

    assert '/etc/bird/bird.conf: renders, and BIRD {} accepts it'.format(
        version) in told(system=system)


def test_what_bird_refuses_is_a_problem_in_its_own_words():
    system, program = with_bird('1.6.8')
    program.refused = 'router id'

    problem, = problems(system=system)

    assert 'BIRD refuses the rendered bird.conf: bird.conf:1:1 syntax' in problem


def test_a_bird_that_is_too_old_is_a_problem():
    system, _ = with_bird('1.4.5')

    problem, = problems(system=system)

    assert 'BIRD 1.4.5 is installed, and too old' in problem


def test_an_old_bird_that_ours_replaces_is_none():
    system, _ = with_bird('1.4.5')
    system.apt.have('bird', '1.4.5')

    assert problems(system=system) == []
    assert any('was not asked' in line for line in told(system=system))


def test_a_bird_that_would_come_and_is_too_old_is_a_problem():
    """Trusty's own, where the plugin's repository has none."""
    system = Node()
    system.apt.versions['bird'] = []
    system.apt.add('bird', '1.4.0-1', MOS)

    problem, = problems(system=system)

    assert 'apt would install BIRD 1.4.0, which is too old' in problem


def test_a_peer_that_the_bird_to_come_cannot_speak_to_is_a_problem():
    env = environment(THREE, external_peers='b6 65010 2001:db8::1')
    system = Node()

    problem, = problems(env, system)
    assert 'which BIRD 1.x cannot connect to' in problem

    system.apt.versions['bird'] = []
    system.apt.add('bird', '1:2.0.12-1')
    assert problems(env, system) == []


@pytest.mark.parametrize('of_version, words', [
    (-9, 'bird: does not print its version (exit status -9)'),
    (0, 'bird: was ended by signal 9 while it read')])
def test_a_bird_that_is_broken_is_not_taken_for_a_refusal(of_version, words):
    system, _ = with_bird('1.6.8')
    system.programs['bird'] = lambda argv, text: (
        Answer(-9, '', '') if of_version or '-p' in argv
        else bad('BIRD version 1.6.8', 0))

    problem, = problems(system=system)

    assert words in problem and 'Install the package again' in problem


def test_a_full_disk_is_told():
    system, _ = with_bird('1.6.8')

    def full():
        raise FileError('temporary directory', 'No space left', 'Make room in /tmp')
    system.temporary_directory = full

    assert problems(system=system) == [
        'NOT_RENDERED: temporary directory: No space left. Make room in /tmp']
