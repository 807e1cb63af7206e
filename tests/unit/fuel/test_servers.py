"""The servers that the nodes use, in the metadata of each release."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from tests.unit.builders import roles


def servers(**values):
    data = fuel_metadata.metadata('9.2', roles())
    data.update(values)
    return [str(prefix) for prefix in parse_environment(json.dumps(data)).servers]


@pytest.mark.parametrize('values, found', [
    ({}, []),
    ({'external_dns': {'dns_list': '8.8.8.8, 8.8.4.4'}}, ['8.8.4.4/32', '8.8.8.8/32']),
    ({'external_dns': {'dns_list': ['10.9.0.1', 'dns.example.com']}}, ['10.9.0.1/32']),
    ({'external_ntp': {'ntp_list': '10.9.0.2, 0.pool.ntp.org'}}, ['10.9.0.2/32']),
    ({'syslog': {'syslog_server': '10.9.0.3', 'syslog_port': '514'}}, ['10.9.0.3/32']),
    ({'base_syslog': {'syslog_server': '10.9.0.4'}}, ['10.9.0.4/32']),
    ({'repo_setup': {'repos': [
        {'name': 'mos', 'uri': 'http://10.9.0.5:8080/ubuntu/14.04.1.2-rc'},
        {'name': 'ubuntu', 'uri': 'http://1.2.3.4.example.com/ubuntu'}]}},
     ['10.9.0.5/32']),
    # A digit to Python 3 alone.
    ({'external_dns': {'dns_list': '\u0662' '10.9.0.1'}}, ['10.9.0.1/32']),
    ({'external_dns': {'dns_list': '999.1.1.1'}}, []),
    ({'external_dns': ['10.9.0.1'], 'repo_setup': {'repos': [None, 'text']}}, [])])
def test_every_server_that_is_named_by_its_address(values, found):
    assert servers(**values) == found
