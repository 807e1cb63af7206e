"""What goes wrong with etcd while workloads talk: no packet and no data is lost."""

import pytest

from tests.live.etcd_nodes import lose_disk
from tests.plan.faults import at_once, read_only, run
from tests.plan.nodes import (
    CONTROLLERS, KEY, ask_etcd, backed_up, daemons, members)


class TestFaults:
    """One environment; each fault ends, and the task run again fixes the rest."""

    @pytest.mark.plan('fault: an etcd member lost its disk')
    def test_one_etcd_member_of_three_is_replaced_while_others_write(
            self, lab, controllers, bear, tell):
        """The dry run says that the member has to be removed. The task replaces it, and
        then all three are members.

        Steps: Delete the data of one of three members. Write a key on a compute. Run
        `calico-fuel etcd --dry-run`, then `calico-fuel etcd`, on that member.
        """
        def event():
            lose_disk(controllers[1])
            assert 'kept' in ask_etcd(lab, 'node-4', KEY, 'value=kept', 'PUT')
            shown = run(controllers[1], 'etcd --dry-run')
            assert run(controllers[1], 'etcd').status == 0
            return shown
        shown = bear(event)

        assert members(lab, 'node-1') == [*CONTROLLERS]
        tell(shown, 'etcd member node-2: node-2 has to be removed')

    @pytest.mark.plan('fault: read-only disk of an etcd member')
    def test_an_etcd_member_that_cannot_write_is_told(
            self, lab, controllers, bear, tell):
        """The task fails and says that etcd does not run. `verify` names the member and
        the command that fixes it.

        Steps: Stop one of three members, and make its disk read-only. Run `calico-fuel
        etcd` there, and `calico-fuel verify` on another controller. Make the disk
        writable, and run `calico-fuel etcd` again.
        """
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
        """The task refuses, and names `etcd-recover`. The third member keeps its
        process, and the two come back with their data.

        Steps: Stop two of three members. Run `calico-fuel etcd` on the third. Run it on
        the two.
        """
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
             'calico-fuel etcd-recover')

    @pytest.mark.report
    @pytest.mark.plan('fault: most etcd members lost their disks')
    def test_the_last_etcd_member_with_data_goes_on_by_consent(
            self, lab, controllers, bear, tell):
        """Without the option it names the two members, and refuses. With it the third
        goes on with its data, and the two join it.

        Steps: Delete the data of two of three members. Run `calico-fuel etcd-recover`
        on the third. Run `calico-fuel etcd-recover --from-this-node` there, and
        `calico-fuel etcd` on the two.
        """
        def event():
            for machine in controllers[1:]:
                lose_disk(machine)
            refused = run(controllers[0], 'etcd-recover')
            recovered = run(controllers[0], 'etcd-recover --from-this-node')
            return refused, [recovered.status] + [
                run(machine, 'etcd').status for machine in controllers[1:]]
        refused, fixed = bear(event)

        assert refused.status == 1 and fixed == [0, 0, 0]
        assert members(lab, 'node-3') == [*CONTROLLERS]
        tell(refused, 'do not answer: node-2, node-3', '--from-this-node')

    @pytest.mark.plan('fault: all etcd members lost their disks')
    def test_after_the_loss_of_all_etcd_members_the_backup_is_restored(
            self, lab, controllers, bear, tell):
        """The task fails, and names the command that fixes it. In the end etcd has the
        keys of the backup, and `verify` is good.

        Steps: Run `calico-fuel etcd-backup`. Delete the data of all three members. Run
        `calico-fuel etcd`. Run `calico-fuel etcd-recover --new-cluster`, and
        `calico-fuel etcd` on the other two. Run `calico-fuel etcd-restore`, first with
        `--dry-run`.
        """
        backup = backed_up(lab, 'node-1')

        def event():
            for machine in controllers:
                lose_disk(machine)
            first = run(controllers[0], 'etcd')
            fixed = [run(controllers[0], 'etcd-recover --new-cluster')] + [
                run(machine, 'etcd') for machine in controllers[1:]] + [
                run(controllers[0], task)
                for task in ('etcd-restore --dry-run ' + backup,
                             'etcd-restore ' + backup, 'verify')]
            return first, fixed
        first, fixed = bear(event)

        assert [attempt.status for attempt in fixed] == [0] * 6, fixed
        assert '/precious written' in fixed[4].output
        assert first.status == 1
        tell(first, 'run calico-fuel etcd-recover --new-cluster here')
