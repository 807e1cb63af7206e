"""Full and damaged disks while workloads talk: no packet and no data is lost."""

import pytest

from tests.plan.faults import CONF, at_once, run, writes
from tests.plan.faults.disks import cut_log, full
from tests.plan.nodes import CONTROLLERS, established, members

# Where a run and what it starts write on /.
ROOT = '/etc', '/var/lib/calico-fuel', '/var/log', '/tmp'
MEMBER = '/var/lib/etcd/member'


class TestDisks:
    """One environment; each fault ends, and the task run again mends the rest."""

    @pytest.mark.plan('fault: full /')
    @pytest.mark.parametrize('kind', ['space', 'inodes'])
    def test_a_full_root_is_told_and_bird_goes_on(self, lab, node, bear, tell, kind):
        """The run fails and names the file, `bird.conf` stays as it was, and the
        compute keeps its sessions.

        Steps: Fill /etc, /tmp, /var/log and the plugin's state on a compute until they
        have no space, and once until they have no inode. Change `bird.conf`, and run
        `calico-fuel compute`.
        """
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
        # Without space etcd 3.4 starts and serves: a log has its 64 MB beforehand.
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
