"""Each break on the way to an instance is named by explain: the link and its code."""

import re

import pytest

from lab.machine.programs import eventually
from lab.network import bird_network, fabric
from tests.live.explained_network import ETCD, GROUP, OTHER, OWN, THIRD, Network, ROLES

NOBODY = '203.0.113.99'
ENDPOINT, FELIX, CIDRS, GROUPS = (
    'endpoint in etcd', 'Felix', 'instance CIDRs', 'security groups')
TAP, ROUTE, OF_HOST, SESSIONS = (
    'tap', 'route to the tap', 'BIRD of its host', 'sessions to reflectors')
REFLECTOR, HOP = 'route reflector node-1', 'next hop'
OF_SENDER, KERNEL = "BIRD of the sender's host", "kernel of the sender's host"
RULES = 'v1/policy/profile/openstack-sg-{}/rules'.format(GROUP)
# Where one looks from, and at whom.
SENDER, HOST, RR = ('node-3', [OWN, OTHER]), ('node-4', [OTHER]), ('node-1', [OTHER])


@pytest.fixture
def net(lab_run, bring_up, line, demand, iptables):
    demand(programs=[str(ETCD), 'unshare'])
    net = Network(lab_run, bring_up(*ROLES), line)
    assert eventually(net.is_good, 30), [
        net.seen('node-3', OWN, OTHER)[-1], net.seen('node-4', OTHER)[-1],
        net.seen('node-1', OTHER)[-1]]
    return net


def reconfigured(net, name, old, new):
    """Edit bird.conf of a node -> a function that takes it back."""
    daemon = net.birds[name]
    before = daemon.config.read_text()
    bird_network.edit(daemon.config, old, new)
    assert 'Reconfig' in daemon.birdc('configure')

    def undo():
        daemon.config.write_text(before)
        daemon.birdc('configure')
    return undo


def static_route(net, name):
    path = net.birds[name].config.parent / 'local.d/ops.conf'
    path.write_text('protocol static ops {{ {} route {}/32 blackhole; }}\n'.format(
        {'1': 'preference 250;', '2': 'ipv4 { preference 250; };'}[net.line], OTHER))
    net.birds[name].birdc('configure')

    def undo():
        path.unlink()
        net.birds[name].birdc('configure')
    return undo


def disabled(net, name, *protocols):
    for protocol in protocols:
        net.birds[name].birdc('disable', protocol)
    return lambda: [net.birds[name].birdc('enable', one) for one in protocols]


def restored(net, key, value):
    return lambda: net.put(key, value)


def nobody_has_it(net):
    net.names('node-3', [NOBODY], ENDPOINT, 'NO_ENDPOINT', 'none has ' + NOBODY)


def endpoint_is_off(net):
    key = net.key_of(OTHER, 'node-4')
    undo = restored(net, key, net.change(key, state='inactive'))
    net.names(*SENDER, ENDPOINT, 'ENDPOINT_OFF', '--admin-state-up True')
    return undo


def two_endpoints(net):
    key = 'v1/host/node-3/workload/openstack/copy/endpoint/copy'
    net.put(key, net.put(net.key_of(OTHER, 'node-4'), '', 'GET'))
    net.names(*SENDER, ENDPOINT, 'TWO_ENDPOINTS', 'copy on node-3')
    return lambda: (net.put(key, '', 'DELETE'),
                    net.nodes['node-3'].run('ip', 'route', 'del', OTHER, check=False))


def etcd_is_away(net):
    net.etcds['node-3'].terminate()
    net.etcds['node-3'].wait(timeout=10)
    net.names(*SENDER, ENDPOINT + ' (sender)', 'ETCD_DOWN', 'calico-fuel etcd')
    return lambda: net.etcds.update({'node-3': net.start_etcd('node-3')})


def driver_has_not_written_all(net):
    net.put('v1/Ready', '', 'DELETE')
    net.names(*HOST, FELIX, 'DRIVER_MISSING', 'calico-fuel neutron-server')
    return restored(net, 'v1/Ready', 'true')


def felix_is_silent(net):
    undo = net.pause(net.felixes['node-4'])
    # As 90 s after its last report.
    net.put('felix/v1/host/node-4/status', '', 'DELETE')
    net.names(*SENDER, FELIX, 'FELIX_SILENT', 'on node-4 does not report')
    net.names(*HOST, FELIX, 'FELIX_SILENT', 'service calico-felix restart')
    return undo


def felix_cannot_connect_it(net):
    key = net.key_of(OTHER, 'node-4').replace('v1/host', 'felix/v1/host')
    net.put(key, '{"status": "error"}')
    net.names(*SENDER, FELIX, 'FELIX_FAILS', '/var/log/calico/felix.log on node-4')
    return lambda: net.put(key, '', 'DELETE')


def outside_of_the_cidrs(net):
    net.write_metadata('node-4', '4', workload_prefixes='10.65.0.0/16')
    net.names(*HOST, CIDRS, 'OUTSIDE_CIDRS', 'is outside of the instance CIDRs')
    return lambda: net.write_metadata('node-4', '4')


