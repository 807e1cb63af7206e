"""A directory belongs to its daemon; where no mode is given it keeps its own."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.directory import Directory
from tests.unit.fake.system import Entry, FakeSystem

PATH = '/var/lib/etcd'


@pytest.mark.parametrize('found, wanted, told', [
    (None, ('etcd', None), 'is not there'),
    (('root:root', 0o755), ('etcd', None), 'belongs to root instead of etcd'),
    (('etcd:etcd', 0o750), ('root:bird', 0o750),
     'belongs to etcd:etcd 0750 instead of root:bird 0750')])
def test_a_directory_of_others_is_given_to_its_daemon(found, wanted, told):
    system = FakeSystem()
    if found:
        system.files[PATH] = Entry('', *found)
    system.users.add('etcd:etcd')

    outcomes = list(converge([Directory(PATH, *wanted)] * 2, system))

    assert [outcome.state for outcome in outcomes] == [CHANGED, UNCHANGED]
    assert outcomes[0].difference == '{}: {}'.format(PATH, told)


def test_without_a_wanted_mode_any_mode_and_group_are_good():
    system = FakeSystem()
    system.files[PATH] = Entry('', 'etcd:staff', 0o755)

    assert Directory(PATH, 'etcd').difference(system) == ''
