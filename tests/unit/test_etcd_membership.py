"""Whatever happens to the nodes, the etcd cluster keeps its quorum and its data."""

from __future__ import unicode_literals

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel.errors import NodeError
from calico_fuel.etcd_membership import next_step, step_of_others
from calico_fuel.etcd_steps import Add, Bootstrap, Refuse, Remove, SetAside, Start, Wait
from calico_fuel.etcd_view import Listed, Peer, Told, View
from calico_fuel.resources.member import Member
from calico_fuel.tasks import etcd as task
from tests.unit.builders import environment, roles
from tests.unit.fake.etcd import MEMBER_LOG, EtcdWorld

NAMES = 'abcdefg'
PEERS = dict((name, Peer(name, 'http://{}:2380'.format(name),
                         'http://{}:2379'.format(name))) for name in NAMES)


def listed(names, unnamed=''):
    return tuple(Listed('id-' + name, '' if name in unnamed else name,
                        (PEERS[name].peer_url,), ()) for name in names)


def view(members='', healthy='', sick='', unnamed='', **values):
    """*healthy* and *sick* of the *members* answer."""
    told = tuple(Told(PEERS[name].peer_url, PEERS[name].client_url, name in healthy,
                      listed(members, unnamed)) for name in healthy + sick)
    return View(told, values.get('has_data', False), values.get('is_loaded', False),
                values.get('may_begin', True))


def step(me, wanted, *args, **values):
    return next_step(view(*args, **values), [PEERS[name] for name in wanted], PEERS[me])


def removed(found):
    assert isinstance(found, Remove)
    return found.member.name


@pytest.mark.parametrize('me, expected', [('a', Bootstrap), ('b', Wait), ('c', Wait)])
def test_only_the_seed_begins(me, expected):
    assert isinstance(step(me, 'abc'), expected)


def test_a_seed_that_may_not_begin_refuses():
    assert isinstance(step('a', 'abc', may_begin=False), Refuse)


def test_own_data_is_started_wherever_nobody_answers():
    assert step('b', 'abc', has_data=True) == Start(())
    assert isinstance(step('b', 'abc', has_data=True, is_loaded=True), Wait)


def test_a_new_member_is_added_and_then_joins_whom_etcd_lists():
    assert step('c', 'abc', 'ab', 'ab') == Add()
    assert step('c', 'abc', 'abc', 'ab', unnamed='c') == Start(
        tuple((name, PEERS[name].peer_url) for name in 'abc'))


def test_the_second_member_joins_although_the_first_has_no_quorum_without_it():
    assert step('b', 'ab', 'ab', sick='a', unnamed='b') == Start(
        tuple((name, PEERS[name].peer_url) for name in 'ab'))


@pytest.mark.parametrize('args', [
    dict(members='ab', healthy='a', sick='b'), dict(members='ab', healthy='a'),
    dict(members='ab', healthy='ab', unnamed='b'), dict(members='ab', sick='ab')])
def test_nobody_is_added_beside_one_that_is_not_healthy(args):
    assert isinstance(step('c', 'abc', **args), Wait)


def test_of_the_unwanted_the_dead_go_first():
    assert removed(step('a', 'a', 'abcd', 'abc', has_data=True)) == 'd'
    assert removed(step('a', 'a', 'abc', 'abc', has_data=True)) == 'b'


def test_unwanted_members_go_before_another_comes():
    """They are about to be switched off."""
    assert removed(step('d', 'ad', 'abc', 'abc')) == 'b'


def test_unwanted_members_stay_while_they_alone_have_the_data():
    assert step('d', 'd', 'abc', 'abc') == Add()
    assert removed(step('d', 'd', 'abcd', 'abcd', has_data=True)) == 'a'


def test_nobody_is_removed_whom_the_quorum_needs():
    found = step('a', 'ab', 'abc', 'ac', has_data=True)

    assert 'without c the etcd cluster would have no quorum, while these are not ' \
        'healthy: b. Start etcd there' == found.text


def test_a_member_without_its_data_stays_while_too_few_others_are_seen():
    assert isinstance(step('b', 'abc', 'abc', 'a'), Wait)


def test_a_member_without_its_data_is_removed_and_added_anew():
    assert removed(step('b', 'abc', 'abc', 'ac')) == 'b'
    assert step('b', 'abc', 'ac', 'ac') == Add()


def test_the_data_of_one_that_was_removed_is_set_aside():
    assert step('b', 'abc', 'ac', 'ac', has_data=True) == SetAside()


def test_a_second_etcd_cluster_is_told():
    told = tuple(Told(PEERS[n].peer_url, PEERS[n].client_url, True, listed(n))
                 for n in 'ab')
    found = next_step(View(told, True, True, True), [PEERS['a'], PEERS['b']], PEERS['a'])

    assert found.text.startswith('http://a:2380, http://b:2380 tell of different members')


def test_steps_of_different_kinds_are_different():
    assert Add() != SetAside() != Bootstrap() and hash(Add()) != hash(Bootstrap())
    assert Wait('a') == Wait('a') != Refuse('a')


CONDITIONS = st.lists(st.sampled_from(
    ['healthy'] * 4 + ['absent'] * 2 + ['dead', 'unnamed', 'unwanted', 'unwanted dead']),
    min_size=6, max_size=6)


