"""The task "etcd" on nodes of an environment, with an etcd that behaves."""

from __future__ import unicode_literals

import pytest

from calico_fuel import etcd
from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.tasks import etcd as task
from tests.unit.builders import environment, roles
from tests.unit.fake.etcd import ENVIRONMENT, MEMBER_LOG, PROXY_CACHE, EtcdWorld
from tests.unit.fake.system import Entry, Killed

ASIDE = '/var/lib/etcd/member.set-aside-'


class Environment(object):
    """Controllers, and computes from uid 8 on; ``uids`` are those in metadata."""

    def __init__(self, uids, release='6.1', deployed_before=False, **options):
        self.metadata = environment(roles(7, 2), release)._replace(
            deployed_before=deployed_before)
        self.world = EtcdWorld()
        self.nodes = {}
        self.uids = []
        self.add(uids, **options)

    def add(self, uids, **options):
        self.uids += list(uids)
        for uid in uids:
            node = self.metadata.node(uid)
            self.nodes[uid] = self.world.add_node(node.name, node.address, **options)

    def resources(self, uid):
        wanted = self.metadata._replace(this_uid=uid, nodes=tuple(
            node for node in self.metadata.nodes if node.uid in self.uids))
        return task.resources(wanted, wanted.this_node, self.nodes[uid])

    def run(self, uid):
        return list(converge(self.resources(uid), self.nodes[uid]))

    def run_all(self):
        for uid in self.uids:
            outcomes = self.run(uid)
            assert FAILED not in states(outcomes), outcomes

    def members(self):
        """The names of the members, while all of them are healthy."""
        cluster = self.world.clusters[-1]
        assert len(cluster.running()) == len(cluster.members)
        return sorted(name for name, _, _ in cluster.members.values())

    def is_steady(self):
        """Whether another run of every node changes nothing."""
        before = [(dict(n.files), list(n.services.starts)) for n in self.nodes.values()]
        runs = [states(self.run(uid)) for uid in self.uids]
        return before == [(n.files, n.services.starts) for n in self.nodes.values()] and (
            set(sum(runs, [])) == {UNCHANGED})


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def failure(outcomes):
    return [o.difference for o in outcomes if o.state == FAILED][0]


@pytest.fixture
def three():
    env = Environment('123')
    env.run_all()
    return env


@pytest.mark.parametrize('uids', ['1', '123', '12345'])
def test_members_come_up_and_a_second_run_changes_nothing(uids):
    env = Environment(uids + '8')

    env.run_all()

    assert env.members() == ['node-' + uid for uid in uids]
    assert len(env.world.clusters) == 1
    assert env.nodes['8'].is_proxy
    assert [env.nodes[uid].services.starts for uid in uids] == [['etcd']] * len(uids)
    assert env.is_steady()


def test_every_other_node_waits_for_the_first_one():
    env = Environment('123')
    env.world.meanwhile.append(lambda: env.run('1'))

    assert FAILED not in states(env.run('2'))

    assert env.members() == ['node-1', 'node-2']


def test_a_wait_ends_and_names_what_it_waited_for():
    env = Environment('12')

    begin = env.world.clock
    message = failure(env.run('2'))

    assert message == (
        'etcd member node-2: not done after 150 s: no etcd member answers yet, and '
        'node-1 has to be the first. Run this there. Then run this again')
    assert 150 < env.world.clock - begin < 200
    assert not env.world.clusters


def test_a_seed_looks_for_a_while_before_it_begins():
    env = Environment('12')
    before = env.world.clock

    env.run('1')
    alone = Environment('1')
    begin = alone.world.clock
    alone.run('1')

    assert env.world.clock - before > 6 > alone.world.clock - begin


def test_a_seed_that_lost_its_disk_joins_what_it_began(three):
    three.nodes['1'].lose_disk()

    three.run('1')

    assert three.members() == ['node-1', 'node-2', 'node-3']
    assert len(three.world.clusters) == 1
    assert three.is_steady()


def test_a_seed_without_data_begins_no_second_etcd_cluster_in_a_deployed_environment():
    env = Environment('123', '8.0', deployed_before=True)

    message = failure(env.run('1'))

    assert 'etcd member node-1: this environment has been deployed before' in message
    assert 'start etcd on the node that has its data. If there is none any more, set ' \
        'ETCD_INITIAL_CLUSTER_STATE to "new" in /etc/default/etcd here' in message
    assert not env.world.clusters


