"""An etcd cluster on its way from HTTP to TLS."""

from __future__ import unicode_literals

from calico_fuel.etcd import readiness
from calico_fuel.etcd.moving import BOTH, HTTP, TLS, schemes_of
from tests.unit.fake.etcd_environment import Environment


def http_environment(uids='1238'):
    """As an earlier plugin leaves it; the fake raises a Catastrophe when a member that
    runs cannot connect to another one, in either direction."""
    env = Environment(uids)
    secret = env.metadata.secret
    env.metadata = env.metadata._replace(secret=None)
    env.run_all()
    env.world.clusters[0].keys['/precious'] = ('kept', None)
    assert listening(env) == dict.fromkeys(uids, HTTP)
    env.metadata = env.metadata._replace(secret=secret)
    return env


def both(uids='1238'):
    env = http_environment(uids)
    env.run_all()
    assert set(listed(env)) == {BOTH}
    return env


def listening(env):
    """With which schemes etcd of each node listens; a proxy has no URLs for peers."""
    return dict((uid, schemes_of(node.settings.get(
        'ETCD_LISTEN_PEER_URLS', '').split(','))) for uid, node in env.nodes.items())


def listed(env):
    return sorted(schemes_of(urls) for _, urls, _ in (
        env.world.clusters[0].members.values()))


def why(env, uid='1'):
    note, = env.resources(uid, lambda of, node, system: readiness.notes(
        of, node, system))
    assert not note.is_problem and 'calico-fuel etcd' in note.fix
    return note.state


def later(env):
    """The lock of a run that was killed has expired."""
    env.world.clock += 121


def is_moved(env):
    members = [uid for uid in env.nodes if uid < '8']
    cluster, = env.world.clusters
    return (set(listed(env)) == {TLS} and cluster.keys['/precious'] == ('kept', None)
            and all(listening(env)[uid] == TLS for uid in members)
            and env.members() == ['node-' + uid for uid in sorted(members)])
