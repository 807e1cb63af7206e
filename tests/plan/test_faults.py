"""What goes wrong on nodes while workloads talk: no packet and no data is lost.

The first line of a test says what is done to the nodes.
"""

import contextlib

import pytest

from calico_fuel.resources.held_routes import PROTOCOL
from lab.commands import eventually
from lab.orchestrator import DeploymentFailed
from tests.plan import faults
from tests.plan.faults import (
    CONF, at_once, holding, let_go, lose_data, read_only, run)
from tests.plan.nodes import (
    KEY, ask_etcd, daemons, established, members, three_controllers)

DRIFT = 'hold time 90;'
WANTED = 'hold time 30;'
CONTROLLERS = 'node-1', 'node-2', 'node-3'
# Their metadata says that an environment has been deployed before.
RELEASES_THAT_KNOW = ('8.0',)


@pytest.fixture(scope='class')
def lab(make_lab):
    return three_controllers(make_lab, computes=3)


@pytest.fixture(scope='class')
def wanted_files(lab):
    """What the files of all nodes are to be after each fault."""
    return faults.files(lab)


@pytest.fixture
def node(lab, wanted_files):
    """A compute whose BIRD is configured otherwise than it should be."""
    machine = lab.fuel.members['node-4'].machine
    machine.run('sed', '-i', 's/{}/{}/'.format(WANTED, DRIFT), CONF)
    return machine


@pytest.fixture
def controllers(lab):
    return [lab.fuel.members[name].machine for name in CONTROLLERS]


@pytest.fixture
def bear(lab, wanted_files, lost_packets, record_property):
    """See faults.bear."""
    return lambda event: faults.bear(
        lab, wanted_files, lost_packets, record_property, event)


@pytest.fixture
def tell(record_property):
    """Keep the line with all of these words that a run has said, for the report."""
    return lambda attempt, *words: record_property(
        'what the run said', faults.line(attempt, words))


