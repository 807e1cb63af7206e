"""A compute that is taken over announces the instance of another one as its own."""

import json

import pytest

from lab.fuel import felix
from lab.machine import programs
from lab.machine.programs import eventually
from tests.live import VERIFY_AT_ONCE
from tests.plan.attacks import TAKEN_OVER
from tests.plan.nodes import KEYS, ask_etcd

WORKLOAD = KEYS + 'calico/v1/host/{}/workload/openstack/{}'


@pytest.fixture
def victim(lab):
    """The compute and the Node of an instance, whose endpoint Neutron has written."""
    place, victim = list(lab.workloads.values())[1]
    key = WORKLOAD.format(place, victim.name)
    tap = lab.fuel.members[place].machine.node.tap_of(victim.address)
    ask_etcd(lab, 'node-1', '{}/endpoint/{}'.format(key, tap), 'value=' + json.dumps(
        felix.endpoint(victim, tap, '203.0.113.1', 'sg1')), 'PUT', check=True)
    yield place, victim
    ask_etcd(lab, 'node-1', key + '?recursive=true', '', 'DELETE', check=True)


@pytest.mark.plan("attack S8: a compute announces another compute's instance")
def test_verify_names_the_compute_that_announces_an_instance_of_another(
        lab, machine, victim):
    """It is not refused. `verify` fails, and names the address, the host of the
    instance, and the compute that announces it.

    Steps: As root of a compute, give a tap the address of an instance on another
    compute. Run `calico-fuel verify` on a route reflector.
    """
    place, victim = victim
    assert machine('node-1').attempt(VERIFY_AT_ONCE).status == 0
    thief = lab.fabric.add_workload('thief', machine(TAKEN_OVER).node, victim.address)
    try:
        assert eventually(lambda: victim.address in lab.birdc(
            'node-1', 'show', 'route', 'protocol', 'client_node_7'))
        said = machine('node-1').attempt(VERIFY_AT_ONCE)
    finally:
        programs.run(['ip', 'netns', 'delete', thief.namespace])

    line, = [line for line in said.output.splitlines()
             if '{} (Neutron bound it to {}'.format(victim.address, place) in line]
    assert said.status == 1 and 'routes from ' + TAKEN_OVER in line
