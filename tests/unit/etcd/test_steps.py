"""Steps are values, and what is wanted is compared with what etcd lists."""

from __future__ import unicode_literals

import pytest

from calico_fuel.etcd.steps import Add
from calico_fuel.etcd.steps import Archive
from calico_fuel.etcd.steps import Bootstrap
from calico_fuel.etcd.steps import Listed
from calico_fuel.etcd.steps import Peer
from calico_fuel.etcd.steps import Refuse
from calico_fuel.etcd.steps import Wait
from calico_fuel.etcd.steps import Wanted
from calico_fuel.etcd.steps import host


def test_steps_of_different_kinds_are_different():
    assert Add() != Archive() != Bootstrap() and hash(Add()) != hash(Bootstrap())
    assert Wait('a') == Wait('a') != Refuse('a')


@pytest.mark.parametrize('name, urls, may_leave', [
    ('node-2', ('http://a:2380',), True), ('Node-2.example.com', (), True),
    ('node-3', ('http://b:2380',), True), ('node-3', ('http://a:2380',), False),
    ('', ('http://a:2380',), False)])
def test_a_member_may_leave_by_its_name_in_any_form_or_by_its_address(
        name, urls, may_leave):
    wanted = Wanted((), frozenset(['node-2', 'b']), frozenset(), False)

    assert wanted.may_leave(Listed('a1', name, urls, ())) == may_leave


@pytest.mark.parametrize('urls, has', [
    (('http://192.0.2.11:2380',), True), (('https://192.0.2.11:7001',), True),
    (('http://192.0.2.12:2380', 'https://192.0.2.11:1'), True),
    (('http://192.0.2.1:2380',), False), (('http://192.0.2.110:2380',), False)])
def test_a_member_is_known_by_its_address_whatever_its_urls_are(urls, has):
    wanted = Wanted((Peer('a', '192.0.2.11', (), ()),), frozenset(), frozenset(), False)

    assert wanted.has(Listed('a1', '', urls, ())) == has


@pytest.mark.parametrize('url, expected', [
    ('http://192.0.2.11:2380', '192.0.2.11'), ('https://a/members', 'a'),
    ('http://[2001:db8::1]:2380', '[2001:db8::1]'), ('unix://', ''), ('a:1', 'a')])
def test_of_any_text_the_host_is_a_text(url, expected):
    assert host(url) == expected
