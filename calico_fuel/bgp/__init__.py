"""BGP: who speaks with whom, which routes, and the BIRD of a node.

sessions      who speaks BGP with whom
route_policy  which routes a node may learn, announce and install
reachable     no workload is cut off by the prefixes that workloads may have
bird_replies  what birdc prints: protocols and routes
bird          the BIRD of a node: its version, its parser, what it is asked
health        what BIRD replied -> Checks of its sessions
bird_conf     its configuration, and the routes of sessions that end
bird_service  BIRD as a service, and its absence
held_routes   routes that stay while BGP sessions are reset
"""
