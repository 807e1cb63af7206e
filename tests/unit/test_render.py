"""The files of each node, compared with golden ones and with promises."""

from __future__ import unicode_literals

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import render
from calico_fuel.bgp import bird
from calico_fuel.errors import RenderError
from calico_fuel.errors import RoleError
from calico_fuel.resources.shown import has_secrets, masked
from tests.unit.builders import environment
from tests.unit.builders import roles

FULL = dict(
    bgp_password='s3cret', bfd=True, workload_prefixes='10.65.0.0/16',
    external_peers='border 65010 203.0.113.1 b0rder\nother 64512 203.0.113.2')


def rendered(env, uid, bird_line=1):
    return dict(render.files(env, env.node(uid), bird_line))


def bird_conf(env, uid, bird_line=1):
    return rendered(env, uid, bird_line)[bird.BIRD_CONF]


@pytest.mark.parametrize('bird_line', [1, 2])
@pytest.mark.parametrize('name, uid', [('reflector', '1'), ('compute', '3')])
def test_bird_conf_with_every_setting(golden, name, uid, bird_line):
    env = environment(roles(2, 2, [['ceph-osd']]), **FULL)

    golden('bird{}-{}.conf'.format(bird_line, name),
           bird_conf(env, uid, bird_line))


PEERS = dict(
    workload_prefixes='10.65.0.0/16 198.51.100.64/27', external_peers=(
        'floating 65010 192.0.2.200 p4ss hops=1 gtsm limit=50 export=floating\n'
        'inside 65010 192.0.2.201 export=workloads local=65099\n'
        'out 65010 192.0.2.202 import=default\n'
        'tor-1 65201 192.0.2.203 from=192.0.2.12/32 local=65101 import=default\n'
        'tor-2 65201 192.0.2.204 from=192.0.2.12/32 local=65101 export=floating'))


@pytest.mark.parametrize('bird_line', [1, 2])
@pytest.mark.parametrize('name, uid', [('reflector', '1'), ('compute', '2')])
def test_bird_conf_with_every_option_of_external_peers(golden, name, uid, bird_line):
    golden('bird{}-{}-peers.conf'.format(bird_line, name),
           bird_conf(environment(roles(1, 2), **PEERS), uid, bird_line))


@pytest.mark.parametrize('bird_line', [1, 2])
def test_a_reflector_passes_on_a_default_route_of_another_reflector(bird_line):
    """Only where a peer of route reflectors may announce one."""
    line = '  if proto ~ "reflector_node_*" && net = 0.0.0.0/0 then accept;\n'
    for peers, is_there in (('out 65010 192.0.2.202 import=default', True),
                            ('out 65010 192.0.2.202', False)):
        env = environment(roles(2, 1), external_peers=peers)
        assert (line in bird_conf(env, '1', bird_line)) == is_there


@pytest.mark.parametrize('bird_line', [1, 2])
def test_what_from_client_accepts_is_what_is_reflected_first(bird_line):
    text = bird_conf(environment(roles(1, 1)), '1', bird_line)

    assert [line.split()[-2:] for line in re.findall(
        r'(?m)^  (?:if )?preference = (\d+)', text)] == [['101'], ['101']]


@pytest.mark.parametrize('uid', ['1', '2'])
@pytest.mark.parametrize('release, changes', [
    ('6.1', False), ('7.0', False), ('8.0', True), ('9.2', True)])
def test_floating_ips_change_files_from_liberty_on_only(release, changes, uid):
    off, on = (rendered(environment(roles(1, 1), release, floating_ips=is_on), uid)
               for is_on in (False, True))

    assert (off != on) == changes


@pytest.mark.parametrize('bird_line', [1, 2])
@pytest.mark.parametrize('uid', ['1', '2', '3'])
def test_a_changed_line_changes_only_its_own_session(bird_line, uid):
    """Also on the nodes that have it.  The other kinds of changes are filters."""
    def blocks(old, new):
        return dict(re.findall(r'(?ms)^(protocol bgp \S+) \{\n(.*?)^\}', bird_conf(
            environment(roles(1, 2), **dict(PEERS, external_peers=PEERS[
                'external_peers'].replace(old, new))), uid, bird_line)))

    for old, new in (
            ('hops=1 gtsm', 'hops=2'), ('65201 192.0.2.203', '65203 192.0.2.9'),
            ('p4ss', '"p4ss word"'), ('local=65099', 'limit=7')):
        one, other = blocks('', ''), blocks(old, new)
        changed = [name for name in one if one[name] != other[name]]
        assert set(one) == set(other) and len(changed) <= 1
        assert not changed or changed[0].startswith('protocol bgp external_')


@pytest.mark.parametrize('bird_line', [1, 2])
def test_bird_conf_of_a_node_with_both_roles_and_no_setting(golden, bird_line):
    env = environment([['primary-controller', 'compute'], ['compute']])

    golden('bird{}-both-roles.conf'.format(bird_line),
           bird_conf(env, '1', bird_line))