def tap_is_down(net):
    net.nodes['node-4'].configure('link set {} down'.format(net.taps[OTHER]))
    net.names(*HOST, TAP, 'TAP_DOWN', 'ip link set {} up'.format(net.taps[OTHER]))
    return lambda: net.nodes['node-4'].configure(
        'link set {} up'.format(net.taps[OTHER]))


def tap_is_gone(net):
    tap = net.taps[OTHER]
    net.nodes['node-4'].configure('link set {} down'.format(tap),
                                  'link set {} name was'.format(tap))
    net.names(*HOST, TAP, 'NO_TAP', 'nova reboot --hard')
    return lambda: net.nodes['node-4'].configure(
        'link set was name ' + tap, 'link set {} up'.format(tap))


def route_to_the_tap_is_gone(net):
    undo = net.pause(net.felixes['node-4'])
    net.nodes['node-4'].configure('route del ' + OTHER)
    net.names(*HOST, ROUTE, 'TAP_ROUTE_MISSING', 'service calico-felix restart')
    # BIRD scans the kernel every 10 s.
    net.names(*RR, REFLECTOR, 'NOT_ANNOUNCED', 'on node-4')
    net.names(*SENDER, OF_SENDER, 'NOT_REFLECTED', 'on node-4, then on node-1')
    return undo


def bird_does_not_read_the_kernel(net):
    undo = disabled(net, 'node-4', 'kernel1')
    net.names(*HOST, OF_HOST, 'NOT_ANNOUNCED', 'birdc enable kernel1')
    return undo


def static_route_on_the_host(net):
    undo = static_route(net, 'node-4')
    net.names(*HOST, OF_HOST, 'ROUTE_OVERRIDDEN', '(ops)')
    return undo


def bird_does_not_run(net):
    net.birds['node-4'].kill()
    net.names(*HOST, OF_HOST, 'BIRD_DOWN', 'calico-fuel compute')
    return lambda: net.birds['node-4'].start('-R')


def bird_hangs(net):
    net.birds['node-4'].pause()
    net.names(*HOST, OF_HOST, 'BIRD_DOWN', 'kill -CONT')
    return net.birds['node-4'].go_on


def host_has_no_session(net):
    undo = disabled(net, 'node-4', 'reflector_node_1', 'reflector_node_2')
    net.names(*HOST, SESSIONS, 'BGP_DOWN', 'reflector_node_2 to node-2')
    net.names(*RR, REFLECTOR, 'BGP_DOWN', 'client_node_4 to node-4')
    return undo


def sender_has_no_session(net):
    undo = disabled(net, 'node-3', 'reflector_node_1', 'reflector_node_2')
    net.names('node-3', [OTHER], REFLECTOR, 'BGP_DOWN', 'reflector_node_1 to node-1')
    return undo


def reflectors_are_cut_off(net):
    for name in 'node-1', 'node-2':
        net.network.fabric.cut(name)
    # The hold time is 30 s.
    assert eventually(lambda: not any(
        one.is_established for one in net.birds['node-3'].sessions().values()), 60)
    # So is etcd, whose proxy answers no more.
    seen = net.seen('node-3', OWN, OTHER)[-1]
    assert (seen['name'], seen['code']) == (ENDPOINT + ' (sender)', 'ETCD_DOWN')

    def undo():
        for name in 'node-1', 'node-2':
            net.network.fabric.plug_in(name)
    return undo


def reflector_refuses_the_next_hop(net):
    old = 'filter announce_workloads\n{'
    undo = reconfigured(net, 'node-4', old, old + '\n  bgp_next_hop = 192.0.2.13;')
    net.names(*RR, REFLECTOR, 'ROUTE_REFUSED', OTHER + '/32 leads to 192.0.2.13')
    net.names(*SENDER, OF_SENDER, 'NOT_REFLECTED', 'on node-4, then on node-1')
    return undo


def reflectors_have_reached_the_limit(net):
    """Both: each sends the other what its clients announce."""
    of_client = net.birds['node-1'].config.read_text().partition('client_node_4')[2]
    limit = re.search(r'\n *import limit \d+ ', of_client).group()
    undos = [reconfigured(net, name, limit, '\nimport limit 1 ')
             for name in ('node-1', 'node-2')]
    net.add('node-4', THIRD)
    net.names('node-1', [THIRD], REFLECTOR, 'ROUTE_LIMIT', 'import limit 1')

    def back():
        net.put('v1/host/node-4/workload/openstack/vm-32', '', 'DELETE')
        net.nodes['node-4'].configure('route del ' + THIRD)
        for undo in undos:
            undo()
        for name in 'node-1', 'node-2':
            net.birds[name].birdc('reload', 'client_node_4')
    return back


def two_holders(net):
    other = net.network.fabric.plug_workload('copy', net.nodes['node-3'], OTHER)[1]
    net.nodes['node-3'].configure('route replace {} dev {}'.format(OTHER, other))
    net.names(*RR, REFLECTOR, 'TWO_HOLDERS', 'node-3.example.com, too')
    net.names(*SENDER, OF_SENDER, 'WRONG_HOLDER', 'leads to ' + other)
    return lambda: net.nodes['node-3'].configure('link del ' + other)