def test_a_new_role_begins_no_second_etcd_cluster_where_the_controllers_are_silent():
    env = Environment('12', '9.2', deployed_before=True)
    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '2' else n
        for n in env.metadata.nodes))

    assert 'start etcd on the node that has its data' in failure(env.run('2'))


def test_a_member_that_leaves_still_lets_the_new_ones_in(three):
    three.metadata = three.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '4' else n
        for n in three.metadata.nodes))
    three.add('4')

    three.run('1')

    assert '-s 192.0.2.14/32 -j ACCEPT' in three.nodes['1'].iptables.rules[
        'filter']['calico-fuel-etcd']


def test_the_only_member_begins_anew_even_then():
    env = Environment('1', '8.0', deployed_before=True)

    env.run_all()

    assert env.members() == ['node-1']


def test_members_that_join_change_nothing_on_those_that_are_there(three):
    """But whom their firewall lets in."""
    texts = [three.nodes[uid].text(ENVIRONMENT) for uid in '123']
    three.add('45')

    three.run('4')
    three.run('5')

    assert three.members() == ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']
    three.run_all()
    assert texts == [three.nodes[uid].text(ENVIRONMENT) for uid in '123']
    assert [three.nodes[uid].services.starts for uid in '123'] == [['etcd']] * 3
    assert three.is_steady()


def test_a_member_that_is_gone_is_removed_by_the_others(three):
    three.nodes['3'].switch_off()
    three.uids.remove('3')

    assert CHANGED in states(three.run('1'))

    assert three.members() == ['node-1', 'node-2']
    three.run_all()
    assert three.is_steady()


def test_a_member_that_is_gone_is_removed_before_another_is_added(three):
    """Beside a dead one, a member that does not start would cost the quorum."""
    three.nodes['2'].switch_off()
    three.uids.remove('2')
    three.add('4')

    three.run('4')

    assert three.members() == ['node-1', 'node-3', 'node-4']


def test_no_member_is_added_while_a_wanted_one_is_dead(three):
    three.nodes['2'].switch_off()
    three.add('4')

    assert 'etcd member node-4: not done after 150 s: node-2 not healthy, and a ' \
        'member is added to a healthy etcd cluster only. Start etcd there' in failure(
            three.run('4'))
    assert len(three.world.clusters[0].members) == 3


def test_without_a_quorum_nothing_changes_and_the_missing_are_named(three):
    three.nodes['2'].switch_off()
    three.nodes['3'].switch_off()
    three.uids.remove('3')

    message = failure(three.run('1'))

    assert 'the etcd cluster of node-1, node-2, node-3 has no quorum; ' \
        'http://192.0.2.11:2380 answered. Start etcd on the others' in message
    assert three.nodes['1'].services.starts == ['etcd']
    assert len(three.world.clusters[0].members) == 3


def test_a_member_that_lost_its_disk_comes_back_as_another(three):
    three.nodes['2'].lose_disk()
    before = set(three.world.clusters[0].members)

    three.run('2')

    assert three.members() == ['node-1', 'node-2', 'node-3']
    assert len(before & set(three.world.clusters[0].members)) == 2


def test_data_of_a_member_that_was_removed_is_set_aside_not_deleted(three):
    """It was off while the others removed it, and is wanted again now."""
    node = three.nodes['3']
    node.switch_off()
    three.uids.remove('3')
    three.run('1')
    log = node.text(MEMBER_LOG)
    three.uids.append('3')
    node.is_up = True

    outcomes = three.run('3')

    assert FAILED not in states(outcomes)
    assert three.members() == ['node-1', 'node-2', 'node-3']
    kept, = [path for path in node.files if path.startswith(ASIDE)
             and path.endswith('/wal/0.wal')]
    assert node.text(kept) == log


def test_data_that_the_package_made_with_its_defaults_is_set_aside():
    """Trusty's package may have started etcd: alone, and at localhost."""
    env = Environment('12')
    for uid in '12':
        node = env.nodes[uid]
        node.files[ENVIRONMENT] = Entry(
            'ETCD_NAME="default"\nETCD_INITIAL_ADVERTISE_PEER_URLS="http://127.0.0.1:2380"\n'
            'ETCD_ADVERTISE_CLIENT_URLS="http://127.0.0.1:2379"\n'
            'ETCD_INITIAL_CLUSTER="default=http://127.0.0.1:2380"\n'
            'ETCD_INITIAL_CLUSTER_STATE="new"\n', 'root:root', 0o644)
        node.start_etcd()

    env.run_all()

    assert env.members() == ['node-1', 'node-2']
    assert all(any(path.startswith(ASIDE) for path in env.nodes[uid].files)
               for uid in '12')
    assert env.is_steady()


