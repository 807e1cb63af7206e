"""The task "etcd-open-ports": who comes may ask those who have etcd's data."""

from __future__ import unicode_literals

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.etcd import settings
from calico_fuel.tasks import etcd_open_ports
from tests.unit.builders import environment, roles
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.system import FakeSystem

MEMBER = {settings.MEMBER_DIR + '/wal/0.wal': ''}


def run(files, extra=()):
    wanted = environment(roles(1, 1, extra), '9.2')
    node = FakeSystem(files)
    iptables = Iptables(node)
    resources = etcd_open_ports.resources(wanted, wanted.this_node, node)
    states = [[outcome.state for outcome in converge(resources, node)]
              for _ in range(2)]
    return states, iptables


def test_a_former_member_lets_in_those_who_take_over():
    """Controller 1 has the data, and the nodes 3 to 5 are the members from now on."""
    states, iptables = run(MEMBER, [['calico-etcd']] * 3)

    assert states == [[CHANGED], [UNCHANGED]]
    rules = ' '.join(iptables.rules['filter']['calico-fuel-etcd'])
    assert all('192.0.2.{}/32'.format(n) in rules for n in (12, 13, 14, 15))


def test_who_has_no_data_opens_nothing():
    assert run({}, [['calico-etcd']] * 3)[0] == [[], []]
