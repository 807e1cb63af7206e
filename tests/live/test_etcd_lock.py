"""The lock of those who change the members of a real etcd cluster."""

import pytest

from tests.live.etcd_nodes import CONTROLLER, deploy, names

KEY = '/v2/keys/calico-fuel/member-change'


@pytest.mark.parametrize('end', ['', '&ttl=86400'])
def test_a_lock_that_does_not_end_soon_stops_no_node(make_nodes, end):
    """Whoever reaches etcd can write it."""
    nodes = deploy(make_nodes, 1)
    assert nodes.ask(9, 'PUT', KEY + '?value=nobody' + end)['node']
    nodes.add(2, *CONTROLLER)

    nodes.deploy()

    assert set(nodes.members(9)) == names(1, 2)
    assert nodes.ask(9, 'GET', KEY)['errorCode'] == 100
