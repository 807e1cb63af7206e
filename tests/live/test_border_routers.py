"""The configurations of docs/border-routers.md, as they stand there."""

import re

import pytest

from lab.machine.programs import eventually
from lab.network import bird, fabric, frr
from tests.live import COMPUTE, CONTROLLER

PAGE = bird.PROJECT / 'docs/border-routers.md'
REFLECTORS = 'node-1', 'node-2'
ADDRESSES = ['192.0.2.11', '192.0.2.12']
INSIDE, OUTSIDE = '203.0.113.21', '203.0.113.200'


def text(name):
    """The configuration of the page that is marked as *name*."""
    return re.search(r'(?s)<!-- tried: {} -->\n```\n(.*?)```'.format(name),
                     PAGE.read_text()).group(1)


class BirdRouter(bird.Bird):
    def established(self):
        return sorted('192.0.2.1' + name[-1] for name, one in self.sessions().items()
                      if one.is_established)


def with_bird(run, node, line):
    directory = run.directory / 'border'
    directory.mkdir()
    (directory / 'bird.conf').write_text(text('bird' + line))
    return BirdRouter(run, node, directory, line)


def with_frr(run, node, _):
    return frr.Frr(run, node, text('frr'))


@pytest.fixture(params=[with_bird, with_frr], ids=['BIRD', 'FRR'])
def outside(request, lab_run, prepare, line, demand):
    """Two reflectors, a compute with an instance, and a router of the page: both."""
    demand(programs=[str(frr.BGPD)])
    setting, = re.findall(r'`(border-1 .*)`', PAGE.read_text())
    network = prepare(CONTROLLER, ['controller'], COMPUTE, external_peers=setting)
    router = request.param(
        lab_run, network.fabric.add_node('border', '192.0.2.200'), line)
    router.start()
    network.start()
    network.await_sessions()
    assert eventually(lambda: router.established() == ADDRESSES)
    return network, router


@pytest.mark.plan('border router: BIRD and FRR')
def test_it_learns_instances_by_way_of_their_compute_and_no_other_route(
        outside, lost_packets):
    """The router learns the route of the instance in the instance CIDRs alone, by way
    of its compute. No packet is lost.

    Steps: Configure BIRD and FRR as [border-routers.md](border-routers.md) says. Start
    an instance in the instance CIDRs and one outside. Kill BIRD on both route
    reflectors, and start it again, during a ping from the router to the instance.
    """
    network, router = outside
    instance = network.add_workload('vm-1', 'node-3', INSIDE)
    network.add_workload('vm-2', 'node-3', OUTSIDE)

    assert eventually(lambda: 'via 192.0.2.13' in router.node.routes(INSIDE))
    assert eventually(lambda: fabric.ping(router.node, instance))
    for name in REFLECTORS:
        assert OUTSIDE in network.birds[name].birdc('show', 'route')
    assert OUTSIDE not in router.node.routes()

    def crash():
        for name in REFLECTORS:
            network.birds[name].kill()
        for name in REFLECTORS:
            network.birds[name].start('-R')
        network.await_sessions()
    assert lost_packets(router.node, instance, crash, packets=100) == 0
    assert router.established() == ADDRESSES