@settings(max_examples=1000)
@given(CONDITIONS, st.booleans(), st.booleans(), st.booleans(), st.data())
def test_whatever_etcd_says_no_step_costs_the_quorum(
        conditions, has_data, is_loaded, may_begin, data):
    """Every view, also one that no history leads to, or of a half-open firewall."""
    def those(*names):
        return set(node for node, has in zip('abcdef', conditions) if has in names)
    members = set('abcdef') - those('absent')
    alive = those('healthy', 'unwanted')
    unnamed, unwanted = those('unnamed'), those('unwanted', 'unwanted dead')
    wanted = sorted(set('abcdefg') - unwanted)
    me = data.draw(st.sampled_from(wanted))
    found = step(me, wanted, ''.join(sorted(members)), ''.join(sorted(alive)),
                 unnamed=''.join(unnamed), has_data=has_data, is_loaded=is_loaded,
                 may_begin=may_begin)

    if isinstance(found, Bootstrap):
        assert not alive and me == wanted[0] and may_begin and not has_data
    if isinstance(found, Add):
        assert alive == members and me not in members
        assert len(alive) > (len(members) + 1) // 2 or len(members) == 1
    if isinstance(found, Remove):
        left = members - set([found.member.id[len('id-'):]])
        assert len(alive) > len(members) // 2
        assert len(alive & left) > len(left) // 2
        assert members - left <= (unwanted | set([me])) - alive or (
            members - left <= unwanted and alive - unwanted)
    if isinstance(found, SetAside):
        assert has_data and alive and me not in members
    if isinstance(found, Start) and found.initial_cluster:
        assert not has_data and me in unnamed


@given(st.permutations(sorted('abc')), st.sampled_from('abcd'))
def test_the_order_in_which_they_answer_does_not_matter(order, me):
    found = step(me, 'abcd', 'abc', ''.join(order), has_data=me != 'd')

    assert found == step(me, 'abcd', 'abc', 'abc', has_data=me != 'd')


@pytest.mark.parametrize('args, expected', [
    (dict(members='bc', healthy='bc'), None),
    (dict(members='bc', healthy='bc', has_data=True), SetAside),
    (dict(members='abc', healthy='abc', has_data=True), Wait),
    (dict(members='bc', sick='bc', has_data=True), Wait)])
def test_a_node_that_is_not_wanted_keeps_its_data_until_others_say_that_it_may_go(
        args, expected):
    found = step_of_others(view(**args), PEERS['a'])

    assert found is None if expected is None else isinstance(found, expected)


class History(object):
    """Seven controllers of which some are in metadata, and what happens to them.

    With *goes_off* a node that leaves metadata is switched off for good.
    Nothing happens that leaves no quorum of members with their data, because
    then only an operator can help.
    """

    def __init__(self, uids, goes_off):
        self.metadata = environment(roles(7, 0))
        self.goes_off = goes_off
        self.world = EtcdWorld()
        self.nodes = {}
        for uid in '1234567':
            node = self.metadata.node(uid)
            self.nodes[uid] = self.world.add_node(node.name, node.address)
        self.wanted = set(uids)

    def member(self, uid):
        """The resource of a node's task, its settings written."""
        wanted = self.metadata._replace(this_uid=uid, nodes=tuple(
            node for node in self.metadata.nodes if node.uid in self.wanted))
        for resource in task.resources(wanted, wanted.this_node, self.nodes[uid]):
            if isinstance(resource, Member):
                return resource
            if resource.difference(self.nodes[uid]):
                resource.change(self.nodes[uid])

    def advance(self, uid):
        """One step of the task of a node; whether it has come to its end."""
        if uid not in self.wanted or not self.nodes[uid].is_up:
            return True
        try:
            found, _ = self.member(uid).advance(self.nodes[uid])
        except NodeError:
            return False
        return found is None

    def finish(self, uid):
        """The whole task, to its end."""
        if uid in self.wanted and self.nodes[uid].is_up:
            try:
                self.member(uid).change(self.nodes[uid])
            except NodeError:
                pass

    def switch(self, uid):
        if self.nodes[uid].is_up:
            self.nodes[uid].switch_off()
        elif uid in self.wanted or not self.goes_off:
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
            if self.goes_off:
                self.nodes[uid].switch_off()

    def _can_go(self, uid):
        if not self.world.clusters:
            return True
        members = self.world.clusters[-1].members
        left = self._with_log() & (self.wanted - set([uid]))
        if self.goes_off:
            return len(left) > len(members) // 2
        # Who has been added has to start.
        return left and (uid in self._with_log() or not any(
            node.address in peer for _, peer, _ in members.values()
            for node in [self.nodes[uid]]))

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
        if self.goes_off:
            left &= self.wanted
        return len(left) > len(self.world.clusters[-1].members) // 2

    def run_all(self):
        """Everybody is up, and runs the task, again and again, as Fuel does."""
        for uid, node in self.nodes.items():
            if not node.is_up and (uid in self.wanted or not self.goes_off):
                node.switch_on()
        for _ in range(40):
            self.world.clock += 121
            if all([self.advance(uid) for uid in sorted(self.wanted)]):
                return True
        return False


UIDS = st.sampled_from('1234567')
EVENTS = st.lists(st.tuples(st.sampled_from(
    ['advance'] * 6 + ['finish', 'switch', 'lose_disk', 'come_or_go']), UIDS),
    max_size=60)


@settings(max_examples=300)
@given(st.sets(UIDS, min_size=1, max_size=4), EVENTS, st.booleans())
def test_after_any_history_the_wanted_members_are_the_members(
        uids, events, goes_off):
    """The fake raises a Catastrophe when a step costs a quorum or a log."""
    history = History(uids, goes_off)

    for event, uid in events:
        getattr(history, event)(uid)
    ended = history.run_all()

    assert ended, [history.advance(uid) for uid in sorted(history.wanted)]
    cluster, = history.world.clusters
    assert sorted(name for name, _, _ in cluster.members.values()) == [
        'node-' + uid for uid in sorted(history.wanted)]
    assert len(cluster.running()) == len(cluster.members)
