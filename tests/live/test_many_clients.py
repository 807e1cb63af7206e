"""A route reflector with passwords has more clients than Trusty's kernel allows."""

import pytest

from calico_fuel.tasks import bgp
from lab.machine import run
from lab.machine.programs import eventually
from lab.measure import reflector

CLIENTS, OF_TRUSTY = 200, '20480'


def test_all_of_200_clients_have_a_session(demand, line):
    """Without the setting that a reflector gets, 50 have none."""
    demand(line)
    run.remove_remains()
    with run.Run() as this_run:
        daemon, clients = reflector.prepare(this_run, line, CLIENTS)
        if daemon.node.run('sysctl', '-ne', bgp.SOCKET_OPTIONS.key) == '':
            pytest.skip('live test needs kernel 6.8')
        log = this_run.directory / 'clients.log'
        reflector.start_clients(this_run, daemon, clients, 1, log)

        set_socket_options(daemon.node, OF_TRUSTY)
        daemon.start()
        assert eventually(daemon.sessions)
        without = [session for session in daemon.sessions().values()
                   if 'MD5' in session.info]
        daemon.kill()
        set_socket_options(daemon.node, bgp.SOCKET_OPTIONS.value)
        daemon.start()

        assert len(without) >= CLIENTS - 150
        reflector.await_word(log, 'established', 1)


def set_socket_options(node, value):
    node.run('sysctl', '-w', '{}={}'.format(bgp.SOCKET_OPTIONS.key, value))
