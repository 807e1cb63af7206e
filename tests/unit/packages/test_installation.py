"""An installation waits for others, starts no service, and changes what it has to."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED
from calico_fuel.packages.installation import POLICY
from tests.unit.fake.apt import MOS
from tests.unit.packages.test_package import failure, node, outcome


def test_what_would_change_a_package_of_others_is_refused_by_name():
    system, apt = node()
    apt.have('libreadline', '6.2')
    apt.have('quagga', '0.9')
    apt.add('libreadline', '6.3', MOS)
    apt.add('bird', '1.6.9', depends=['libreadline=6.3'], conflicts=['quagga'])
    before = apt.installed()

    message = failure(system)

    assert 'with bird, conntrack libreadline would go from 6.2 to 6.3, ' in message
    assert 'quagga would be removed' in message
    assert 'build the RPM with packages that fit' in message
    assert apt.installed() == before and system.changes == 0


def test_a_declared_package_of_others_is_not_upgraded_on_the_way():
    system, apt = node()
    apt.add('bird', '1.6.9', depends=['iptables-persistent=0.5.8'])

    assert 'iptables-persistent would go from 0.5.7 to 0.5.8' in failure(system)


def test_dependencies_that_nobody_has_are_told_in_apts_words():
    system, apt = node()
    apt.add('bird', '1.6.9', depends=['libssh'])

    message = failure(system)

    assert 'libssh : is not installable' in message and 'make packages' in message


def test_a_lock_that_another_program_has_for_a_while_is_waited_for():
    system, apt = node()
    apt.locked = 10
    begin = system.clock

    assert outcome(system).state == CHANGED
    assert 45 < system.clock - begin < 60


def test_a_source_that_answers_again_is_asked_again():
    system, apt = node()
    apt.unreachable = 3

    assert outcome(system).state == CHANGED


@pytest.mark.parametrize('trouble, words', [
    ('locked', 'fuser -v /var/lib/dpkg/lock'),
    ('unreachable', 'Temporary failure resolving')])
def test_waiting_ends_before_fuel_ends_the_task(trouble, words):
    """Fuel 9.0 and 9.1 kill it after 300 s."""
    system, apt = node()
    setattr(apt, trouble, 1000)
    begin = system.clock

    message = failure(system)

    assert 'gave up after 180 s' in message and words in message
    assert 170 < system.clock - begin < 200
    assert POLICY not in system.files


def test_an_error_that_does_not_pass_is_told_at_once():
    system, apt = node()
    begin = system.clock

    def broken(argv, text):
        if '--download-only' not in argv and '-y' in argv:
            return apt.apt_get(['apt-get', 'install', 'bird'], text)._replace(
                status=100, stderr='E: Sub-process /usr/bin/dpkg returned an error')
        return apt.apt_get(argv, text)
    system.programs['apt-get'] = broken

    assert 'Sub-process /usr/bin/dpkg returned an error' in failure(system)
    assert system.clock - begin < 1 and POLICY not in system.files


def test_no_service_starts_at_its_installation():
    system, apt = node()

    outcome(system)

    assert apt.started == [] and POLICY not in system.files


def test_while_the_lock_is_anothers_its_services_may_start():
    system, apt = node()
    apt.locked = 3
    seen = []
    system.eventually = eventually_with(
        system, lambda: seen.append(POLICY in system.files))

    outcome(system)

    assert seen == [False] * 3


def eventually_with(system, between):
    original = system.eventually

    def eventually(poll, seconds, interval=0.25, until=bool):
        def is_there(seen):
            result = until(seen)
            if not result:
                between()
            return result
        return original(poll, seconds, interval, is_there)
    return eventually


def test_a_policy_of_others_is_respected_and_stays():
    system, apt = node()
    system.write(POLICY, '#!/bin/sh\nexit 0\n', 0o755)

    outcome(system)

    assert system.text(POLICY) == '#!/bin/sh\nexit 0\n'
    assert sorted(apt.started) == ['bird', 'conntrack', 'libnet']


def test_debconf_is_told_not_to_save_felixs_chains():
    system, apt = node()
    del apt.states['iptables-persistent']

    outcome(system)

    assert apt.answers == {'iptables-persistent/autosave_v4': 'false',
                           'iptables-persistent/autosave_v6': 'false'}


def test_an_answer_to_debconf_is_not_touched_where_the_package_is_installed():
    system, apt = node()

    outcome(system)

    assert apt.answers == {}
