"""Steps are values, and what is wanted is compared with what etcd lists."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd.steps import Add
from calico_fuel.etcd.steps import Archive
from calico_fuel.etcd.steps import Bootstrap
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Wait
from calico_fuel.etcd.steps import Wanted


def test_steps_of_different_kinds_are_different():
    assert Add() != Archive() != Bootstrap() and hash(Add()) != hash(Bootstrap())
    assert Wait('a') == Wait('a') != Refuse('a')


@pytest.mark.parametrize('name, urls, may_leave', [
    ('node-2', ('http://a:2380',), True), ('Node-2.example.com', (), True),
    ('node-3', ('http://b:2380',), True), ('node-3', ('http://a:2380',), False),
    ('', ('http://a:2380',), False)])
def test_a_member_may_leave_by_its_name_in_any_form_or_by_its_address(
        name, urls, may_leave):
    wanted = Wanted((), frozenset(['node-2', 'http://b:2380']), frozenset(), False)

    assert wanted.may_leave(Listed('a1', name, urls, ())) == may_leave
