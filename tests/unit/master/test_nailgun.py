"""Fuel's API: what is asked for, in the forms of all its releases."""

from __future__ import unicode_literals

import sys

import pytest

from calico_fuel_master.errors import MasterError
from calico_fuel_master.nailgun import NO_CLIENT, Nailgun
from tests.unit.master.builders import mappings
from tests.unit.master.nailgun_client import Client, answers

TRANSACTIONS = 'transactions/?cluster_id=7'


def nailgun(found, error=None):
    return Nailgun('7', Client(found, error))


def deployed(infos, transactions=None, release='9.2'):
    found = answers(mappings(), version={'release': release})
    found[TRANSACTIONS] = transactions or [
        {'id': number, 'status': 'ready'} for number in infos]
    for number, info in infos.items():
        found['transactions/{}/deployment_info'.format(number)] = info
    return nailgun(found).deployed()


def test_all_nodes_are_asked_for_but_those_that_will_be_deleted():
    """Without a list Nailgun up to 9.0 names only those to be deployed."""
    coming = mappings()[:4]
    nodes = [{'id': number, 'pending_deletion': number == 5} for number in range(1, 6)]

    assert nailgun(answers(coming, nodes=nodes)).coming() == coming


def test_facts_that_somebody_uploaded_count():
    coming = mappings()
    api = nailgun(answers(coming, [{'uid': '4', 'debug': True, 'cinder': {'a': 1}}]))

    assert api.uploaded() == ['4']
    assert api.coming()[0] == coming[0]
    assert api.coming()[3] == dict(
        coming[3], debug=True, cinder=dict(coming[3]['cinder'], a=1))


def test_an_environment_without_nodes_is_refused():
    with pytest.raises(MasterError) as error:
        nailgun(answers(mappings(), nodes=[])).coming()

    assert 'environment 7: does not exist, or has no node' in error.value.args[0]


@pytest.mark.parametrize('form', [
    lambda facts: {each['uid']: each for each in facts},
    lambda facts: {'common': {'a': {'b': 1}}, 'nodes': {
        each['uid']: each for each in facts}},
    lambda facts: facts], ids=['9.0', '9.1 and 9.2', 'a list'])
def test_what_is_deployed_is_in_the_newest_deployment_of_a_node(form):
    old, new = mappings(as_number='64600'), mappings()[:1]
    found = deployed({3: form(old), 8: form(new)})

    numbers = {each['uid']: each['calico-fuel-plugin']['as_number'] for each in found}
    assert numbers == {'1': '64512', '2': '64600', '3': '64600', '4': '64600',
                       '5': '64600'}


def test_deployments_that_failed_or_were_a_trial_and_deleted_nodes_do_not_count():
    found = deployed({3: mappings() + [{'uid': '9'}, {'uid': 'master'}]}, [
        {'id': 3, 'status': 'ready'}, {'id': 4, 'status': 'error'},
        {'id': 5, 'status': 'ready', 'dry_run': True},
        {'id': 6, 'status': 'ready', 'graph_type': 'calico_verify'}])

    assert sorted(each['uid'] for each in found) == ['1', '2', '3', '4', '5']


@pytest.mark.parametrize('last, failed', [
    ({'id': 4, 'status': 'error'}, 4), ({'id': 4, 'status': 'ready'}, None),
    ({'id': 4, 'status': 'error', 'dry_run': True}, None),
    ({'id': 4, 'status': 'error', 'graph_type': 'calico_verify'}, None)])
def test_a_last_deployment_that_failed_is_told(last, failed):
    found = answers(mappings())
    found[TRANSACTIONS] = [{'id': 3, 'status': 'ready'}, last]

    assert nailgun(found).failed() == failed


def test_before_fuel_9_the_api_does_not_tell_what_is_deployed():
    assert deployed({}, release='8.0') is None


class Refused(Exception):
    """As requests raises it: the reason is in the body only."""

    class response:
        text = '{"message": "Plugin is locked"}'


@pytest.mark.parametrize('error, words', [
    (Refused('403 Client Error'), ['403 Client Error', 'Plugin is locked']),
    (ValueError('401 Unauthorized'), ['export OS_PASSWORD']),
    (ValueError('404 Not Found'), ['fuel2 env list']),
    (ValueError('Connection refused'), ['Does Nailgun run?']),
    (ValueError('a\x1bb'), ['a\\x1bb'])])
def test_every_error_of_the_client_is_told_with_a_fix(error, words):
    with pytest.raises(MasterError) as raised:
        nailgun({}, error).nodes()

    assert all(word in raised.value.args[0] for word in words), raised.value


def test_a_machine_without_fuels_client_is_told_what_works_there(monkeypatch):
    monkeypatch.setitem(sys.modules, 'fuelclient', None)

    with pytest.raises(MasterError) as error:
        Nailgun('7')

    assert error.value.args[0] == NO_CLIENT
