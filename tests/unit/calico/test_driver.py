"""Whether Neutron has loaded the Calico driver is told, with its fix."""

from __future__ import unicode_literals

import pytest

from calico_fuel.calico import driver
from calico_fuel.calico import keys as calico_keys

KEYS = {calico_keys.READY_KEY: 'true', calico_keys.ELECTION_KEY: 'node-2:4711'}


def without(*keys):
    return dict((key, value) for key, value in KEYS.items() if key not in keys)


def test_a_driver_that_leads_and_is_ready_is_loaded():
    check = driver.check(KEYS)

    assert (check.subject, check.state, check.is_problem) == (
        'Calico mechanism driver', 'loaded and ready, leader node-2', False)


@pytest.mark.parametrize('keys, state', [
    (None, 'unknown: etcd does not answer'),
    ({}, 'has not written its data'),
    (without(calico_keys.READY_KEY), 'has not written its data'),
    (dict(KEYS, **{calico_keys.READY_KEY: 'false'}), 'has not written its data'),
    (without(calico_keys.ELECTION_KEY), 'was loaded once, and is no longer')])
def test_a_running_neutron_server_is_no_proof_of_its_driver(keys, state):
    check = driver.check(keys)

    assert check.is_problem and check.state == state and 'calico-fuel' in check.fix
