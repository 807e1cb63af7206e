"""The BIRD and the sessions of a BGP speaker -> Checks."""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.bgp import bird, configured, sessions as bgp_sessions
from calico_fuel.checks import fault, good
from calico_fuel.codes.bgp import (
    BGP_DOWN, BIRD_DOWN, PEER_DOWN, SESSION_ENDED, SESSION_LEFT)

PEOPLE_SAY = {bgp_sessions.CLIENT: 'compute', bgp_sessions.REFLECTOR: 'route reflector',
              bgp_sessions.EXTERNAL: 'external peer'}
ESTABLISHED = 'Established'


def of_node(environment, node, system):
    protocols = bird.protocols(system) if bird.is_running(system) else None
    return checks_of(
        configured.of(environment, node, system), protocols,
        'route-reflector' if roles.is_route_reflector(environment, node)
        else 'compute')


def checks_of(sessions, protocols, task):
    """The wanted Sessions and BIRD's Protocols by name; *task* configures them."""
    if protocols is None:
        return [fault(BIRD_DOWN, 'BIRD', 'does not answer birdc', 'runs', (
            'Run calico-fuel {}; if BIRD does not stay up, see /var/log/syslog'
            .format(task)))]
    found = [good(BIRD_DOWN, 'BIRD', 'runs')]
    for relation in bgp_sessions.RELATIONS:
        of_kind = [s for s in sessions if s.relation == relation]
        down = [s for s in of_kind if not bird.is_established(protocols, s.name)]
        if len(of_kind) > len(down):
            found.append(good(BGP_DOWN, 'BGP to ' + checks.counted(
                len(of_kind) - len(down), PEOPLE_SAY[relation]), ESTABLISHED))
        found += [_down(session, protocols.get(session.name), task)
                  for session in down]
    wanted = set(session.name for session in sessions)
    # One that is down is what a node has left that was removed meanwhile.
    return found + [
        fault(
            SESSION_LEFT if protocol.is_established else SESSION_ENDED,
            'BGP {}'.format(name), 'exists', 'none: its node is gone',
            'Run calico-fuel {}'.format(task))
        for name, protocol in sorted(protocols.items())
        if protocol.proto == 'BGP' and bgp_sessions.is_ours(name)
        and name not in wanted]


def _down(session, protocol, task):
    subject = 'BGP {} to {} ({})'.format(
        session.name, session.neighbor, session.address)
    if protocol is None:
        return fault(
            BGP_DOWN, subject, 'is not configured', ESTABLISHED,
            'Run calico-fuel {}'.format(task))
    state = ' '.join('{} {}'.format(protocol.state, protocol.info).split())
    if session.relation == bgp_sessions.EXTERNAL:
        return fault(PEER_DOWN, subject, state, ESTABLISHED, (
            'Calico works without it; outside networks reach instances through it. '
            'Check the AS number, password{} and peers on that router'.format(
                ', GTSM (TTL 255)' if session.peer.gtsm else '')))
    if protocol.has_no_socket:
        return fault(BGP_DOWN, subject, state, ESTABLISHED, (
            '{}{}. Then run calico-fuel {}'.format(
                bird.PORT_IS_TAKEN[0].upper(), bird.PORT_IS_TAKEN[1:], task)))
    return fault(BGP_DOWN, subject, state, ESTABLISHED, (
        'Check that the node is up, and run calico-fuel verify on it. Check that TCP '
        'port 179 is open between the two, and that both have the same AS number and '
        'password: deploy changes if not{}'.format(
            '. If the node has been removed from the environment (Fuel 6.1 does not '
            'inform the other nodes), run calico-fuel forget-node {} --force on each '
            'controller'.format(session.neighbor)
            if session.relation == bgp_sessions.CLIENT else '')))
