"""Members of a real etcd cluster that speak HTTP move to TLS while they serve."""

import json

from lab.fuel import etcd
from lab.machine.programs import eventually
from tests.live.etcd_nodes import SETTINGS, all_read, assert_steady, keep, names

MEMBERS = 1, 2, 3
# Reads again and again, through a quorum, and prints how long it got no value.
READER = '''
import time, urllib.request
last = time.monotonic()
while True:
    try:
        text = urllib.request.urlopen(
            'http://127.0.0.1:4001/v2/keys/calico?quorum=true', timeout=3).read()
        now, last = last, time.monotonic()
        if b'"value":"kept"' in text and last - now > 0.5:
            print(last - now, flush=True)
    except OSError:
        pass
    time.sleep(0.05)
'''
# On a busy machine etcd takes seconds to start, and to elect a leader.
MOST_SECONDS = 15


def schemes(nodes):
    """Those of the peer URLs of each member, as etcd lists them."""
    return [sorted(url.partition(':')[0] for url in member['peerURLs'])
            for member in nodes.ask(1, 'GET', '/v2/members')['members']]


def listens(machine, port):
    """Whether something on a node does so at this port of its address."""
    return machine.result('bash', '-c', ': </dev/tcp/{}/{}'.format(
        machine.address, port)).status == 0


def http_nodes(make_nodes):
    """Three members and a proxy, without a secret in their metadata."""
    nodes = make_nodes(3)
    nodes.lacks = 'cinder',
    nodes.deploy()
    keep(nodes, 9)
    assert all_read(nodes) and schemes(nodes) == [['http']] * 3
    nodes.lacks = ()
    return nodes


def test_members_and_proxies_move_to_tls_while_they_serve(make_nodes, lab_run):
    nodes = http_nodes(make_nodes)
    ids = nodes.members(1)
    logs = {}
    for uid, machine in nodes.clones.items():
        logs[uid] = lab_run.directory / 'reader-{}.log'.format(uid)
        lab_run.start(machine.inside('python3', '-c', READER), logs[uid])

    # As in a deployment: members, proxies, members again.
    nodes.deploy()
    assert schemes(nodes) == [['http', 'https']] * 3
    assert all(listens(nodes.clones[uid], 2379) for uid in MEMBERS)
    for attempt in nodes.run(*MEMBERS).values():
        assert attempt.status == 0, attempt.output

    assert schemes(nodes) == [['https']] * 3
    assert nodes.members(9) == ids and set(ids) == names(*MEMBERS)
    assert all_read(nodes)
    for uid in MEMBERS:
        machine = nodes.clones[uid]
        assert 'http://192' not in machine.read(SETTINGS)
        assert [port for port in (2379, 2380, 2389, 2390) if listens(
            machine, port)] == [2389, 2390]
    gaps = {uid: [float(line) for line in log.read_text().split()]
            for uid, log in logs.items()}
    print('seconds without a value:', gaps)
    assert max(max(some, default=0) for some in gaps.values()) < MOST_SECONDS
    assert_steady(nodes)


def test_only_who_has_a_certificate_of_the_environment_is_answered(make_nodes):
    """At the ports for clients and for members, from an address that may connect."""
    nodes = make_nodes(3)
    nodes.deploy()
    member = nodes.clones[1]

    assert schemes(nodes) == [['https']] * 3
    for port, path in (2389, '/v2/keys/'), (2390, '/members'):
        server = '{}:{}'.format(member.address, port)
        assert '{' in nodes.ask_by_tls(9, server, path, 'with its certificate')
        assert nodes.ask_by_tls(9, server, path) == ''
        # Some versions say in words that this is a port for TLS.
        assert '{' not in etcd.ask(nodes.clones[9].node, 'GET', 'http://{}{}'.format(
            server, path), check=False)
    keep(nodes, 9)
    assert all_read(nodes)


def test_a_member_goes_on_with_http_while_one_node_is_not_ready(make_nodes):
    """Neither a member that runs no task, nor a compute, loses etcd."""
    nodes = http_nodes(make_nodes)
    for _ in range(2):
        assert {one.status for one in nodes.run(1, 2).values()} == {0}

    assert schemes(nodes).count(['http']) == 1
    assert schemes(nodes).count(['http', 'https']) == 2
    assert all_read(nodes)
    nodes.clones[1].run('service', 'etcd', 'stop')
    # The quorum is one member with both, and one with HTTP only; it may elect a leader.
    assert eventually(lambda: nodes.ask(9, 'PUT', '/v2/keys/calico?value=kept'), 30)
    nodes.clones[1].run('service', 'etcd', 'start')
    assert eventually(lambda: nodes.value(1, 'calico') == 'kept', 30)
    reply = nodes.ask_by_tls(1, nodes.clones[2].address + ':2389', '/health', 'with')
    assert json.loads(reply)['health'] == 'true'
