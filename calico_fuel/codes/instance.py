"""Codes of one instance, which explain alone names: its port, its way, its groups."""

from __future__ import unicode_literals

from calico_fuel.codes.code import problem

NO_ENDPOINT = problem(
    'NO_ENDPOINT', 'etcd has no endpoint with this address, port or tap.',
    '"neutron port-list | grep ADDRESS"; "neutron port-show PORT"',
    'Name an instance that runs. If Neutron has bound its port, run "service '
    'neutron-server restart" on a controller.')
TWO_ENDPOINTS = problem(
    'TWO_ENDPOINTS', 'Two ports have the same address.',
    '"neutron port-list | grep ADDRESS"', 'Delete one of the ports.')
ENDPOINT_OFF = problem(
    'ENDPOINT_OFF', 'The port of the instance is switched off.',
    '"neutron port-show PORT"', 'Run "neutron port-update PORT --admin-state-up True".')
PORT_MISSING = problem(
    'PORT_MISSING', 'etcd has an endpoint whose port Neutron does not have.',
    '"neutron port-list"', 'Run "service neutron-server restart" on a controller.')
PORT_ELSEWHERE = problem(
    'PORT_ELSEWHERE', 'Neutron and etcd have the instance on different hosts.',
    '"neutron port-show PORT"',
    'Wait, if it moves. Else run "service neutron-server restart" on a controller.')
FELIX_FAILS = problem(
    'FELIX_FAILS', 'Felix reports that it cannot connect an instance.',
    '/var/log/calico/felix.log on the host of the instance',
    'Do what the log says.')
NOT_REFLECTED = problem(
    'NOT_REFLECTED', 'No route reflector sends the route to an instance.',
    'calico-fuel explain on the host of the instance, then on a route reflector',
    'Follow the fix that they print.')
NEXT_HOP_SILENT = problem(
    'NEXT_HOP_SILENT', 'The compute of an instance does not answer a ping.',
    '"ping NEXT_HOP"; "ip neigh"', 'Start that node, and check its cable.')
GROUPS_REFUSE = problem(
    'GROUPS_REFUSE', 'The security groups allow no packet to an instance.',
    '"neutron security-group-show ID"', 'Add a rule, or give the port another group.')
