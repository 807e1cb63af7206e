"""A local user of a node who is not root, against the etcd that answers there."""

import json

import pytest

from tests.live.test_etcd_users import PROGRAM
from tests.plan.attacks import as_user
from tests.plan.nodes import CONTROLLERS, KEYS, ask_etcd, members

RULES = 'calico/v1/policy/profile/openstack-sg-sg1/rules'


@pytest.fixture(params=[('node-4', 4001), ('node-1', 4001), ('node-1', 2379)],
                ids=lambda param: '{}:{}'.format(*param))
def reply(request, machine):
    """What etcd answers a user on a node; a proxy and a member."""
    name, port = request.param

    def reply(user, method, path, body=''):
        return as_user(machine(name), user, 'python3', '-c', PROGRAM, method,
                       'http://127.0.0.1:{}/v2/{}'.format(port, path), body).stdout
    return reply


@pytest.fixture
def rules(lab):
    """Those of a security group, as Neutron's driver writes them; what they are now."""
    def value():
        return json.loads(ask_etcd(
            lab, 'node-4', KEYS + RULES, '', 'GET', check=True))['node']['value']
    ask_etcd(lab, 'node-4', KEYS + RULES, 'value=closed', 'PUT', check=True)
    return value


@pytest.mark.plan('attack S1, S2, S3, S13, S18: a local user changes etcd')
def test_nobody_changes_etcd(lab, reply, rules):
    """etcd answers none of the requests. The rules and the members are as before.

    Steps: As the user `nobody` of a compute and of a controller, ask the etcd on
    loopback to show, change and delete the rules of a security group, to take the lock
    of its members, to write 100,000 bytes, and to remove a member.
    """
    assert '"closed"' in reply('root', 'GET', 'keys/' + RULES)
    member = json.loads(reply('root', 'GET', 'members'))['members'][0]['id']

    for request in (
            ('GET', 'keys/' + RULES),
            ('PUT', 'keys/' + RULES, 'value=open'),
            ('DELETE', 'keys/calico/v1/policy?recursive=true'),
            ('PUT', 'keys/calico-fuel/member-change', 'value=nobody'),
            ('PUT', 'keys/flood', 'value=' + 100000 * 'x'),
            ('DELETE', 'members/' + member)):
        assert reply('nobody', *request) == '', request

    assert rules() == 'closed'
    assert members(lab, 'node-1') == [*CONTROLLERS]
