"""The task "etcd": its files, and that a killed run is finished."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, converge
from calico_fuel.etcd import settings
from calico_fuel.tasks import etcd as task
from tests.unit.builders import environment, roles
from tests.unit.fake.etcd import ENVIRONMENT, MEMBER_LOG
from tests.unit.fake.etcd_environment import (
    Environment, killed_at_every_change)


@pytest.mark.parametrize('owner, difference', [
    (None, '/var/lib/etcd: is not there'),
    ('root', '/var/lib/etcd: belongs to root instead of etcd')])
def test_the_data_directory_belongs_to_etcd(owner, difference):
    env = Environment('1')
    env.nodes['1'].owner = owner

    outcomes = env.run('1')

    assert difference in [o.difference for o in outcomes]
    assert env.members() == ['node-1']


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
        return env

    whole = prepared()
    whole.run(uid)
    for env in killed_at_every_change(prepared, uid, lambda env: env.run(uid)):
        env.run_all()
        assert env.members() == whole.members()
        assert len(env.world.clusters) == 1
        assert env.nodes[uid].text(ENVIRONMENT) == whole.nodes[uid].text(ENVIRONMENT)
        assert env.is_steady()


@pytest.mark.parametrize('uid', ['1', '8'])
def test_a_user_who_appears_later_is_let_in_by_the_next_run(uid):
    """On members and on proxies, and before etcd starts."""
    env = Environment('18')
    node = env.nodes[uid]
    del node.user_ids['neutron']
    env.run_all()
    chain = node.iptables.rules['filter']['calico-fuel-etcd-users']
    assert '-m owner --uid-owner 106 -j RETURN' not in chain

    node.user_ids['neutron'] = 106

    assert 'firewall chain calico-fuel-etcd-users' in [
        o.label for o in env.run(uid) if o.state == CHANGED]
    assert node.iptables.rules['filter']['calico-fuel-etcd-users'] == chain[:2] + [
        '-m owner --uid-owner 106 -j RETURN'] + chain[2:]
    labels = [resource.label for resource in env.resources(uid)]
    assert labels.index('firewall chain calico-fuel-etcd-users') < labels.index(
        'service etcd')


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

    assert 'etcd member node-1: starts a new etcd cluster' in [
        o.difference for o in outcomes]
    assert env.nodes['1'].changes == 0


def test_the_job_of_upstart(golden):
    job, = [resource for resource in Environment('1').resources('1')
            if resource.label == '/etc/init/etcd.conf']

    golden('etcd-upstart.conf', job.text)


def test_the_paths_are_those_of_etcd():
    assert settings.LOG_DIR + '/0.wal' == MEMBER_LOG
