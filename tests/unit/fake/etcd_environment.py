"""An environment whose nodes run the task "etcd"."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import FAILED, UNCHANGED, converge
from calico_fuel.tasks import etcd as task
from tests.unit.builders import environment, roles
from tests.unit.fake.etcd import EtcdNode
from tests.unit.fake.etcd_cluster import EtcdWorld
from tests.unit.fake.system import Killed


class Environment(object):
    """Controllers, and computes from uid 8 on; ``uids`` are those in metadata."""

    def __init__(self, uids, release='6.1', deployed_before=False, **options):
        self.metadata = environment(roles(7, 2), release)._replace(
            deployed_before=deployed_before)
        self.world = EtcdWorld()
        self.nodes = {}
        self.uids = []
        # The Nodes that only the metadata file lists.
        self.in_error = ()
        self.add(uids, **options)

    def add(self, uids, **options):
        self.uids += list(uids)
        for uid in uids:
            node = self.metadata.node(uid)
            self.nodes[uid] = EtcdNode(
                self.world, node.name, node.address, **options)

    def resources(self, uid, of=task.resources, **options):
        listed = tuple(
            node for node in self.metadata.nodes if node.uid in self.uids)
        wanted = self.metadata._replace(
            this=self.metadata.this._replace(uid=uid), nodes=listed,
            own_list=listed + self.in_error)
        return of(wanted, wanted.this_node, self.nodes[uid], **options)

    def run(self, uid):
        return list(converge(self.resources(uid), self.nodes[uid]))

    def recover(self, uid, is_sure=False, is_empty=False):
        return list(converge(self.resources(
            uid, task.after_a_loss, is_empty=is_empty, is_sure=is_sure),
            self.nodes[uid]))

    def run_all(self):
        for uid in self.uids:
            outcomes = self.run(uid)
            assert FAILED not in states(outcomes), outcomes

    def members(self):
        """The names of the members, while all of them are healthy."""
        cluster = self.world.clusters[-1]
        assert len(cluster.running()) == len(cluster.members)
        return sorted(name for name, _, _ in cluster.members.values())

    def is_steady(self):
        """Whether another run of every node changes nothing."""
        nodes = list(self.nodes.values())
        before = [(dict(node.files), list(node.services.starts)) for node in nodes]
        runs = [states(self.run(uid)) for uid in self.uids]
        return set(sum(runs, [])) == {UNCHANGED} and before == [
            (node.files, node.services.starts) for node in nodes]


def killed_at_every_change(make, uid, run):
    """For each change of a whole run on the node *uid*: an Environment in which the
    run was killed there, and has been run once more.

    *make* is a function () -> Environment, *run* a function Environment -> Outcomes.
    """
    whole = make()
    whole.nodes[uid].changes = 0
    run(whole)
    assert whole.nodes[uid].changes > 3
    for moment in range(1, whole.nodes[uid].changes + 1):
        env = make()
        env.nodes[uid].changes, env.nodes[uid].dies_at = 0, moment
        with pytest.raises(Killed):
            run(env)
        env.nodes[uid].dies_at = None
        outcomes = run(env)
        assert FAILED not in states(outcomes), outcomes
        yield env


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def failure(outcomes):
    return [o.difference for o in outcomes if o.state == FAILED][0]
