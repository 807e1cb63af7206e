"""The next step towards the wanted members never costs the quorum or the data."""

from __future__ import unicode_literals

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calico_fuel.etcd.membership import client_url, next_step
from calico_fuel.etcd.steps import Add
from calico_fuel.etcd.steps import Archive
from calico_fuel.etcd.steps import Bootstrap
from calico_fuel.etcd.steps import ForceNewCluster
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Peer
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Remove
from calico_fuel.etcd.steps import Report
from calico_fuel.etcd.steps import Start
from calico_fuel.etcd.steps import View
from calico_fuel.etcd.steps import Wait
from calico_fuel.etcd.steps import Wanted

NAMES = 'abcdefg'
PEERS = dict((name, Peer(name, name, ('http://{}:2380'.format(name),),
                         ('http://{}:2379'.format(name),))) for name in NAMES)


def listed(names, unnamed=''):
    return tuple(Listed('id-' + name, '' if name in unnamed else name,
                        PEERS[name].peer_urls, ()) for name in names)


def view(members='', healthy='', sick='', unnamed='', **values):
    """*healthy* and *sick* of the *members* answer."""
    told = tuple(Report(name, PEERS[name].client_urls[0], name in healthy,
                        listed(members, unnamed)) for name in healthy + sick)
    return View(told, *[values.get(name, False) for name in View._fields[1:]])


def step(me, wanted, *args, **values):
    """The nodes that are not wanted have other roles, unless *leaving* says who has."""
    leaving = values.get('leaving', set(NAMES) - set(wanted))
    return next_step(Wanted(
        [PEERS[name] for name in wanted], frozenset(leaving),
        frozenset(values.get('known', '')),
        values.get('may_begin', True)), PEERS[me], view(*args, **values))


def removed(found):
    assert isinstance(found, Remove)
    return found.member.name


def test_a_removal_is_asked_of_a_healthy_member_that_stays():
    seen = view('abc', 'ab', 'c')

    assert client_url(seen, Add()) == 'http://a:2379'
    assert client_url(seen, Remove(listed('a')[0])) == 'http://b:2379'


@pytest.mark.parametrize('me, expected', [('a', Bootstrap), ('b', Wait), ('c', Wait)])
def test_only_the_seed_begins(me, expected):
    assert isinstance(step(me, 'abc'), expected)


def test_a_seed_that_may_not_begin_refuses():
    assert isinstance(step('a', 'abc', may_begin=False), Refuse)


def test_what_an_etcd_outside_of_its_own_list_left_is_archived_before_a_seed_begins():
    """Its package starts etcd with its defaults, and so a member of its own."""
    assert step('a', 'abc', 'bc', 'a', has_log=True) == Archive()
    assert step('a', 'abc', 'bc', 'a') == Bootstrap()


def test_own_data_is_started_wherever_nobody_answers():
    assert step('b', 'abc', has_log=True) == Start(())
    assert isinstance(step('b', 'abc', has_log=True, is_loaded=True), Wait)


def test_a_member_that_others_list_starts_with_its_own_data_and_is_waited_for():
    assert step('a', 'abc', 'abc', 'bc', has_log=True) == Start(())
    assert step('a', 'abc', 'abc', 'bc', has_log=True, is_loaded=True).text.startswith(
        'a does not report that it is healthy. ')


def test_a_new_member_is_added_and_then_joins_whom_etcd_lists():
    assert step('c', 'abc', 'ab', 'ab') == Add()
    assert step('c', 'abc', 'abc', 'ab', unnamed='c') == Start(
        tuple((name, PEERS[name].peer_urls[0]) for name in 'abc'))


def test_of_two_that_were_added_each_waits_for_the_other():
    for me, other in 'cd', 'dc':
        assert step(me, 'abcd', 'abcd', 'ab', unnamed='cd') == Wait(
            'http://{}:2380 was added and has not started yet. Run this on that '
            'node'.format(other))


def test_the_second_member_joins_although_the_first_has_no_quorum_without_it():
    assert step('b', 'ab', 'ab', sick='a', unnamed='b') == Start(
        tuple((name, PEERS[name].peer_urls[0]) for name in 'ab'))


@pytest.mark.parametrize('args', [
    dict(members='ab', healthy='a', sick='b'), dict(members='ab', healthy='a'),
    dict(members='ab', healthy='ab', unnamed='b'), dict(members='ab', sick='ab')])
def test_nobody_is_added_beside_one_that_is_not_healthy(args):
    assert isinstance(step('c', 'abc', **args), Wait)


def test_of_the_unwanted_the_dead_go_first():
    assert removed(step('a', 'a', 'abcd', 'abc', has_log=True)) == 'd'
    assert removed(step('a', 'a', 'abc', 'abc', has_log=True)) == 'b'


def test_unwanted_members_go_before_another_comes():
    """They are about to be switched off."""
    assert removed(step('d', 'ad', 'abc', 'abc')) == 'b'


def test_unwanted_members_stay_while_they_alone_have_the_data():
    assert step('d', 'd', 'abc', 'abc') == Add()
    assert removed(step('d', 'd', 'abcd', 'abcd', has_log=True)) == 'a'


@pytest.mark.parametrize('healthy', ['abc', 'ab'])
def test_one_that_fuel_does_not_list_stays_while_it_is_healthy(healthy):
    """Fuel omits nodes in error; the operator says which of them are gone."""
    def of(leaving):
        return step('a', 'ab', 'abc', healthy, leaving=leaving, has_log=True)
    if healthy == 'abc':
        assert of('') is None and removed(of('c')) == 'c'
    else:
        assert removed(of('')) == 'c'


