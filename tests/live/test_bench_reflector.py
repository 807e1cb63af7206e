"""The clients of `make bench-reflector` say only what is so."""

import time

import pytest

from lab.machine import run
from lab.machine.programs import eventually
from lab.measure import reflector

CLIENTS, ROUTES = 5, 3
ONE_REFUSED = 'import filter from_client;', 'import none;'


@pytest.fixture
def prepared(demand, line):
    demand(line)
    run.remove_remains()
    with run.Run() as this_run:
        yield this_run, *reflector.prepare(this_run, line, CLIENTS)


def test_clients_are_complete_when_the_last_route_of_all_is_reflected(prepared):
    this_run, daemon, clients = prepared
    log, text = this_run.directory / 'clients.log', daemon.config.read_text()
    daemon.config.write_text(text.replace(*ONE_REFUSED, 1))
    reflector.start_clients(this_run, daemon, clients, ROUTES, log)
    daemon.start()
    assert eventually(lambda: '{} of '.format((CLIENTS - 1) * ROUTES) in daemon.birdc(
        'show', 'route', 'count'))

    daemon.config.write_text(text)
    accepted = time.monotonic()
    daemon.birdc('configure')

    assert reflector.await_word(log, 'complete', 1) > accepted
