"""On the way from HTTP to TLS every member can reach every other, at every moment."""

from __future__ import unicode_literals

from collections import namedtuple

import pytest

from calico_fuel.etcd import moving
from calico_fuel.etcd.moving import BOTH, HTTP, TLS
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Peer
from calico_fuel.etcd.steps import Report
from calico_fuel.etcd.steps import Update
from calico_fuel.etcd.steps import View
from calico_fuel.etcd.steps import Wait

PORTS = {'http': 2380, 'https': 2390}


def urls(name, schemes):
    return tuple('{}://{}:{}'.format(one, name, PORTS[one]) for one in schemes)


def peer(name, schemes):
    return Peer(name, name, urls(name, schemes), ())


def listed(**schemes):
    return tuple(Listed('id-' + name, name, urls(name, schemes[name]), ())
                 for name in sorted(schemes))


def view(members, healthy, is_loaded=True):
    return View(tuple(Report(name, '', True, members) for name in healthy),
                True, True, True, is_loaded)


@pytest.mark.parametrize('entry, schemes', [
    (HTTP, BOTH), (BOTH, TLS), (HTTP, TLS), (TLS, BOTH)])
def test_etcd_lists_the_urls_with_which_a_member_listens(entry, schemes):
    members = listed(a=entry, b=BOTH)
    me = peer('a', schemes)

    assert moving.step_of_urls(me, view(members, 'ab')) == Update(
        members[0], me.peer_urls)
    assert moving.step_of_urls(me, view(listed(a=schemes, b=BOTH), 'ab')) is None


@pytest.mark.parametrize('healthy, is_loaded', [('ab', False), ('b', True), ('', True)])
def test_urls_with_which_it_does_not_listen_yet_are_not_listed(healthy, is_loaded):
    assert moving.step_of_urls(peer('a', BOTH), view(
        listed(a=HTTP, b=HTTP), healthy, is_loaded)) is None
    assert moving.step_of_urls(peer('c', BOTH), view(listed(a=HTTP), 'a')) is None


def test_a_member_that_others_could_not_reach_is_not_listed():
    found = moving.step_of_urls(peer('a', TLS), view(listed(a=BOTH, b=HTTP), 'ab'))

    assert found == Wait('b speaks HTTP only, and this node TLS. Run calico-fuel etcd '
                         'there')


@pytest.mark.parametrize('members, healthy, over_tls, late, words', [
    (dict(a=BOTH, b=BOTH), 'ab', 'ab', (), []),
    (dict(a=BOTH, b=TLS), 'ab', 'ab', (), []),
    (dict(a=BOTH, b=BOTH), 'a', 'ab', (), ['b not healthy']),
    (dict(a=BOTH, b=HTTP), 'ab', 'ab', (), ['b not reached by TLS']),
    (dict(a=HTTP, b=BOTH), 'ab', 'ab', (), ['a not reached by TLS']),
    (dict(a=BOTH, b=BOTH), 'ab', 'a', (), ['b not reached by TLS']),
    (dict(a=BOTH, b=BOTH), 'ab', 'ab', ('z', 'y'), [
        'no TLS yet between the members and y, z']),
    (dict(a=BOTH, b=BOTH), '', '', (), ['no member is healthy'])])
def test_what_needs_http_is_named(members, healthy, over_tls, late, words):
    members = listed(**members)

    found = moving.obstacles(
        members, view(members, healthy).healthy, frozenset(over_tls), late)

    assert list(found) == words
    assert moving.schemes(BOTH, found) == (BOTH if words else TLS)
    assert moving.schemes(TLS, found) == TLS


# Every order in which the nodes can take their steps.

class Member(namedtuple('Member', 'entry settings runs decided')):
    """The schemes that etcd lists, those in the settings, those with which it listens,
    and those that a run of the task has decided for, before it writes them."""


class State(namedtuple('State', 'members is_late')):
    """Members by name, None before it is added; whether a proxy speaks HTTP only."""

    def listed(self):
        return listed(**dict((name, member.entry) for name, member in self.there()))

    def there(self):
        return [(name, member) for name, member in zip('abcd', self.members) if member]

    def with_member(self, name, member):
        """Members are alike, but for one that joins last."""
        members = list(self.members)
        members['abcd'.index(name)] = member
        return self._replace(members=tuple(sorted(members[:3])) + (members[3],))

    def all_reach(self):
        """Whether each member reaches each other one, and a proxy without TLS all
        members that were there before."""
        return all(
            any(scheme in one.runs and (scheme == 'http' or other.runs != HTTP)
                for scheme in one.entry)
            for _, one in self.there() for _, other in self.there()
            if one is not other) and not (
                self.is_late and any(
                    'http' not in one.runs for one in self.members[:3]))


def next_states(state):
    """Each state that one action of one node leads to."""
    members = state.listed()
    names = ''.join(name for name, _ in state.there())
    if state.is_late:
        yield state._replace(is_late=False)
    if not state.members[3] and not moving.strangers(members, urls('d', TLS)):
        yield state.with_member('d', Member(TLS, TLS, TLS, ()))
    for name, member in state.there():
        # A run begins: all members answer, or some do not at that moment.
        over_tls = frozenset(
            other for other, one in state.there() if 'https' in one.runs)
        why = moving.obstacles(members, view(members, names).healthy, over_tls, (
            'z',) * state.is_late)
        for reasons in why, ('some not healthy',):
            yield state.with_member(name, member._replace(
                decided=moving.schemes(member.settings, reasons)))
        # It writes the settings, or is killed.
        if member.decided:
            yield state.with_member(name, member._replace(
                settings=member.decided, decided=()))
            yield state.with_member(name, member._replace(decided=()))
        # Etcd restarts: by the run, by a person, with the node.
        yield state.with_member(name, member._replace(runs=member.settings))
        step = moving.step_of_urls(peer(name, member.settings), view(
            members, names, member.settings == member.runs))
        if isinstance(step, Update):
            yield state.with_member(name, member._replace(entry=member.settings))


def test_in_whatever_order_the_nodes_go_all_reach_all_and_come_to_tls():
    begin = State((Member(HTTP, HTTP, HTTP, ()),) * 3 + (None,), True)
    seen, todo, leads_to = set([begin]), [begin], {}
    while todo:
        state = todo.pop()
        leads_to[state] = set(next_states(state))
        todo += leads_to[state] - seen
        seen |= leads_to[state]
        assert state.all_reach(), state
    assert len(seen) > 500

    # From each of them the end can be reached, and it is the only one without a step.
    end = State((Member(TLS, TLS, TLS, ()),) * 4, False)
    good, before = set([end]), {}
    for state, others in leads_to.items():
        for other in others:
            before.setdefault(other, []).append(state)
    todo = [end]
    while todo:
        for state in before.get(todo.pop(), ()):
            if state not in good:
                good.add(state)
                todo.append(state)
    assert good == seen
