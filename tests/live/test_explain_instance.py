"""explain names what is broken at an instance and its host, by link and code."""

from tests.live.explained_network import (
    ENDPOINT, GROUP, HOST, OF_HOST, OF_SENDER, OTHER, OWN, REFLECTOR, RR, SENDER,
    disabled, restored, static_route)

NOBODY = '203.0.113.99'
FELIX, CIDRS, GROUPS = 'Felix', 'instance CIDRs', 'security groups'
TAP, ROUTE, SESSIONS = 'tap', 'route to the tap', 'sessions to reflectors'
RULES = 'v1/policy/profile/openstack-sg-{}/rules'.format(GROUP)


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
    bird_hangs, host_has_no_session, groups_allow_nothing, group_is_not_in_etcd)


def test_each_break_is_named_with_its_link_and_its_code(explained):
    explained.breaks(BREAKS)
