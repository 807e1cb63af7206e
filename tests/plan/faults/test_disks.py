"""Full and damaged disks while workloads talk: no packet and no data is lost."""

import pytest

from lab.machine import scripts
from tests.plan.faults import CONF, at_once, run, writes
from tests.plan.faults.disks import cut_log, full
from tests.plan.nodes import CONTROLLERS, established, members

# Where a run and what it starts write on /.
ROOT = '/etc', '/var/lib/calico-fuel', '/var/log', '/tmp'
MEMBER = '/var/lib/etcd/member'


class TestDisks:
    """One environment; each fault ends, and the task run again fixes the rest."""

    @pytest.mark.plan('fault: full /')
    @pytest.mark.parametrize('kind', ['space', 'inodes'])
    def test_a_full_root_is_told_and_bird_goes_on(self, lab, node, bear, tell, kind):
        """The run fails and names the file, `bird.conf` stays as it was, and the
        compute keeps its sessions.

        Steps: Fill /etc, /tmp, /var/log and the plugin's state on a compute until they
        have no space, and once until they have no inode. Change `bird.conf`, and run
        `calico-fuel compute`.
        """
        # A run would remove the byte code in /etc: it is older than the copies.
        node.run('find', scripts.DIRECTORY, '-name', '*.pyc', '-delete')

        def event():
            with full(node, kind, *ROOT):
                before = node.run('ls', '-A', '/etc/bird'), node.read(CONF)
                attempt = run(node)
                assert before == (node.run('ls', '-A', '/etc/bird'), node.read(CONF))
                return attempt
        attempt = bear(event)

        assert attempt.status == 1
        assert len(established(lab, 'node-4')) == 3
        tell(attempt, CONF, 'o space left')

    @pytest.mark.plan('fault: full disk of an etcd member')
    def test_a_member_on_a_full_disk_is_told_and_the_others_serve(
            self, lab, controllers, bear, tell):
        """The run says that etcd does not run and where its log is, `verify` on another
        member fails, and both others serve. The next run starts it.

        Steps: Stop etcd on one of three members. Fill its data directory until it has
        no inode. Run `calico-fuel etcd`. Empty it, and run that again.
        """
        def event():
            controllers[1].run('service', 'etcd', 'stop')
            with full(controllers[1], 'inodes', '/var/lib/etcd'):
                told = at_once(lambda: run(controllers[1], 'etcd'),
                               lambda: run(controllers[0], 'verify'))
                assert writes(lab)
            assert run(controllers[1], 'etcd').status == 0
            return told
        attempt, verdict = bear(event)

        assert (attempt.status, verdict.status) == (1, 1), attempt
        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(attempt, 'service etcd: does not run', 'its own log')

    @pytest.mark.plan('fault: an etcd member has no space left')
    def test_a_member_without_space_is_told_while_it_serves(
            self, lab, controllers, bear, tell):
        """etcd starts and serves, because its log has its 64 MB beforehand. `status`
        there says how little is left, and is good once there is room.

        Steps: Stop etcd on one of three members. Fill its data directory until it has
        no space. Run `calico-fuel etcd` and `calico-fuel status` there. Empty it, and
        run `calico-fuel etcd`.
        """
        def event():
            controllers[1].run('service', 'etcd', 'stop')
            with full(controllers[1], 'space', '/var/lib/etcd'):
                attempt = run(controllers[1], 'etcd')
                told = run(controllers[1], 'status')
                assert writes(lab)
                controllers[1].run('service', 'etcd', 'stop')
                controllers[1].run('cp', '-a', MEMBER, '/tmp/member')
            controllers[1].run('rm', '-r', MEMBER)
            # A member must not forget what it has logged.
            controllers[1].run('mv', '/tmp/member', MEMBER)
            assert run(controllers[1], 'etcd').status == 0
            return attempt, told
        attempt, told = bear(event)

        assert attempt.status == 0, attempt.output
        assert 'ETCD_DISK_FULL' not in run(controllers[1], 'status').output
        tell(told, 'ETCD_DISK_FULL', '0 MB left')

    @pytest.mark.plan("fault: etcd's log is cut short")
    def test_a_member_with_half_a_log_is_replaced_as_the_message_says(
            self, lab, controllers, bear, tell):
        """The run fails and says how to replace the damaged data; the others serve.
        Then the member joins as a new one.

        Steps: Stop etcd on one of three members. Cut off the last quarter of its log,
        as a power cut may. Run `calico-fuel etcd`. Move the data away, as it says, and
        run that again.
        """
        def event():
            controllers[1].run('service', 'etcd', 'stop')
            cut_log(controllers[1])
            told = run(controllers[1], 'etcd')
            assert writes(lab)
            controllers[1].run('mv', MEMBER, MEMBER + '.damaged')
            assert run(controllers[1], 'etcd').status == 0
            return told
        told = bear(event)

        assert told.status == 1
        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(told, 'only its data is damaged', 'move {} away'.format(MEMBER))