def test_a_proxy_becomes_a_member_when_its_node_does():
    env = Environment('18')
    env.run_all()
    assert PROXY_CACHE in env.nodes['8'].files

    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['controller'])) for n in env.metadata.nodes))
    env.run_all()

    assert env.members() == ['node-1', 'node-8']
    assert PROXY_CACHE not in env.nodes['8'].files


def test_members_move_to_the_dedicated_role_without_a_second_etcd_cluster():
    env = Environment('12')
    env.run_all()
    env.metadata = env.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid in '45' else n
        for n in env.metadata.nodes))
    env.add('45')
    # The controllers wait for the others.
    env.world.meanwhile += [lambda: env.run('4'), lambda: env.run('5')]

    env.run_all()

    assert len(env.world.clusters) == 1
    assert env.members() == ['node-4', 'node-5']
    assert env.nodes['1'].is_proxy and env.nodes['2'].is_proxy
    assert env.is_steady()


def test_a_member_that_is_not_wanted_goes_on_until_the_others_have_removed_it(three):
    three.metadata = three.metadata._replace(nodes=tuple(
        n._replace(roles=frozenset(['calico-etcd'])) if n.uid == '4' else n
        for n in three.metadata.nodes))
    three.add('4')

    message = failure(three.run('1'))

    assert 'no etcd member node-1: not done after 150 s: it still is a member' in message
    assert three.members() == ['node-1', 'node-2', 'node-3']


def test_a_proxy_with_a_members_data_and_no_etcd_cluster_keeps_it():
    env = Environment('18')
    env.nodes['8'].files[MEMBER_LOG] = Entry('0 a1', 'etcd:etcd', 0o600)

    message = failure(env.run('8'))

    assert 'no healthy etcd member answers that could tell whether it still is' in message
    assert MEMBER_LOG in env.nodes['8'].files


def test_an_etcd_with_another_data_directory_is_not_removed(three):
    node = three.nodes['3']
    for path in [p for p in node.files if p.startswith('/var/lib/etcd')]:
        del node.files[path]

    assert 'http://192.0.2.13:2379 answers from another data directory' in failure(
        three.run('3'))
    assert len(three.members()) == 3


def test_what_etcd_refuses_for_now_is_asked_again():
    """etcd 3 wants the members to be connected for 5 s."""
    env = Environment('12')
    env.run('1')
    env.world.refusals = 3

    env.run('2')

    assert env.members() == ['node-1', 'node-2']


def test_what_etcd_refuses_for_good_is_told():
    env = Environment('12')
    env.run('1')
    node = env.nodes['2']
    ask = node.ask

    def refuse(method, url, body):
        from calico_fuel.system import Reply
        return Reply(400, 'bad URL') if method == 'POST' else ask(method, url, body)
    node.servers[:] = [refuse]

    message = failure(env.run('2'))

    assert message.startswith('POST http://192.0.2.11:2379/v2/members: etcd answered '
                              '400 bad URL. Look into the log of etcd there')


def test_no_member_changes_while_another_node_changes_one(three):
    cluster = three.world.clusters[0]
    cluster.keys['/calico-fuel/member-change'] = ('node-9', three.world.clock + 500)
    three.add('4')

    message = failure(three.run('4'))

    assert 'not done after 150 s: node-9 is changing the members (the key ' \
        '/v2/keys/calico-fuel/member-change says so' in message
    assert len(cluster.members) == 3


def test_the_lock_of_a_run_that_was_killed_ends_by_itself(three):
    three.world.clusters[0].keys['/calico-fuel/member-change'] = (
        'node-9', three.world.clock + 120)
    three.add('4')

    three.run('4')

    assert len(three.members()) == 4
    assert not three.world.clusters[0].keys


