"""A daemon that hangs is told with what helps; its client has been killed by then."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import CommandError, NodeError, SlowError
from calico_fuel.openstack import neutron
from calico_fuel.openstack.pacemaker import Stopped
from calico_fuel.resources.service import Service
from tests.unit.fake.system import FakeSystem

QUESTIONS = {
    'service some status': ('service', lambda system: Service('some', ()).difference(
        system), 'end that or restart the service'),
    'neutron net-list -f csv': ('bash', lambda system: neutron.rows(
        system, 'net', ['id']), 'see /var/log/neutron'),
    'cibadmin --query': ('cibadmin', Stopped(['some']).difference, 'Pacemaker hangs'),
}


def asked(question, answer):
    program, ask, _ = QUESTIONS[question]
    system = FakeSystem()

    def run(argv, text=None, accept=(0,), timeout=120):
        assert argv[0] == program and timeout <= 60
        if isinstance(answer, Exception):
            raise answer
        return answer
    system.run = run
    with pytest.raises((CommandError, NodeError)) as error:
        ask(system)
    return error.value


@pytest.mark.parametrize('question', sorted(QUESTIONS))
def test_a_daemon_that_hangs_is_told_with_what_helps(question):
    message = asked(question, CommandError([question], -9, 'took longer')).args[0]

    assert message.startswith(question) and ': no answer within ' in message
    assert QUESTIONS[question][2] in message


def test_it_says_the_seconds_that_the_daemon_was_given():
    """status gives it fewer."""
    message = asked('cibadmin --query', SlowError(['cibadmin'], -9, 3)).args[0]

    assert ': no answer within 3 s' in message


@pytest.mark.parametrize('question', ['service some status', 'neutron net-list -f csv'])
def test_a_client_that_is_missing_is_no_daemon_that_hangs(question):
    error = asked(question, CommandError([question], 127, 'is not installed'))

    assert isinstance(error, CommandError) and error.status == 127
