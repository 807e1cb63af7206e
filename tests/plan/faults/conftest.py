"""One environment for all faults, and what each has to be borne with."""

import pytest

from tests.maintenance import pause_cron
from tests.plan import border, faults
from tests.plan.conftest import environments
from tests.plan.nodes import CONTROLLERS, three_controllers

DRIFT = 'hold time 30;', 'hold time 90;'


@pytest.fixture(scope='package')
def lab(rpms):
    """Three controllers, and three computes, two of them with an instance. Cron is
    paused: an operator has to find what breaks.
    """
    with environments(rpms) as make_lab:
        lab = three_controllers(
            make_lab, computes=3, external_peers=border.PEER,
            workload_gateway=border.ADDRESS)
        router = border.start(lab, *CONTROLLERS).node
        router.configure('address add {}/32 dev lo'.format(border.OUTSIDE))
        lab.outside = router._replace(address=border.OUTSIDE)
        for member in lab.fuel.members.values():
            pause_cron(member.machine)
        yield lab


@pytest.fixture(scope='package')
def wanted_files(lab):
    """What the files of all nodes are to be after each fault."""
    return faults.files(lab)


@pytest.fixture
def controllers(lab):
    return [lab.fuel.members[name].machine for name in CONTROLLERS]


@pytest.fixture
def bear(lab, wanted_files, traffic_during, record_property):
    """See faults.bear."""
    return lambda *arguments: faults.bear(
        lab, wanted_files, traffic_during, record_property, *arguments)


@pytest.fixture
def tell(record_property):
    """Keep the line with all of these words that a run has said, for the report."""
    return lambda attempt, *words: record_property(
        'what the run said', faults.line(attempt, words))


@pytest.fixture
def node(lab, wanted_files):
    """A compute whose BIRD is configured otherwise than it should be."""
    machine = lab.fuel.members['node-4'].machine
    machine.run('sed', '-i', 's/{}/{}/'.format(*DRIFT), faults.CONF)
    return machine
