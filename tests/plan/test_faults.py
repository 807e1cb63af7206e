"""What goes wrong on a node while workloads talk: no packet and no data is lost."""

import concurrent.futures

import pytest

from lab import scripts
from tests.plan.test_beyond import KEY, ask_etcd, daemons
from tests.plan.test_plan import established

CONF = '/etc/bird/bird.conf'
DRIFT = 'hold time 90;'
WANTED = 'hold time 30;'


@pytest.fixture(scope='class')
def lab(make_lab):
    lab = make_lab('primary-controller', 'compute', 'compute')
    lab.add_workload('node-2')
    lab.add_workload('node-3')
    ask_etcd(lab, 'node-1', KEY, 'value=kept', 'PUT')
    return lab


@pytest.fixture
def node(lab):
    """A compute whose BIRD is configured otherwise than it should be."""
    machine = lab.fuel.members['node-2'].machine
    machine.run('sed', '-i', 's/{}/{}/'.format(WANTED, DRIFT), CONF)
    return machine


@pytest.fixture
def bear(lab, node, lost_packets, record_property):
    """Let a fault happen under a ping: what it returns, once all is well again."""
    def bear(event):
        before = daemons(lab, 'node-2', 'sbin/bird', 'felix')
        first, second = (workload for _, workload in lab.workloads.values())
        returned = []
        lost = lost_packets(lab, first, second, lambda: returned.append(event()))
        lab.task('node-2', 'compute')
        record_property('packets lost', lost)
        record_property('data lost', 'none')
        assert lost == 0
        assert daemons(lab, 'node-2', 'sbin/bird', 'felix') == before
        assert WANTED in node.read(CONF)
        assert 'kept' in ask_etcd(lab, 'node-2', KEY, '', 'GET')
        return returned[0]
    return bear


def run(node, task='compute', start=''):
    return node.attempt('cd {} && {} ./run_task {}'.format(
        scripts.DIRECTORY, start, task))


class TestFaults:
    """One environment; each fault ends, and the task run again mends the rest."""

    @pytest.mark.plan('fault: two runs at once')
    def test_two_runs_take_turns(self, node, bear):
        """The second waits for the first, and finds nothing to do."""
        def both():
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                return list(pool.map(lambda _: run(node), range(2)))
        assert [attempt.status for attempt in bear(both)] == [0, 0]

    @pytest.mark.plan('fault: a run is killed')
    @pytest.mark.parametrize('seconds', [0.3, 0.6])
    def test_a_killed_run_is_finished_by_the_next(self, node, bear, seconds):
        """By SIGKILL, early and late."""
        bear(lambda: run(node, start='timeout -s KILL {}'.format(seconds)))

    @pytest.mark.plan('fault: read-only /etc')
    def test_a_read_only_etc_is_told_and_bird_goes_on(self, node, bear):
        """The message names the file and the reason."""
        def event():
            node.run('mount', '--bind', '/etc', '/etc')
            node.run('mount', '-o', 'remount,bind,ro', '/etc')
            try:
                return run(node)
            finally:
                node.run('umount', '/etc')
        attempt = bear(event)

        assert attempt.status == 1
        assert CONF in attempt.output and 'ead-only file system' in attempt.output

    @pytest.mark.plan('fault: full disk')
    def test_a_full_disk_is_told_and_the_old_file_stays(self, node, bear):
        """Nothing of the new one is left, not even in part."""
        def event():
            node.run('cp', '-a', '/etc/bird', '/tmp/bird')
            node.run('mount', '-t', 'tmpfs', '-o', 'size=64k,mode=755', 'none',
                     '/etc/bird')
            try:
                node.run('cp', '-a', '/tmp/bird/.', '/etc/bird')
                node.run('sh', '-c', 'cat /dev/zero >/etc/bird/filler || true')
                before = node.run('ls', '-A', '/etc/bird'), node.read(CONF)
                attempt = run(node)
                assert before == (node.run('ls', '-A', '/etc/bird'), node.read(CONF))
                return attempt
            finally:
                node.run('umount', '/etc/bird')
        attempt = bear(event)

        assert attempt.status == 1
        assert CONF in attempt.output and 'o space left' in attempt.output

    @pytest.mark.plan('fault: a configuration that BIRD refuses')
    def test_a_broken_file_of_the_operator_is_named_and_bird_goes_on(
            self, lab, node, bear):
        """In /etc/bird/local.d; the old configuration stays in force."""
        def event():
            node.write('/etc/bird/local.d/mine.conf', 'no such option;\n')
            try:
                return run(node)
            finally:
                node.run('rm', '/etc/bird/local.d/mine.conf')
        attempt = bear(event)

        assert attempt.status == 1 and 'mine.conf' in attempt.output
        assert established(lab, 'node-2') == ['reflector_node_1']

    @pytest.mark.plan('fault: etcd without quorum')
    def test_without_etcd_traffic_goes_on_and_the_task_starts_it(self, lab, bear):
        """The only member stops, and comes back with its data."""
        controller = lab.fuel.members['node-1'].machine

        def event():
            controller.run('service', 'etcd', 'stop')
            verdict = run(controller, 'verify')
            return verdict, run(controller, 'etcd')
        verdict, mended = bear(event)

        assert verdict.status == 1 and 'calico-fuel etcd' in verdict.output
        assert mended.status == 0
