"""What the live tests share.

They need root and some programs.  What is missing is named in the last lines
of the run; with LIVE=required in the environment it is a failure.
"""

import os
import time
from pathlib import Path

import pytest

from lab.fuel import fuel_metadata
from lab.machine import needs, run
from lab.machine.programs import eventually
from lab.network import bird, bird_network, traffic
from tests.live import COMPUTE, CONTROLLER, apt_node, etcd_nodes, explained_network

MISSING = 'live test needs '
# Of these each test makes nodes of its own and takes long.  tools/test runs several at
# once; of every other file, and of a folder below this one, one test at a time.
EACH_BY_ITSELF = ('test_etcd_loss', 'test_etcd_membership', 'test_etcd_tls',
                  'test_explain_instance', 'test_explain_route')


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.live)
    # What takes long is first, so that no other worker waits for it in the end.
    items.sort(key=lambda item: (
        item.path.parent == here, item.path.stem not in EACH_BY_ITSELF))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = Path(super()._split_scope(nodeid))
            if file.stem in EACH_BY_ITSELF:
                return nodeid
            return str(file if file.parent.name == 'live' else file.parent)
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter):
    missing = {name for report in terminalreporter.stats.get('skipped', ())
               for name in report.longrepr[-1].rpartition(MISSING)[2].split(', ')
               if MISSING in report.longrepr[-1]}
    if missing:
        terminalreporter.write_line(
            'LIVE TESTS SKIPPED, missing: ' + ', '.join(sorted(missing)), yellow=True)


@pytest.fixture(scope='session')
def demand():
    """Skip, or fail with LIVE=required, when something is missing."""
    def demand(lines=(), programs=()):
        missing = needs.missing(lines, programs)
        if missing:
            stop = pytest.fail if os.environ.get('LIVE') == 'required' else pytest.skip
            stop(MISSING + ', '.join(missing))
    return demand


@pytest.fixture(params=bird.LINES, ids='bird{}'.format)
def line(request, demand):
    """Every test that uses it runs with BIRD 1 and BIRD 2."""
    demand(bird.LINES)
    return request.param


@pytest.fixture
def iptables(demand):
    demand(programs=['iptables'])


@pytest.fixture
def lab_run():
    run.remove_remains()
    with run.Run() as this_run:
        yield this_run


@pytest.fixture
def render(lab_run, line):
    """Render the configs of nodes with the given lists of roles; their directory."""
    def render(*roles, **settings):
        directory = lab_run.directory / 'rendered-{}'.format(
            len(list(lab_run.directory.glob('rendered-*'))))
        directory.mkdir()
        astute = directory / 'astute.yaml'
        astute.write_text(fuel_metadata.text('6.1', roles, **settings))
        return bird_network.render(astute, line, directory)
    return render


@pytest.fixture
def prepare(lab_run, line, render):
    """Make the nodes with the given lists of roles; no daemon runs yet."""
    def prepare(*roles, **settings):
        return bird_network.BirdNetwork(lab_run, render(*roles, **settings), line)
    return prepare


@pytest.fixture
def bring_up(prepare):
    """Make the nodes with the given lists of roles; all sessions are Established."""
    def bring_up(*roles, **settings):
        network = prepare(*roles, **settings)
        network.start()
        network.await_sessions()
        return network
    return bring_up


@pytest.fixture
def lost_packets(lab_run):
    """Ping from one workload to another at 20 Hz while an event happens."""
    def lost_packets(first, second, event, packets):
        def long_enough():
            end = time.monotonic() + packets * traffic.INTERVAL
            event()
            time.sleep(max(0, end - time.monotonic()))
        return traffic.lost_packets(lab_run, first, second, long_enough)
    return lost_packets


@pytest.fixture
def network(bring_up):
    """node-1 is the controller and route reflector, node-2 and node-3 are computes."""
    return bring_up(CONTROLLER, COMPUTE, COMPUTE)


@pytest.fixture
def make_apt_node(lab_run, demand):
    """Make a node whose apt knows the packages that the test makes, and no others."""
    demand(programs=['dpkg-deb', 'dpkg-scanpackages', 'nsenter', 'setpriv', 'unshare'])
    return lambda: apt_node.Node(lab_run)


@pytest.fixture
def make_nodes(lab_run, demand):
    """Make nodes with etcd: controllers with uids 1..n, a compute with the uid 9."""
    demand(programs=['iptables', 'nsenter', 'setpriv', 'unshare',
                     str(etcd_nodes.PACKAGES / 'usr/bin/etcd')])

    def make_nodes(controllers):
        nodes = etcd_nodes.Nodes(lab_run)
        for uid in range(1, controllers + 1):
            nodes.add(uid, 'controller')
        nodes.add(9, *COMPUTE)
        return nodes
    return make_nodes


@pytest.fixture
def explained(lab_run, bring_up, line, demand, iptables):
    """An explained_network.Network in which each sees good links."""
    demand(programs=[str(explained_network.ETCD), 'unshare'])
    network = explained_network.Network(
        lab_run, bring_up(*explained_network.ROLES), line)
    assert eventually(network.is_good, 30), network.ends_seen()
    return network
