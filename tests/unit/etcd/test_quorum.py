"""Whether an etcd cluster can lose a member, and who stands in the way."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd import quorum
from calico_fuel.etcd.steps import Listed
from tests.unit.etcd.test_membership import listed, view


@pytest.mark.parametrize('members, healthy, gone, is_safe', [
    ('abc', 'abc', 'a', True), ('abc', 'ab', 'c', True), ('abc', 'ab', 'a', False),
    ('ab', 'ab', 'a', True), ('ab', 'a', 'b', False), ('a', 'a', 'a', False),
    ('abcd', 'ab', 'c', False), ('abcde', 'abc', 'd', True)])
def test_a_member_is_removed_only_by_a_quorum_that_leaves_a_quorum(
        members, healthy, gone, is_safe):
    everybody = listed(members)

    assert quorum.is_safe_without(
        everybody, view(members, healthy).healthy,
        everybody[members.index(gone)]) == is_safe


def test_members_are_named_and_those_that_never_started_by_their_urls():
    new = Listed('id', '', ('http://d:2380', 'https://d:2390'), ())

    assert quorum.names(listed('ba') + (new,)) == (
        'a, b, http://d:2380 https://d:2390')