def test_a_new_option_restarts_a_member_and_an_initial_one_does_not(three):
    node = three.nodes['2']
    text = node.text(ENVIRONMENT)
    node.write(ENVIRONMENT, text.replace('"existing"', '"new"'))
    three.run('2')
    assert (node.services.starts, node.text(ENVIRONMENT)) == (['etcd'], text)

    node.version = '3.4.23'
    three.run('2')

    assert node.services.starts == ['etcd', 'etcd']
    assert node.settings['ETCD_ENABLE_V2'] == 'true'
    assert not three.world.clusters[0].keys


def test_members_do_not_restart_at_once(three):
    three.world.clusters[0].keys['/calico-fuel/member-change'] = (
        'node-1', three.world.clock + 500)
    node = three.nodes['2']
    node.version = '3.4.23'

    message = failure(three.run('2'))

    assert 'service etcd: has to restart, but node-1 is changing the members' in message
    assert node.services.starts == ['etcd']


def test_a_new_member_does_not_restart_a_proxy():
    env = Environment('18')
    env.run_all()
    env.add('2')

    env.run_all()

    assert env.nodes['8'].services.starts == ['etcd']
    assert 'node-2=' in env.nodes['8'].text(ENVIRONMENT)
    assert env.is_steady()


def test_a_stopped_member_starts_with_its_data(three):
    three.nodes['2'].service(['service', 'etcd', 'stop'], None)

    three.run('2')

    assert len(three.members()) == 3


def test_etcd_that_makes_no_log_is_an_error_and_leaves_harmless_settings():
    env = Environment('1')
    node = env.nodes['1']
    node.start_etcd = lambda: node.services.running.add('etcd')

    message = failure(env.run('1'))

    assert 'etcd has made no log in /var/lib/etcd/member/wal within 20 s' in message
    assert 'ETCD_INITIAL_CLUSTER_STATE="existing"' in node.text(ENVIRONMENT)


def test_etcd_that_does_not_start_is_an_error_and_leaves_harmless_settings():
    env = Environment('1')
    env.nodes['1'].services.broken.add('etcd')
    env.nodes['1'].start_etcd = lambda: None

    assert 'service etcd: does not run' in failure(env.run('1'))
    assert '"existing"' in env.nodes['1'].text(ENVIRONMENT)


@pytest.mark.parametrize('uid', ['1', '3', '4', '8'])
def test_a_run_killed_at_any_change_is_finished_by_the_next(uid):
    """A seed, a member that comes back without data, a new member, a proxy."""
    def prepared():
        env = Environment('' if uid == '1' else '123')
        env.run_all()
        if uid == '3':
            env.nodes['3'].lose_disk()
        else:
            env.add(uid)
        env.nodes[uid].changes = 0
        return env

    whole = prepared()
    whole.run(uid)
    assert whole.nodes[uid].changes > 5
    for moment in range(1, whole.nodes[uid].changes + 1):
        env = prepared()
        env.nodes[uid].dies_at = moment
        with pytest.raises(Killed):
            env.run(uid)
        env.nodes[uid].dies_at = None
        env.run_all()
        assert env.members() == whole.members()
        assert len(env.world.clusters) == 1
        assert env.nodes[uid].text(ENVIRONMENT) == whole.nodes[uid].text(ENVIRONMENT)
        assert env.is_steady()


def test_upstart_gets_a_job_that_reads_the_settings_and_others_do_not():
    env = Environment('1')
    assert '/etc/init/etcd.conf' in [r.label for r in env.resources('1')]

    del env.nodes['1'].files['/sbin/initctl']

    assert '/etc/init/etcd.conf' not in [r.label for r in env.resources('1')]


def test_only_nodes_with_a_part_in_calico_get_etcd():
    env = environment(roles(1, 1, [['ceph-osd']]))

    assert task.resources(env, env.node('3'), None) == []


def test_a_dry_run_tells_the_step_and_takes_none():
    env = Environment('1')

    outcomes = list(converge(env.resources('1'), env.nodes['1'], dry_run=True))

    assert 'etcd member node-1: begins a new etcd cluster' in [
        o.difference for o in outcomes]
    assert env.nodes['1'].changes == 0


def test_the_job_of_upstart(golden):
    job = [r for r in Environment('1').resources('1') if r.label == '/etc/init/etcd.conf'][0]

    golden('etcd-upstart.conf', job.text)


def test_the_paths_are_those_of_etcd():
    assert etcd.LOG_DIR + '/0.wal' == MEMBER_LOG