def wrong_holder(net):
    undo = net.pause(net.felixes['node-4'])
    net.nodes['node-4'].configure('route del ' + OTHER)
    other = net.network.fabric.plug_workload('moved', net.nodes['node-3'], OTHER)[1]
    net.nodes['node-3'].configure('route replace {} dev {}'.format(OTHER, other))
    net.names(*RR, REFLECTOR, 'WRONG_HOLDER', 'leads to node-3.example.com; Neutron')
    return lambda: (net.nodes['node-3'].configure('link del ' + other), undo())


def route_is_held(net):
    net.nodes['node-3'].configure('route add {} via 192.0.2.14 dev br-mgmt proto 202 '
                                  'metric 20200'.format(OTHER))
    undo = disabled(net, 'node-3', 'reflector_node_1', 'reflector_node_2')
    net.names('node-3', [OTHER], OF_SENDER, 'ROUTES_HELD', 'via 192.0.2.14')
    return lambda: (undo(), net.nodes['node-3'].configure(
        'route del {} proto 202'.format(OTHER)))


def static_route_of_the_sender(net):
    undo = static_route(net, 'node-3')
    net.names(*SENDER, OF_SENDER, 'ROUTE_OVERRIDDEN', 'the route of ops')
    return undo


def static_route_of_the_reflector(net):
    undo = static_route(net, 'node-1')
    net.names(*RR, REFLECTOR, 'ROUTE_OVERRIDDEN', 'the route of ops')
    return undo


def next_hop_does_not_resolve(net):
    undo = disabled(net, 'node-3', 'direct1')
    net.names(*SENDER, OF_SENDER, 'NEXT_HOP_UNREACHABLE', 'birdc enable direct1')
    return undo


def kernel_lacks_the_route(net):
    undo = disabled(net, 'node-3', 'kernel1')
    net.nodes['node-3'].configure('route flush proto bird')
    net.names('node-3', [OTHER], KERNEL, 'NOT_IN_KERNEL', 'birdc enable kernel1')
    return undo


def another_route_in_the_kernel(net):
    net.nodes['node-3'].configure('route replace {} via 192.0.2.1 dev br-mgmt'.format(
        OTHER))
    seen = net.names(*SENDER, KERNEL, 'FOREIGN_ROUTE', 'via 192.0.2.1 dev br-mgmt')
    fix = re.search('"ip (route del [^"]*)"', seen['fix']).group(1)
    return lambda: net.nodes['node-3'].configure(fix)


def smaller_mtu(net):
    net.nodes['node-4'].configure('link set br-mgmt mtu 1300')
    net.names(*SENDER, HOP, 'MTU_DIFFERS', 'ip link set br-mgmt mtu NUMBER')
    return lambda: net.nodes['node-4'].configure('link set br-mgmt mtu 1500')


def cable_of_the_host_is_cut(net):
    """BGP notices it only when the hold time is over."""
    net.network.fabric.cut('node-4')
    net.names(*SENDER, HOP, 'NEXT_HOP_SILENT', '192.0.2.14 (node-4) does not answer')
    return lambda: net.network.fabric.plug_in('node-4')


def groups_allow_nothing(net):
    before = net.change(RULES, inbound_rules=[])
    net.names(*SENDER, GROUPS, 'GROUPS_REFUSE', 'allow nothing from ' + OWN)
    return restored(net, RULES, before)


def group_is_not_in_etcd(net):
    before = net.put(RULES, '', 'DELETE')
    net.names(*SENDER, GROUPS, 'GROUPS_REFUSE', 'no rules in etcd of group web')
    return restored(net, RULES, before)


BREAKS = (
    nobody_has_it, endpoint_is_off, two_endpoints, etcd_is_away,
    driver_has_not_written_all, felix_is_silent, felix_cannot_connect_it,
    outside_of_the_cidrs, tap_is_down, tap_is_gone, route_to_the_tap_is_gone,
    bird_does_not_read_the_kernel, static_route_on_the_host, bird_does_not_run,
    bird_hangs, host_has_no_session, sender_has_no_session,
    reflector_refuses_the_next_hop, reflectors_have_reached_the_limit, two_holders,
    wrong_holder, route_is_held, static_route_of_the_sender,
    static_route_of_the_reflector, next_hop_does_not_resolve, kernel_lacks_the_route,
    another_route_in_the_kernel, smaller_mtu, cable_of_the_host_is_cut,
    groups_allow_nothing, group_is_not_in_etcd, reflectors_are_cut_off)


def test_each_break_is_named_with_its_link_and_its_code(net):
    assert fabric.ping(net.instances[OWN], net.instances[OTHER])
    for break_it in BREAKS:
        undo = break_it(net)
        if undo:
            undo()
        assert eventually(net.is_good, 45), (break_it.__name__, [
            net.seen(*where)[-1] for where in (
                (SENDER[0], *SENDER[1]), (HOST[0], *HOST[1]), (RR[0], *RR[1]))])
    assert fabric.ping(net.instances[OWN], net.instances[OTHER])
