"""Power cuts while workloads talk: what nobody has synced is gone."""

import random

import pytest

from lab.machine.disk import cut_power, put_on_disk
from lab.machine.programs import eventually
from tests.plan.faults import changes, run
from tests.plan.faults.power import (
    PARSE, cut_during, cut_during_dpkg, digests)
from tests.plan.nodes import CONTROLLERS, is_whole, members

# In the order of Fuel; a task that is of another release does nothing.
FIRST, LAST = ('hiera', 'packages', 'etcd'), ('cleanup', 'cron')
# What the plugin has done to a node is undone before, so that each task does it again.
NODES = (('node-6', 'remove', (*FIRST, 'compute', *LAST)),
         ('node-2', 'remove --with-etcd-data',
          (*FIRST, 'route-reflector', 'neutron-server', *LAST)))


def survive(lab, machine, task, moment):
    """Run *task*, and take the power after *moment* files, then when it has succeeded.

    Whether the first cut came before the end.
    """
    before = digests(machine)
    is_in_the_middle = cut_during(machine, task, moment)
    machine.run('sh', '-euc', PARSE)
    after = digests(machine)
    lab.reboot(machine.name)
    attempt = run(machine, task)
    assert attempt.status == 0, attempt.output
    done = digests(machine)
    cut_power(machine)
    # Each attempt draws the key of a certificate, rules are written chain by chain, and
    # what a service has loaded is removed before that changes.
    others = {path for path in after if path.endswith(('.pem', '/rules.v4'))}
    harmed = {path for path in {*before, *after} if after.get(path) not in (
        before.get(path), done.get(path)) and '/loaded/' not in path}
    assert harmed <= others
    assert digests(machine) == done
    lab.reboot(machine.name)
    assert run(machine, task).status == 0
    assert changes(run(machine, task)) == 0
    return is_in_the_middle


class TestPower:
    """The files of a compute and of a controller are on a disk of their own."""

    @pytest.mark.plan('fault: power cut in each task')
    @pytest.mark.parametrize('name, undo, tasks', NODES, ids=['compute', 'controller'])
    def test_a_power_cut_leaves_whole_files_and_the_next_run_finishes(
            self, lab, bear, tell, record_property, name, undo, tasks):
        """After the cut each file in /etc and of the plugin's state is as before or as
        the task writes it. The next run succeeds. After the second cut each file is as
        that run has left it. In the end `verify` is good, and the etcd cluster is one.

        Steps: Remove the plugin from a compute without instances, and once from a
        controller, with its etcd member. For each task: start it, and take the power
        after some files. Boot, and run it again. Take the power when it has ended, boot
        and run it twice. Run `calico-fuel verify`.
        """
        machine = lab.fuel.members[name].machine
        put_on_disk(machine)
        lab.reboot(name)
        seed = random.Random(name)

        def event():
            assert run(machine, undo).status == 0
            cuts = [survive(lab, machine, task, seed.randint(1, max(1, changes(
                run(machine, task + ' --dry-run'))))) for task in tasks]
            assert eventually(lambda: is_whole(lab), 60)
            verdict = run(machine, 'verify')
            return cuts, verdict
        cuts, verdict = bear(event)

        assert members(lab, 'node-1') == [*CONTROLLERS]
        assert verdict.status == 0, verdict.output
        assert any(cuts)
        record_property('tasks cut in the middle', '{} of {}'.format(
            sum(cuts), len(cuts)))
        tell(verdict, 'verify: good')

    @pytest.mark.plan('fault: power cut while dpkg works')
    def test_the_next_run_installs_what_dpkg_has_begun(self, lab, bear, tell):
        """The next run says that a run was killed, and succeeds. The package is whole,
        and dpkg finds nothing wrong.

        Steps: Remove a package of a compute. Run `calico-fuel packages`, and take the
        power while dpkg unpacks it. Boot, and run it again.
        """
        machine = lab.fuel.members['node-6'].machine
        put_on_disk(machine)
        lab.reboot('node-6')
        machine.run('dpkg', '--force-depends', '--remove', 'conntrack')

        def event():
            assert cut_during_dpkg(machine, 'packages')
            lab.reboot('node-6')
            attempt = run(machine, 'packages')
            assert eventually(lambda: is_whole(lab), 60)
            return attempt
        attempt = bear(event)

        assert attempt.status == 0, attempt.output
        assert 'ok installed' in machine.run('dpkg', '--status', 'conntrack')
        assert machine.run('dpkg', '--audit') == ''
        tell(attempt, 'since a run was killed')