class TestFaults:
    """One environment; each fault ends, and the task run again mends the rest."""

    @pytest.mark.plan('fault: two runs at once')
    def test_two_runs_take_turns(self, node, bear, tell):
        """The task `compute` is started twice on a compute."""
        attempts = bear(lambda: at_once(lambda: run(node), lambda: run(node)))

        assert [attempt.status for attempt in attempts] == [0, 0]
        assert 'changed' in attempts[0].output and 'changed' in attempts[1].output
        tell(max(attempts, key=lambda one: one.seconds), 'compute: ')

    @pytest.mark.plan('fault: a run is killed')
    @pytest.mark.parametrize('seconds', [0.3, 0.6])
    def test_a_killed_run_is_finished_by_the_next(self, node, bear, tell, seconds):
        """The task `compute` gets SIGKILL, early and late, and is run again."""
        def event():
            run(node, start='timeout -s KILL {}'.format(seconds))
            return run(node)
        attempt = bear(event)

        assert attempt.status == 0
        tell(attempt, 'compute: ')

    @pytest.mark.plan('fault: read-only /etc')
    def test_a_read_only_etc_is_told_and_bird_goes_on(self, node, bear, tell):
        """/etc of a compute is mounted read-only while its task runs."""
        def event():
            with read_only(node, '/etc'):
                return run(node)
        attempt = bear(event)

        assert attempt.status == 1
        tell(attempt, CONF, 'ead-only file system')

    @pytest.mark.plan('fault: full disk')
    def test_a_full_disk_is_told_and_the_old_file_stays(self, node, bear, tell):
        """/etc/bird of a compute is on a full disk: no part of a new file is left."""
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
        tell(attempt, CONF, 'o space left')

    @pytest.mark.plan('fault: a configuration that BIRD refuses')
    def test_a_broken_file_of_the_operator_is_named_and_bird_goes_on(
            self, lab, node, bear, tell):
        """A broken file in /etc/bird/local.d; the old configuration stays in force."""
        def event():
            node.write('/etc/bird/local.d/mine.conf', 'no such option;\n')
            try:
                return run(node)
            finally:
                node.run('rm', '/etc/bird/local.d/mine.conf')
        attempt = bear(event)

        assert attempt.status == 1
        assert len(established(lab, 'node-4')) == 3
        tell(attempt, 'mine.conf')

    @pytest.mark.plan('fault: a compute fails while the BGP password changes')
    def test_routes_stay_while_a_compute_has_the_old_password(self, lab, bear, tell):
        """/etc/bird of one compute is read-only in the deployment; then the old one."""
        node, other = (lab.fuel.members[n].machine for n in ('node-5', 'node-4'))
        old = lab.fuel.settings.get('bgp_password', '')

        def event():
            lab.fuel.settings['bgp_password'] = 'another'
            with read_only(node, '/etc/bird'):
                # Fuel 6.1 does not see each failure.
                with contextlib.suppress(DeploymentFailed):
                    lab.fuel.deploy(again=True)
            assert len(established(lab, 'node-4')) == 3
            assert established(lab, 'node-5') == []
            released, verdict = run(other, 'release'), run(other, 'verify')
            lab.fuel.settings['bgp_password'] = old
            lab.fuel.deploy(again=True)
            return released, verdict
        released, verdict = bear(event)

        assert released.status == 0
        tell(verdict, 'held routes: 1 through node-5')
        for machine in node, other:
            assert not machine.run('ip', 'route', 'show', 'proto', PROTOCOL)

    @pytest.mark.plan('fault: apt is locked')
    @pytest.mark.parametrize('seconds, status, words', [
        (4, 0, 'conntrack: is not installed'),
        pytest.param(300, 1, 'fuser -v /var/lib/dpkg/lock', marks=pytest.mark.report)])
    def test_a_lock_of_dpkg_is_waited_for_and_told(
            self, lab, bear, tell, seconds, status, words):
        """dpkg is locked while a package is missing, for 4 s and for good."""
        node = lab.fuel.members['node-6'].machine
        node.run('dpkg', '--force-depends', '--remove', 'conntrack')

        def event():
            holder = holding(node, faults.LOCK.format(seconds))
            try:
                return run(node, 'packages')
            finally:
                let_go(holder)
        attempt = bear(event)

        assert attempt.status == status, attempt.output
        tell(attempt, words)
        assert run(node, 'packages').status == 0
        assert 'ok installed' in node.run('dpkg', '--status', 'conntrack')

    @pytest.mark.plan('fault: BIRD does not start')
    @pytest.mark.parametrize('is_there, words', [
        (True, 'fuser -v 179/tcp'),
        pytest.param(False, 'Look for its reason in', marks=pytest.mark.report)])
    def test_a_reflector_that_does_not_start_is_told_and_comes_back(
            self, lab, bear, tell, is_there, words):
        """On one of three reflectors port 179 is taken, or the program is gone."""
        node = lab.fuel.members['node-3'].machine

        def event():
            node.run('pkill', '-KILL', '-x', 'bird')
            holder = holding(node, faults.PORT)
            if not is_there:
                node.run('mv', '/usr/sbin/bird', '/usr/sbin/bird.away')
            try:
                return run(node, 'route-reflector')
            finally:
                let_go(holder)
                if not is_there:
                    node.run('mv', '/usr/sbin/bird.away', '/usr/sbin/bird')
                lab.task('node-3', 'route-reflector')
        attempt = bear(event)

        assert attempt.status == 1
        tell(attempt, 'service bird', words)
        assert eventually(lambda: len(established(lab, 'node-3')) == 5, 30)

    @pytest.mark.plan('fault: a peer flaps')
    def test_a_compute_that_flaps_harms_no_other(self, lab, bear, tell):
        """BIRD of another compute is killed ten times, once it has a session again."""
        node = lab.fuel.members['node-6'].machine

        def flap():
            for _ in range(10):
                node.run('pkill', '-KILL', '-x', 'bird')
                node.run('service', 'bird', 'start')
                assert eventually(lambda: established(lab, 'node-6'), 5)
        _, verdict = bear(lambda: at_once(
            flap, lambda: run(lab.fuel.members['node-1'].machine, 'verify')))

        assert eventually(lambda: len(established(lab, 'node-6')) == 3, 30)
        tell(verdict, 'verify: good')

    @pytest.mark.plan('fault: an etcd member lost its disk')
    def test_one_etcd_member_of_three_is_replaced_while_others_write(
            self, lab, controllers, bear, tell):
        """The disk of one of three members is empty; a compute writes a key then."""
        def event():
            lose_data(controllers[1])
            assert 'kept' in ask_etcd(lab, 'node-4', KEY, 'value=kept', 'PUT')
            shown = run(controllers[1], 'etcd --dry-run')
            assert run(controllers[1], 'etcd').status == 0
            return shown
        shown = bear(event)

        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(shown, 'etcd member node-2: node-2 is to be removed')

    @pytest.mark.plan('fault: read-only disk of an etcd member')
    def test_an_etcd_member_that_cannot_write_is_told(
            self, lab, controllers, bear, tell):
        """The disk of one of three members turns read-only, and etcd ends."""
        def event():
            controllers[2].run('service', 'etcd', 'stop')
            with read_only(controllers[2], '/var/lib/etcd'):
                told = at_once(lambda: run(controllers[2], 'etcd'),
                               lambda: run(controllers[0], 'verify'))
            lab.task('node-3', 'etcd')
            return told
        attempt, verdict = bear(event)

        assert (attempt.status, verdict.status) == (1, 1)
        assert 'service etcd: does not run 30 s after its start' in attempt.output
        tell(verdict, 'etcd member node-3: does not answer', 'calico-fuel etcd')

    @pytest.mark.plan('fault: etcd without quorum')
    def test_without_a_quorum_nothing_changes_and_members_come_back_with_their_data(
            self, lab, controllers, bear, tell, pytestconfig):
        """Two of three members are stopped, and started by the task."""
        # It waits for 150 s before it gives up.
        task = 'etcd' if pytestconfig.getoption('--report') else 'etcd --dry-run'
        before = daemons(lab, 'node-1', 'bin/etcd')

        def event():
            for machine in controllers[1:]:
                machine.run('service', 'etcd', 'stop')
            refused = run(controllers[0], task)
            started = [run(machine, 'etcd').status for machine in controllers[1:]]
            return refused, started
        refused, started = bear(event)

        assert started == [0, 0] and members(lab, 'node-1') == [*CONTROLLERS]
        assert daemons(lab, 'node-1', 'bin/etcd') == before
        tell(refused, 'etcd cluster of node-1, node-2, node-3 has no quorum',
             'calico-fuel revive')

    @pytest.mark.report
    @pytest.mark.plan('fault: most etcd members lost their disks')
    def test_the_last_etcd_member_with_data_goes_on_by_consent(
            self, lab, controllers, bear, tell):
        """The disks of two of three members are empty; docs/operations.md."""
        def event():
            for machine in controllers[1:]:
                lose_data(machine)
            refused = run(controllers[0], 'revive')
            return refused, [run(controllers[0], 'revive --force').status] + [
                run(machine, 'etcd').status for machine in controllers[1:]]
        refused, mended = bear(event)

        assert refused.status == 1 and mended == [0, 0, 0]
        assert members(lab, 'node-3') == [*CONTROLLERS]
        tell(refused, 'do not answer: node-2, node-3', '--force')

    @pytest.mark.plan('fault: all etcd members lost their disks')
    def test_after_the_loss_of_all_etcd_members_the_backup_is_restored(
            self, lab, controllers, bear, tell):
        """The disks of all three members are empty; docs/operations.md."""
        is_known = lab.fuel.release in RELEASES_THAT_KNOW
        if is_known:
            lab.fuel.deploy(again=True)
        lab.task('node-1', 'backup')

        def event():
            for machine in controllers:
                lose_data(machine)
            first = run(controllers[0], 'etcd' if is_known else 'revive --empty')
            mended = [run(controllers[0], 'revive --empty')] + [
                run(machine, 'etcd') for machine in controllers[1:]] + [
                run(controllers[0], task)
                for task in ('restore latest --dry-run', 'restore latest', 'verify')]
            return first, mended
        first, mended = bear(event)

        assert [attempt.status for attempt in mended] == [0] * 6, mended
        assert 'written /precious' in mended[4].output
        if is_known:
            assert first.status == 1
            tell(first, 'run calico-fuel revive --empty here')
        else:
            tell(mended[4], 'left to Neutron and Felix')
