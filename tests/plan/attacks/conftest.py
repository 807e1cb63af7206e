"""One environment for all attacks, which the earlier plugin left without protection."""

from collections import namedtuple

import pytest

from lab.fuel import earlier_plugin
from lab.machine import programs
from lab.machine.programs import eventually
from lab.network import traffic
from tests.live.test_internal_networks import reached
from tests.maintenance import pause_cron
from tests.plan import border
from tests.plan.attacks import IMPERSONATED, INSTANCES
from tests.plan.conftest import environments
from tests.plan.nodes import CONTROLLERS, KEY, ask_etcd, is_whole

COMPUTES = 4


class Rollout(namedtuple('Rollout', 'reached traffic')):
    """What a deployment with everything on did to the traffic of two instances.

    ``reached`` is what an instance reached of *internal* before.
    """


@pytest.fixture(scope='package')
def lab(rpms):
    """Three controllers and four computes, with the default settings and a border
    router, taken over from an earlier plugin. Cron is paused after the deployment: an
    attacker who is root would do that.
    """
    with environments(rpms) as make_lab:
        lab = make_lab(external_peers=border.PEER, workload_prefixes='')
        for role in ('primary-controller', 'controller', 'controller',
                     *['compute'] * COMPUTES):
            lab.fuel.add(role)
        earlier_plugin.deploy(lab.fuel)
        for name in INSTANCES:
            lab.add_workload(name)
        assert eventually(lambda: 'kept' in ask_etcd(
            lab, 'node-4', KEY, 'value=kept', 'PUT'))
        lab.border = border.start(lab)
        lab.rollout = roll_out(lab)
        for member in lab.fuel.members.values():
            pause_cron(member.machine)
        yield lab


def roll_out(lab):
    first, second = [workload for _, workload in lab.workloads.values()]
    before = reached(first, lab.fuel.members['node-5'].machine.address)

    def deployment():
        lab.fuel.deploy()
        assert eventually(lambda: is_whole(lab), 40)
    return Rollout(before, traffic.during(lab.run, [(first, second)], deployment))


@pytest.fixture
def machine(lab):
    """The Clone of a node by its name."""
    return lambda name: lab.fuel.members[name].machine


@pytest.fixture(scope='module')
def impostor(lab):
    """A stranger on the management network who has taken the place of a compute.

    He has its IP address and its hardware address.
    """
    controllers = [lab.fuel.members[name].machine.address for name in CONTROLLERS]
    lab.fabric.cut(IMPERSONATED)
    node = lab.fabric.add_node(
        'impostor', lab.fuel.members[IMPERSONATED].machine.address)
    # ssh is open to everybody: they take him for the compute.
    assert eventually(lambda: reached(node, *controllers) == controllers)
    yield node
    programs.run(['ip', 'netns', 'delete', node.namespace])
    lab.fabric.plug_in(IMPERSONATED)
    assert eventually(lambda: is_whole(lab), 60)
