"""The lock of those who change the members of a real etcd cluster."""

import concurrent.futures

import pytest

from lab.machine.programs import eventually
from tests.live.etcd_nodes import CONTROLLER, deploy, names
from tests.pauses import go_on, stop_at, stopped

KEY = '/v2/keys/calico-fuel/member-change'
ABSENT = 100


@pytest.mark.parametrize('end', ['', '&ttl=86400'])
def test_a_lock_that_does_not_end_soon_stops_no_node(make_nodes, end):
    """Whoever reaches etcd can write it."""
    nodes = deploy(make_nodes, 1)
    assert nodes.ask(9, 'PUT', KEY + '?value=nobody' + end)['node']
    nodes.add(2, *CONTROLLER)

    nodes.deploy()

    assert set(nodes.members(9)) == names(1, 2)
    assert nodes.ask(9, 'GET', KEY)['errorCode'] == ABSENT


@pytest.mark.parametrize('lock', ['still ours', 'expired', "another's"])
def test_a_run_that_was_paused_changes_members_only_with_the_lock(make_nodes, lock):
    """It is paused before it renews the lock, and asks no clock how long."""
    nodes = deploy(make_nodes, 1)
    nodes.add(2, *CONTROLLER)
    stop_at(nodes.clones[2], 'before', 'lock.renew')
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # node-1 opens its ports.
        joining = pool.submit(nodes.run, 1, 2)
        paused = stopped(nodes.clones[2])
        assert nodes.ask(9, 'GET', KEY)['node']['value'] == 'node-2'
        if lock == 'expired':
            nodes.ask(9, 'PUT', KEY + '?value=node-2&ttl=1')
            assert eventually(
                lambda: nodes.ask(9, 'GET', KEY).get('errorCode') == ABSENT)
        if lock == "another's":
            nodes.ask(9, 'PUT', KEY + '?value=node-1&ttl=100')
        go_on(nodes.clones[2], paused)
        if lock == "another's":
            assert not eventually(lambda: len(nodes.members(9)) > 1, 6)
            assert nodes.ask(9, 'DELETE', KEY + '?prevValue=node-1')['node']
        attempt = joining.result()[2]

    assert attempt.status == 0, attempt.output
    assert set(nodes.members(9)) == names(1, 2)
    assert nodes.ask(9, 'GET', KEY)['errorCode'] == ABSENT
