"""BGP: the sessions, the routes, and the BIRD of a node.

sessions      which node has a BGP session with which
outside       external peers that contradict other settings; the default route from them
route_policy  which routes a node may learn, announce and install
bird_replies  what birdc prints: protocols and routes
kernel        interfaces and routes of the kernel
bird          the BIRD of a node: its version, its parser, commands to the daemon
configured    the sessions in bird.conf, and which of them stay
reachable     no existing workload loses its route by new workload prefixes
refused       what BIRD refuses to learn -> Checks
announced     which compute announces whose address -> Checks
exported      what a compute announces to route reflectors -> Checks
data_path     instances of a compute, and its routes to others -> Checks
path_mtu      packets of full size to other nodes -> Checks
local_files   the operator's additions to bird.conf -> a Check
health        the BIRD of a node and its sessions -> Checks
bird_conf     its configuration, changed by make before break
bird_service  BIRD as a service, and its absence
held_routes   pinned routes, which stay while BGP sessions are reset
held_announcements  the same for external peers
"""