@pytest.mark.parametrize('name, uid, path', [
    ('felix.cfg', '4', render.FELIX_CFG),
    ('etcd-member', '1', render.ETCD_ENVIRONMENT),
    ('etcd-proxy', '4', render.ETCD_ENVIRONMENT),
    ('bird-local-readme.conf', '1', render.BIRD_LOCAL_README)])
def test_the_other_files(golden, name, uid, path):
    golden(name, rendered(environment(roles(3, 1)), uid)[path])


def test_the_files_that_give_instances_their_mtu(golden):
    env = environment(uid='2', instance_mtu='1400')

    golden('dnsmasq.conf', render.dnsmasq_conf(env))
    golden('libvirt-hook.sh', render.libvirt_hook(env))


@pytest.mark.parametrize('uid, paths', [
    ('1', {render.ETCD_ENVIRONMENT}),
    ('2', {bird.BIRD_CONF, render.BIRD_LOCAL_README, render.FELIX_CFG,
           render.ETCD_ENVIRONMENT}),
    ('3', {bird.BIRD_CONF, render.BIRD_LOCAL_README}),
    ('4', {render.ETCD_ENVIRONMENT})])
def test_each_role_gets_its_files_and_no_others(uid, paths):
    env = environment([['primary-controller'], ['compute'], ['calico-rr'],
                       ['calico-etcd']], '9.2')

    assert set(rendered(env, uid)) == paths


def test_a_node_without_calico_role_is_told_so():
    with pytest.raises(RoleError) as error:
        rendered(environment(roles(1, 1, [['ceph-osd']])), '3')
    assert 'node-3 (ceph-osd) has no Calico role' in error.value.args[0]


def test_a_reflector_has_no_kernel_protocol_and_a_compute_has():
    env = environment()

    assert 'protocol kernel' not in bird_conf(env, '1')
    assert 'protocol kernel' in bird_conf(env, '2')
    assert 'protocol direct' in bird_conf(env, '2')


@pytest.mark.parametrize('bird_line', [1, 2])
def test_every_bgp_session_restarts_gracefully(bird_line):
    for uid in '13':
        text = bird_conf(environment(roles(2, 2)), uid, bird_line)
        protocols = re.findall(r'^protocol bgp .*?^}', text, re.M | re.S)
        assert protocols
        for protocol in protocols:
            assert '  graceful restart;\n' in protocol


def test_an_ipv6_peer_needs_bird_2_and_says_so():
    env = environment(external_peers='b6 65010 2001:db8::1')

    with pytest.raises(RenderError) as error:
        rendered(env, '1', bird_line=1)
    assert 'b6 has the IPv6 address 2001:db8::1' in error.value.args[0]
    assert 'neighbor 2001:db8::1 as 65010;' in bird_conf(env, '1', 2)
    assert bird.BIRD_CONF in rendered(env, '2', bird_line=1)


def test_secrets_are_masked_where_they_are_shown():
    env = environment(roles(2, 2), **FULL)
    conf = rendered(env, '1')[bird.BIRD_CONF]

    assert 'password "s3cret"' in conf and 'password "b0rder"' in conf
    assert 's3cret' not in masked(conf)
    assert 'b0rder' not in masked(conf)
    assert masked(conf).count('********') == conf.count('password "')


def test_nothing_but_passwords_is_masked():
    conf = rendered(environment(bgp_password='tap*'), '2')[bird.BIRD_CONF]

    assert 'ifname ~ "tap*"' in masked(conf)
    assert 'password "********";' in masked(conf)
    assert not has_secrets(bird_conf(environment(bgp_password='none'), '2'))


def test_felix_cfg_has_comments_on_lines_of_their_own():
    """Felix takes a comment behind a value for a part of the value."""
    text = rendered(environment(), '2')[render.FELIX_CFG]

    for line in text.splitlines():
        assert line.startswith('#') or '#' not in line
    assert re.search(r'^EtcdAddr = 127\.0\.0\.1:4001$', text, re.M)
    assert re.search(r'^UsageReportingEnabled = False$', text, re.M)


@given(st.sampled_from(['1', '2', '3', '4']), st.sampled_from([1, 2]))
def test_the_seeing_node_does_not_matter(seen_from, bird_line):
    of_nodes = roles(2, 2)
    env = environment(of_nodes, uid=seen_from)

    for uid in '1234':
        assert rendered(env, uid, bird_line) == rendered(
            environment(of_nodes), uid, bird_line)


def test_no_file_changes_when_an_unrelated_node_comes():
    before = environment(roles(3, 2))
    after = environment(roles(3, 2, [['ceph-osd']]))

    for uid in '12345':
        assert rendered(before, uid) == rendered(after, uid)
