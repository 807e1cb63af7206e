"""Codes of BGP: sessions, and the routes of instances."""

from __future__ import unicode_literals

from calico_fuel.codes.code import note, problem

BIRD_DOWN = problem(
    'BIRD_DOWN', 'BIRD does not run, so this node learns and announces no route.',
    '"birdc show status"; /var/log/syslog',
    'Run calico-fuel compute, or calico-fuel route-reflector.')
BGP_DOWN = problem(
    'BGP_DOWN', 'A session to a node of the environment is not Established.',
    '"birdc show protocols all NAME" on both nodes',
    'Start the other node, open TCP port 179 between the two, and let both have the '
    'same AS number and password.')
PEER_DOWN = note(
    'PEER_DOWN', 'A session to an external peer is not Established, so outside '
    'networks may not reach instances.', '"birdc show protocols all NAME"',
    'Check the AS number, the password and the peers on that router.')
SESSION_LEFT = problem(
    'SESSION_LEFT', 'A session to a node that is gone is Established.',
    '"birdc show protocols"; calico-fuel topology',
    'Run calico-fuel compute, or calico-fuel route-reflector.')
SESSION_ENDED = note(
    'SESSION_ENDED', 'A session to a node that is gone is configured, and down.',
    '"birdc show protocols"; calico-fuel topology',
    'Run calico-fuel compute, or calico-fuel route-reflector.')
LOCAL_FILE_REFUSED = problem(
    'LOCAL_FILE_REFUSED', 'BIRD would not start again: its parser refuses bird.conf '
    'or a file in local.d.', '"bird -p -c /etc/bird/bird.conf"',
    'Fix the file that is named, and run "birdc configure".')
ROUTE_LIMIT = problem(
    'ROUTE_LIMIT', 'A session has reached its limit, and BIRD refuses new routes.',
    '"birdc show protocols all NAME"; "birdc show route filtered"',
    'Raise "Routes per compute" if there are so many instances, or end what announces '
    'the routes. Then run "birdc reload NAME".')
ROUTE_REFUSED = note(
    'ROUTE_REFUSED', 'A neighbor announces routes that it may not announce.',
    '"birdc show route filtered all"',
    'Run calico-fuel verify on that neighbor. If that is good, find out who can change '
    'BIRD there.')
ROUTES_HELD = note(
    'ROUTES_HELD', 'Routes are pinned: BGP has not learned them again.',
    '"ip route show proto 202"; /etc/bird/local.d/01-pinned-routes.conf on a route '
    'reflector',
    'Normal while Fuel deploys. Else fix the compute that is named, and run '
    'calico-fuel release-routes.')
REFLECTORS_DIFFER = note(
    'REFLECTORS_DIFFER', 'A route reflector does not send what the others send.',
    'calico-fuel verify on the route reflector',
    'Look for a compute without a session there, or for a limit that is reached.')
NO_TAP = note(
    'NO_TAP', 'An instance of this node has no tap.', '"ip link"; "virsh list"',
    'Normal for an instance that is shut off. Else "nova reboot --hard".')
TAP_DOWN = problem(
    'TAP_DOWN', 'The tap of an instance is switched off.', '"ip link show TAP"',
    'Run "ip link set TAP up".')
TAP_ROUTE_MISSING = problem(
    'TAP_ROUTE_MISSING', 'The kernel has no route to the tap of an instance.',
    '"ip route show ADDRESS"; /var/log/calico/felix.log',
    'Run "service calico-felix restart".')
ADDRESS_REFUSED = note(
    'ADDRESS_REFUSED', 'An instance has an address to which no route may lead.',
    'calico-fuel render --file bird.conf', 'Use another subnet.')
OUTSIDE_CIDRS = note(
    'OUTSIDE_CIDRS', 'An instance is outside of the instance CIDRs, and has no route.',
    'The setting "Instance CIDRs"',
    'Add its network to the instance CIDRs, if it needs a route.')
NOT_ANNOUNCED = problem(
    'NOT_ANNOUNCED', 'BIRD lacks the route to an instance of this node.',
    '"birdc show route for ADDRESS"; "birdc show protocols"',
    'Run "birdc enable kernel1"; /var/log/syslog has what the kernel refuses.')
EXPORT_DIFFERS = problem(
    'EXPORT_DIFFERS', 'A compute does not announce the routes of its taps to a route '
    'reflector, or announces others.', '"birdc show route export NAME"; "ip route"',
    'Run "birdc enable kernel1", and see /var/log/syslog.')
ROUTE_OVERRIDDEN = problem(
    'ROUTE_OVERRIDDEN', 'BIRD prefers a route of another protocol to an instance.',
    '"birdc show route for ADDRESS all"; /etc/bird/local.d',
    'Take that route away, or give it a preference below 100.')
NEXT_HOP_UNREACHABLE = problem(
    'NEXT_HOP_UNREACHABLE', 'This node cannot reach the compute of an instance.',
    '"birdc show route for ADDRESS all"; "ip route get NEXT_HOP"',
    'Run "birdc enable direct1". Nodes in another rack need a gateway to each other.')
NOT_IN_KERNEL = problem(
    'NOT_IN_KERNEL', 'The kernel lacks a route that BIRD has.',
    '"ip route show ADDRESS"; "birdc show protocols"; /var/log/syslog',
    'Run "birdc enable kernel1".')
FOREIGN_ROUTE = problem(
    'FOREIGN_ROUTE', 'Another route in the kernel replaces that of BIRD.',
    '"ip route show ADDRESS"', 'Find out who has added it, and delete it.')
WRONG_HOLDER = problem(
    'WRONG_HOLDER', 'A compute announces the address of an instance that runs '
    'elsewhere.',
    '"neutron port-list"; "ip route show ADDRESS" on that compute',
    'Delete a route that Felix has left. Else consider that compute taken over.')
TWO_HOLDERS = note(
    'TWO_HOLDERS', 'Several computes announce the same address.',
    '"neutron port-list | grep ADDRESS"',
    'Wait, if the instance moves. Else delete one of the ports.')
NO_HOLDER = note(
    'NO_HOLDER', 'A compute announces an address of no instance.',
    '"neutron port-list | grep ADDRESS"; "ip route show ADDRESS" on that compute',
    'Delete a route that Felix has left, or find out who has changed BIRD there.')
MTU_DIFFERS = problem(
    'MTU_DIFFERS', 'A node does not answer packets of full size.',
    '"ip link" here and there', 'Set the same MTU on all nodes and switches.')
MTU_TOO_SMALL = problem(
    'MTU_TOO_SMALL', 'The management network has a smaller MTU than instances here.',
    '"ip link"', 'Give the interface the MTU that it has in Fuel.')
MTU_OF_TAPS = note(
    'MTU_OF_TAPS', 'A tap has another MTU than the plugin gives to new ones.',
    '"ip link"', 'Reboot the instance ("nova reboot --hard").')
