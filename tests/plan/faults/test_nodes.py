"""What goes wrong on nodes while workloads talk: no packet and no data is lost."""

import contextlib
import re

import pytest

from calico_fuel.bgp.bird_service import PINNED
from lab.fuel.granular import DeploymentFailed
from lab.machine.programs import eventually
from tests.plan import faults
from tests.plan.faults import (
    CONF, KILLED, at_once, changes, holding, read_only, run)
from tests.plan.nodes import established


class TestFaults:
    """One environment; each fault ends, and the task run again fixes the rest."""

    @pytest.mark.plan('fault: a file that somebody has edited')
    def test_what_verify_says_to_run_is_typed_as_it_stands(self, node, bear, tell):
        """`verify` names the command that fixes it. Afterwards `verify` is good.

        Steps: Edit `bird.conf` of a compute. Run `calico-fuel verify`. Run the command
        that it names. Run `calico-fuel verify`.
        """
        def event():
            verdict = run(node, 'verify')
            said, = set(re.findall('Run (calico-fuel [a-z-]+)', verdict.output))
            return verdict, node.attempt('cd /tmp && ' + said), run(node, 'verify')
        verdict, fixed, after = bear(event)

        assert (verdict.status, fixed.status, after.status) == (1, 0, 0), fixed
        tell(verdict, 'Run calico-fuel compute')

    @pytest.mark.plan('fault: two runs at once')
    def test_two_runs_take_turns(self, node, bear, tell):
        """Both end well, one after the other: the second one has nothing to change.

        Steps: Start the task `compute` twice at the same time on a compute.
        """
        attempts = bear(lambda: at_once(lambda: run(node), lambda: run(node)))

        assert [attempt.status for attempt in attempts] == [0, 0]
        assert min(map(changes, attempts)) == 0 < max(map(changes, attempts))
        tell(max(attempts, key=lambda one: one.seconds), 'compute: ')

    @pytest.mark.plan('fault: a run is killed')
    @pytest.mark.parametrize('seconds', [0.3, 0.6])
    def test_a_killed_run_is_finished_by_the_next(self, node, bear, tell, seconds):
        """The second run ends well and finishes what the first one began.

        Steps: End the task `compute` by SIGKILL, early and late. Run it again.
        """
        def event():
            killed = run(node, start='timeout -s KILL {}'.format(seconds))
            return killed, run(node), node.read(CONF)
        killed, attempt, conf = bear(event)

        assert (killed.status, attempt.status) == (KILLED, 0)
        assert 'hold time 30;' in conf
        tell(attempt, 'compute: ')

    @pytest.mark.plan('fault: read-only /etc')
    def test_a_read_only_etc_is_told_and_bird_goes_on(self, node, bear, tell):
        """The task fails, and names the file and the reason.

        Steps: Mount `/etc` of a compute read-only. Run the task `compute`.
        """
        def event():
            with read_only(node, '/etc'):
                return run(node)
        attempt = bear(event)

        assert attempt.status == 1
        tell(attempt, CONF, 'ead-only file system')

    @pytest.mark.plan('fault: a configuration that BIRD refuses')
    def test_a_broken_file_of_the_operator_is_named_and_bird_goes_on(
            self, lab, node, bear, tell):
        """The task fails, and names the file. All three sessions stay Established.

        Steps: Write a broken file into `/etc/bird/local.d` of a compute. Run the task
        `compute`.
        """
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
        """The other computes keep their sessions. `verify` names the pinned routes of
        the compute that failed. In the end no route is pinned.

        Steps: Make `/etc/bird` of a compute read-only. Change the BGP password and
        deploy. Run `release-routes` and `verify` on another compute. Set the old
        password and deploy.
        """
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
            released, verdict = run(other, 'release-routes'), run(other, 'verify')
            lab.fuel.settings['bgp_password'] = old
            lab.fuel.deploy(again=True)
            return released, verdict
        released, verdict = bear(event)

        assert released.status == 0
        tell(verdict, 'pinned routes: 1 through node-5')
        for machine in node, other:
            assert not machine.run('ip', 'route', 'show', 'proto', PINNED)

    @pytest.mark.plan('fault: apt is locked')
    @pytest.mark.parametrize('seconds, status, words', [
        (4, 0, 'conntrack: is not installed'),
        pytest.param(300, 1, 'fuser -v /var/lib/dpkg/lock', marks=pytest.mark.report)])
    def test_a_lock_of_dpkg_is_waited_for_and_told(
            self, lab, bear, tell, seconds, status, words):
        """With the short lock the task waits and installs the package. With the other
        it fails, and names the command that shows who has the lock.

        Steps: Remove a package of a compute. Lock dpkg, once for 4 s and once for good.
        Run the task `packages`.
        """
        node = lab.fuel.members['node-6'].machine
        node.run('dpkg', '--force-depends', '--remove', 'conntrack')

        def event():
            with holding(node, faults.LOCK.format(seconds)):
                return run(node, 'packages')
        attempt = bear(event)

        assert attempt.status == status, attempt.output
        tell(attempt, words)
        assert run(node, 'packages').status == 0
        assert 'ok installed' in node.run('dpkg', '--status', 'conntrack')

    @pytest.mark.plan('fault: BIRD does not start')
    @pytest.mark.parametrize('is_there, words', [
        (True, 'fuser -v 179/tcp'),
        pytest.param(False, 'Look for the reason in', marks=pytest.mark.report)])
    def test_a_reflector_that_does_not_start_is_told_and_comes_back(
            self, lab, bear, tell, is_there, words):
        """The task fails, and says what to check. In the end all six sessions are
        Established.

        Steps: Kill BIRD of one of three route reflectors. Take its TCP port 179, once,
        and once move its program away. Run the task `route-reflector`. Undo it, and run
        the task again.
        """
        node = lab.fuel.members['node-3'].machine

        def event():
            node.run('pkill', '-KILL', '-x', 'bird')
            if not is_there:
                node.run('mv', '/usr/sbin/bird', '/usr/sbin/bird.away')
            try:
                with holding(node, faults.PORT):
                    return run(node, 'route-reflector')
            finally:
                if not is_there:
                    node.run('mv', '/usr/sbin/bird.away', '/usr/sbin/bird')
                lab.task('node-3', 'route-reflector')
        attempt = bear(event)

        assert attempt.status == 1
        tell(attempt, 'service bird', words)
        assert eventually(lambda: len(established(lab, 'node-3')) == 6, 30)

    @pytest.mark.plan('fault: a peer flaps')
    def test_a_compute_that_flaps_harms_no_other(self, lab, bear, tell):
        """`verify` is good, and in the end the compute has its three sessions.

        Steps: Kill BIRD of a compute ten times, each time once it has a session again.
        Run `calico-fuel verify` on a controller meanwhile.
        """
        node = lab.fuel.members['node-6'].machine

        def flap():
            for _ in range(10):
                node.run('pkill', '-KILL', '-x', 'bird')
                node.run('service', 'bird', 'start')
                assert eventually(lambda: established(lab, 'node-6'))
        _, verdict = bear(lambda: at_once(
            flap, lambda: run(lab.fuel.members['node-1'].machine, 'verify')))

        assert eventually(lambda: len(established(lab, 'node-6')) == 3, 30)
        tell(verdict, 'verify: good')
