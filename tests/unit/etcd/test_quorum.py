"""Whether an etcd cluster can lose a member, and who stands in the way."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd import quorum
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
