"""Neutron by its client: CSV is understood, an API that comes back is waited for."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.errors import NodeError
from calico_fuel.openstack import neutron
from tests.unit.fake.neutron import Neutron
from tests.unit.fake.system import FakeSystem


def test_csv_is_rows_by_column_with_quotes_line_breaks_and_foreign_letters():
    """As python-neutronclient 4.1.1 prints it."""
    rows = neutron.parse_rows('"id","name"\n"1","B\xfccher, ""x""\ny"\n"2",""\n')

    assert rows == [{'id': '1', 'name': 'B\xfccher, "x"\ny'}, {'id': '2', 'name': ''}]
    assert all(type(cell) is type('') for row in rows for cell in row.values())
    assert neutron.parse_rows('"id"\n"1\0"\n') == [{'id': '1'}]


@pytest.mark.parametrize('text', ['', '\n', '"id","name"\n'])
def test_no_rows_are_no_rows(text):
    """The client prints an empty line when nothing matches."""
    assert neutron.parse_rows(text) == []


def test_objects_are_found_by_their_attributes_in_a_stable_order():
    system = FakeSystem()
    api = Neutron(system)
    api.add_network('b\xfccher')
    odd = api.add_network('odd', 'x\ny')
    first, second = api.add_network('net04'), api.add_network('net04', 'local')
    api.objects['net'].reverse()

    rows = neutron.rows(
        system, 'net', ('id', 'provider:network_type', 'qos'), name='net04')

    assert rows == [{'id': first, 'provider:network_type': 'vlan', 'qos': ''},
                    {'id': second, 'provider:network_type': 'local', 'qos': ''}]
    # What is printed of it makes no line of its own.
    assert neutron.rows(system, 'net', ('provider:network_type',), id=odd) == [
        {'provider:network_type': 'x\\x0ay'}]


@pytest.mark.parametrize('words', [
    'Connection to neutron failed: Failed to connect Neutron server',
    'Unable to establish connection to http://192.0.2.2:5000/v2.0/tokens',
    '<html><body><h1>503 Service Unavailable</h1>\nNo server is available'])
def test_an_api_that_comes_back_is_waited_for(words):
    system = FakeSystem()
    api = Neutron(system)
    api.add_network('net04')
    api.is_away, api.away_words = 5, words

    assert [one.state for one in converge([neutron.Answers()] * 2, system)] == [
        CHANGED, UNCHANGED]

    assert len(neutron.rows(system, 'net', ('id',), name='net04')) == 1


def test_an_api_that_stays_away_is_an_error_after_a_minute():
    system = FakeSystem()
    api = Neutron(system)
    api.is_away = 1000
    begin = system.clock

    outcome, = converge([neutron.Answers()], system)

    assert outcome.state == FAILED
    assert 'neutron net-list -f csv' in outcome.difference
    assert 'Failed to connect' in outcome.difference
    assert 55 < system.clock - begin < 70


def test_a_refusal_is_an_error_at_once_and_holds_no_secret():
    system = FakeSystem()
    api = Neutron(system)
    del system.files[neutron.CREDENTIALS]
    begin = system.clock

    with pytest.raises(NodeError) as error:
        neutron.rows(system, 'net', ('id',))

    assert '/root/openrc: No such file' in error.value.args[0]
    assert 'pw' not in error.value.args[0]
    assert system.clock - begin < 1 and api.objects['net'] == []


def test_a_change_is_not_tried_again():
    """It may have happened although the answer was lost."""
    system = FakeSystem()
    api = Neutron(system)
    api.is_away = 1

    with pytest.raises(NodeError):
        neutron.change(system, 'net-create', '--shared',
                       '--provider:network_type=local', 'x')

    assert api.names('net') == []


def test_a_client_that_takes_long_to_fail_does_not_lengthen_the_wait():
    system = FakeSystem()
    api = Neutron(system)
    api.is_away, begin = 1000, system.clock

    def slow(argv, text):
        system.clock += 20
        return api.bash(argv, text)
    system.programs['bash'] = slow

    assert [one.state for one in converge([neutron.Answers()], system)] == [FAILED]

    assert system.clock - begin < 90
