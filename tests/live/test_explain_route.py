"""explain names what is broken between an instance's host and the sender."""

import re

from lab.machine.programs import eventually
from tests.live.explained_network import (
    ENDPOINT, OF_SENDER, OTHER, OWN, REFLECTOR, RR, SENDER, THIRD, disabled,
    reconfigured, static_route)

HOP, KERNEL = 'next hop', "kernel of the sender's host"


def sender_has_no_session(net):
    undo = disabled(net, 'node-3', 'reflector_node_1', 'reflector_node_2')
    net.names('node-3', [OTHER], REFLECTOR, 'BGP_DOWN', 'reflector_node_1 to node-1')
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


BREAKS = (
    sender_has_no_session, reflector_refuses_the_next_hop,
    reflectors_have_reached_the_limit, two_holders, wrong_holder, route_is_held,
    static_route_of_the_sender, static_route_of_the_reflector,
    next_hop_does_not_resolve, kernel_lacks_the_route, another_route_in_the_kernel,
    smaller_mtu, cable_of_the_host_is_cut, reflectors_are_cut_off)


def test_each_break_is_named_with_its_link_and_its_code(explained):
    explained.breaks(BREAKS)
