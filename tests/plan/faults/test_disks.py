"""Full and damaged disks while workloads talk: no packet and no data is lost.

The first line of a test says what is done to the disk.
"""

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
        """/etc, /tmp, /var/log and our state on a compute: no space, or no inode."""
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
        """The data directory of one of three members has no inode left.

        Without space etcd 3.4 starts and serves: a log file has its 64 MB beforehand.
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

    @pytest.mark.plan("fault: etcd's log is cut short")
    def test_a_member_with_half_a_log_is_replaced_as_the_message_says(
            self, lab, controllers, bear, tell):
        """The end of the log of one of three members is gone, as after a power cut."""
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