def test_nobody_is_removed_whom_the_quorum_needs():
    found = step('a', 'ab', 'abc', 'ac', has_log=True)

    assert 'without c the etcd cluster would have no quorum, while these are not ' \
        'healthy: b. Start etcd there' == found.text


def test_a_member_without_its_data_stays_while_too_few_others_are_seen():
    assert isinstance(step('b', 'abc', 'abc', 'a'), Wait)


def test_a_member_that_answers_from_another_directory_is_for_the_operator():
    found = step('a', 'abc', 'abc', 'abc')

    assert isinstance(found, Refuse)
    assert found.text.startswith('a answers from another data directory. ')


def test_a_member_without_its_data_is_removed_and_added_anew():
    assert removed(step('b', 'abc', 'abc', 'ac')) == 'b'
    assert step('b', 'abc', 'ac', 'ac') == Add()


def test_the_data_of_one_that_was_removed_is_set_aside():
    assert step('b', 'abc', 'ac', 'ac', has_log=True) == Archive()


def test_a_second_etcd_cluster_is_told():
    told = tuple(Report(n, PEERS[n].client_urls[0], True, listed(n)) for n in 'ab')
    found = next_step(
        Wanted([PEERS['a'], PEERS['b']], frozenset(), frozenset(), True), PEERS['a'],
        View(told, True, True, True, True))

    assert found.text.startswith('a, b report different members')


CONDITIONS = st.lists(st.sampled_from(
    ['healthy'] * 4 + ['absent'] * 2
    + ['dead', 'unnamed', 'unwanted', 'unlisted', 'unlisted dead']),
    min_size=6, max_size=6)


@settings(max_examples=1000)
@given(CONDITIONS, st.booleans(), st.booleans(), st.booleans(), st.data())
def test_whatever_etcd_says_no_step_costs_the_quorum(
        conditions, has_data, is_loaded, may_begin, data):
    """Every view, also one that no history leads to, or of a half-open firewall."""
    def those(*names):
        return set(node for node, has in zip('abcdef', conditions) if has in names)
    members = set('abcdef') - those('absent')
    alive = those('healthy', 'unwanted', 'unlisted')
    unnamed, unwanted = those('unnamed'), those(
        'unwanted', 'unlisted', 'unlisted dead')
    wanted = sorted(set('abcdefg') - unwanted)
    me = data.draw(st.sampled_from(wanted))
    found = step(me, wanted, ''.join(sorted(members)), ''.join(sorted(alive)),
                 unnamed=''.join(unnamed), leaving=those('unwanted'),
                 has_log=has_data, is_loaded=is_loaded, may_begin=may_begin)

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
            members - left <= those('unwanted') and alive - unwanted)
    if isinstance(found, Archive):
        assert has_data and alive and me not in members
    if isinstance(found, Start) and found.initial_cluster:
        assert not has_data and me in unnamed


@given(st.permutations(sorted('abc')), st.sampled_from('abcd'))
def test_the_order_in_which_they_answer_does_not_matter(order, me):
    found = step(me, 'abcd', 'abc', ''.join(order), has_log=me != 'd')

    assert found == step(me, 'abcd', 'abc', 'abc', has_log=me != 'd')


MINE = {'has_log': True, 'is_loaded': True}


def test_the_one_that_is_left_of_two_goes_on_alone():
    assert step('a', 'ac', 'ab', sick='a', **MINE) == ForceNewCluster()


def test_of_two_that_are_left_of_five_only_the_first_does():
    assert step('a', 'ab', 'abcde', sick='ab', **MINE) == ForceNewCluster()
    assert step('b', 'ab', 'abcde', sick='ab', **MINE) != ForceNewCluster()


@pytest.mark.parametrize('me, wanted, members, sick, known', [
    ('a', 'ab', 'ab', 'a', ''),         # the other one may come back
    ('a', 'ab', 'abcde', 'a', ''),      # so may one that is left
    ('a', 'ab', 'abc', 'ab', ''),       # two of three elect a leader by themselves
    ('a', 'ac', 'ab', 'ab', ''),        # who left still answers
    ('a', 'a', 'abc', 'a', 'abc'),      # Fuel has deleted neither of them
    ('a', 'a', 'abc', 'a', 'c')])       # nor this one
def test_while_the_quorum_may_come_back_it_is_waited_for(
        me, wanted, members, sick, known):
    found = step(me, wanted, members, sick=sick, known=known, **MINE)

    assert isinstance(found, Wait) and found.text


@pytest.mark.parametrize('healthy, expected', [
    ('ab', Remove(listed('c', 'c')[0])), ('a', Wait)])
def test_a_member_that_was_added_with_other_urls_and_never_started_is_added_anew(
        healthy, expected):
    """By HTTP, before the node got TLS; if there is a quorum without it."""
    me = PEERS['c']._replace(peer_urls=('https://c:2390',))

    found = next_step(Wanted([PEERS['a'], PEERS['b'], me], frozenset(), frozenset(),
                             True), me, view('abc', healthy, unnamed='c'))

    assert found == expected or expected is Wait and isinstance(found, Wait)


def test_a_member_that_speaks_tls_only_joins_no_member_that_does_not():
    """That one could not connect to it."""
    me = PEERS['b']._replace(peer_urls=('https://b:2390',))

    found = next_step(Wanted([PEERS['a'], me], frozenset(), frozenset(), True), me,
                      view('a', 'a'))

    assert found == Wait('a speaks HTTP only, and this node TLS. Run calico-fuel etcd '
                         'there')
