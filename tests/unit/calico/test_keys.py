"""What Calico says of itself in etcd, and which hosts report."""

from __future__ import unicode_literals

import pytest

from calico_fuel.calico import keys
from calico_fuel.errors import NodeError
from tests.unit.builders import environment
from tests.unit.fake import etcd_keys
from tests.unit.fake.system import FakeSystem


@pytest.fixture
def system():
    system = FakeSystem()
    stored = {
        keys.STATUS_KEY.format('node-2'): ('{}', None), keys.READY_KEY: ('true', None)}
    etcd_keys.serve(system, stored)
    return system


def test_without_etcd_nothing_is_known(system):
    del system.servers[:]

    assert keys.about_itself(system) is None
    with pytest.raises(NodeError) as error:
        keys.reporting(system)
    assert 'Run calico-fuel etcd, then this again' in error.value.args[0]


def test_hosts_whose_felix_reports_and_what_calico_says_of_itself_are_read(system):
    assert keys.reporting(system) == ['node-2']
    assert keys.about_itself(system) == {
        keys.STATUS_KEY.format('node-2'): '{}', keys.READY_KEY: 'true'}


def test_nova_may_call_a_host_by_either_name():
    assert keys.of_host(environment().node('2')) == (
        '/calico/v1/host/node-2', '/calico/v1/host/node-2.example.com')
