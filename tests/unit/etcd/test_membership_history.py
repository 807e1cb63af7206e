"""Whatever happens to the nodes, the etcd cluster keeps its quorum and its data."""

from __future__ import unicode_literals

from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel.errors import NodeError
from calico_fuel.etcd.walk import Walk
from calico_fuel.tasks import etcd as task
from tests.unit.builders import environment, roles
from tests.unit.fake.etcd import MEMBER_LOG, EtcdNode
from tests.unit.fake.etcd_cluster import EtcdWorld


OFF, ROLE, UNLISTED = 'off', 'role', 'unlisted'


class History(object):
    """Seven controllers of which some are in metadata, and what happens to them.

    A node that is wanted no more is switched off for good (*then* is OFF), has another
    role (ROLE), or is omitted by the list of nodes and goes on (UNLISTED).
    Nothing happens that only an operator can fix: those who are left are a
    quorum with their data, or are all there and have it.
    """

    def __init__(self, uids, then):
        self.metadata = environment(roles(7, 0))
        self.then = then
        self.is_written = False
        self.world = EtcdWorld()
        self.nodes = {}
        for uid in '1234567':
            node = self.metadata.node(uid)
            self.nodes[uid] = EtcdNode(self.world, node.name, node.address)
        self.wanted = set(uids)

    def member(self, uid):
        """The resource of a node's task, its settings written."""
        listed = tuple(
            node if node.uid in self.wanted else node._replace(roles=frozenset())
            for node in self.metadata.nodes
            if node.uid in self.wanted or self.then == ROLE)
        wanted = self.metadata._replace(
            this=self.metadata.this._replace(uid=uid), nodes=listed, own_list=(
                self.metadata.nodes if self.then == UNLISTED else listed))
        for resource in task.resources(wanted, wanted.this_node, self.nodes[uid]):
            if isinstance(resource, Walk):
                return resource
            if resource.difference(self.nodes[uid]):
                resource.change(self.nodes[uid])

    def advance(self, uid):
        """One step of the task of a node; whether it has come to its end."""
        if uid not in self.wanted or not self.nodes[uid].is_up:
            return True
        try:
            found = self.member(uid).advance(self.nodes[uid])
        except NodeError:
            return False
        finally:
            self.write()
        return found is None

    def finish(self, uid):
        """The whole task, to its end."""
        if uid in self.wanted and self.nodes[uid].is_up:
            try:
                self.member(uid).change(self.nodes[uid])
            except NodeError:
                pass
            self.write()

    def write(self):
        """What has to be there in the end is written as soon as it can be."""
        if self.world.clusters and not self.is_written:
            self.is_written = True
            self.world.clusters[0].keys['/precious'] = ('kept', None)

    def switch(self, uid):
        if self.nodes[uid].is_up:
            self.nodes[uid].switch_off()
        elif uid in self.wanted or self.then != OFF:
            self.nodes[uid].switch_on()

    def lose_disk(self, uid):
        if self._has_spare(uid) and (uid != min(self.wanted) or any(
                self.nodes[other].cluster for other in self.wanted - set([uid]))):
            self.nodes[uid].lose_disk()
            self.nodes[uid].is_up = True

    def come_or_go(self, uid):
        """Uids grow: nobody comes with a lower one than those that are there."""
        if uid not in self.wanted:
            if uid > max(self.wanted):
                self.wanted.add(uid)
        elif len(self.wanted) > 1 and self._can_go(uid):
            self.wanted.discard(uid)
            if self.then == OFF:
                self.nodes[uid].switch_off()

    def _can_go(self, uid):
        if not self.world.clusters:
            return True
        # A first node that has never been a member begins an etcd cluster if all that
        # have been are silent: Fuel 6.1 and 7.0 do not say that there was one.
        if min(self.wanted - set([uid])) not in self._with_log():
            return False
        members = self.world.clusters[-1].members
        left = self._with_log() & (self.wanted - set([uid]))
        if self.then == OFF:
            return len(left) > len(members) // 2 or left and left == self._listed() & (
                self.wanted - set([uid]))
        # Who has been added has to start.
        return left and (uid in self._with_log() or uid not in self._listed())

    def _listed(self):
        peers = [url for _, urls, _ in self.world.clusters[-1].members.values()
                 for url in urls]
        return set(uid for uid, node in self.nodes.items() if any(
            '//{}:'.format(node.address) in url for url in peers))

    def _with_log(self):
        members = self.world.clusters[-1].members if self.world.clusters else {}
        return set(uid for uid, node in self.nodes.items()
                   if MEMBER_LOG in node.files
                   and node.text(MEMBER_LOG).split()[1] in members)

    def _has_spare(self, uid):
        """Whether a quorum has its data without *uid*'s."""
        if not self.world.clusters:
            return True
        left = self._with_log() - set([uid])
        if self.then == OFF:
            left &= self.wanted
        return len(left) > len(self.world.clusters[-1].members) // 2

    def run_all(self):
        """Everybody is up, and runs the task, again and again, as Fuel does."""
        for uid, node in self.nodes.items():
            if not node.is_up and (uid in self.wanted or self.then != OFF):
                node.switch_on()
        for _ in range(40):
            self.world.clock += 121
            if all([self.advance(uid) for uid in sorted(self.wanted)]):
                return True
        return False


def members(cluster):
    return set(name[-1] for name, _, _ in cluster.members.values())


UIDS = st.sampled_from('1234567')
EVENTS = st.lists(st.tuples(st.sampled_from(
    ['advance'] * 6 + ['finish', 'switch', 'lose_disk', 'come_or_go']), UIDS),
    max_size=60)


@settings(max_examples=300)
@given(st.sets(UIDS, min_size=1, max_size=4), EVENTS,
       st.sampled_from([OFF, ROLE, UNLISTED]))
def test_after_any_history_the_wanted_members_are_the_members(
        uids, events, then):
    """The fake raises a Catastrophe when a step costs a quorum or a log."""
    history = History(uids, then)

    for event, uid in events:
        getattr(history, event)(uid)
    ended = history.run_all()

    assert ended, [history.advance(uid) for uid in sorted(history.wanted)]
    cluster, = set(history.nodes[uid].cluster for uid in history.wanted)
    # A member that was given up and comes back can do nothing with its data.
    assert not any(node.cluster.has_quorum() for node in history.nodes.values()
                   if node.cluster not in (None, cluster))
    assert cluster.keys['/precious'] == ('kept', None)
    # Nobody removes a healthy member that Fuel omits.
    assert members(cluster) == history.wanted | (
        members(cluster) if then == UNLISTED else set())
    assert len(cluster.running()) == len(cluster.members)
