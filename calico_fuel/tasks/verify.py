"""Check whether everything works.

It checks the daemons, and compares the node with the wanted state of every other task.
Fuel 6.1 reads the exit status of only one node of a batch, so a controller also checks
every compute.
"""

from __future__ import unicode_literals

from calico_fuel import checks
from calico_fuel import departed_hosts
from calico_fuel import roles
from calico_fuel.bgp import bird
from calico_fuel.bgp import configured
from calico_fuel.bgp import health as bgp_health
from calico_fuel.bgp import held_routes
from calico_fuel.bgp import reachable
from calico_fuel.bgp import sessions
from calico_fuel.calico import driver
from calico_fuel.calico import felix
from calico_fuel.calico import keys as calico_keys
from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import client
from calico_fuel.etcd import health as etcd_health
from calico_fuel.etcd import settings as etcd_settings
from calico_fuel.tasks import cleanup
from calico_fuel.tasks import compute
from calico_fuel.tasks import cron
from calico_fuel.tasks import etcd
from calico_fuel.tasks import firewall
from calico_fuel.tasks import hiera
from calico_fuel.tasks import instances
from calico_fuel.tasks import networks
from calico_fuel.tasks import neutron_server
from calico_fuel.tasks import packages
from calico_fuel.tasks import route_reflector

TASKS = (('hiera', hiera), ('packages', packages), ('etcd', etcd),
         ('neutron-server', neutron_server),
         ('route-reflector', route_reflector), ('compute', compute),
         ('cleanup', cleanup), ('cron', cron), ('networks', networks))
# Reflectors configure the session of a new compute within a minute (up to Fuel 8.0, by
# "refresh"), the driver needs up to a minute from the start of neutron-server.
SECONDS_TO_SETTLE = 75
# Another run on this node, such as "refresh", may restart a service right now.
SECONDS_TO_RESTART = 15
SECONDS_BETWEEN_LOOKS, SECONDS_TO_ANSWER = 2, 2
HELD = (
    'That is right while Fuel deploys. Otherwise BIRD has not learned these workloads '
    'again ("ip route show proto {0}"): run calico-fuel verify on their computes, fix '
    'what it names, and run calico-fuel release-routes here. If they are good, the '
    'instances are stopped, or need not be reachable: "ip route flush proto '
    '{0}"'.format(held_routes.PROTOCOL))
# What differs when a node that was removed goes down after the last run: not a problem,
# because the next run ends its session.
OF_SESSIONS = [bird.BIRD_CONF, 'service bird'] + [
    'firewall chain ' + chain[1]
    for chain in (firewall.BGP, firewall.BFD, firewall.ETCD)]
ETCD = 'http://' + etcd_settings.LOCAL_ENDPOINT + '/v2'


def checks_of(environment, node, system):
    problems = roles.problems(environment)
    if problems:
        return [checks.problem(text) for text in problems]
    if not roles.has_calico_role(environment, node):
        return [checks.said('nothing to look at on a node with these roles')]
    seen = (settled(lambda: alive(environment, node, system), system, SECONDS_TO_SETTLE)
            + held(environment, node, system) + refresh(environment, system)
            + reachable.notes(environment, node, system)
            + unlisted(environment, node, system))
    if node.is_controller or roles.is_route_reflector(environment, node):
        seen += ghosts(environment, node, system)
    return seen + settled(
        lambda: wanted(environment, node, Impatient(system)), system,
        SECONDS_TO_RESTART)


class Impatient(object):
    """The node for comparisons that must not wait: ``settled`` waits for them."""

    def __init__(self, system):
        self._system = system

    def __getattr__(self, name):
        return getattr(self._system, name)

    def eventually(self, look, seconds, interval=0.25, until=bool):
        return look()


def settled(look, system, seconds):
    """The Checks of *look*, once all are good or the *seconds* are over."""
    return system.eventually(
        look, seconds, SECONDS_BETWEEN_LOOKS,
        until=lambda seen: not any(check.is_problem for check in seen))


def alive(environment, node, system):
    """Checks of the daemons of the node."""
    found = []
    if roles.speaks_bgp(environment, node):
        found += bgp(environment, node, system)
    keys = keys_of_calico(system) if node.is_compute or node.is_controller else None
    if node.is_compute:
        found += [instances.metadata_api(system), local_etcd(system)]
        found += instances.alive(environment, node, system, keys)
    if node.is_controller or roles.is_etcd_member(environment, node):
        found += etcd_cluster(environment, system)
    if node.is_controller:
        found.append(driver.check(keys))
        found += felix.reports(roles.computes(environment), keys)
    return found


def bgp(environment, node, system):
    protocols = bird.protocols(system) if bird.is_running(system) else None
    return bgp_health.checks_of(
        configured.of(environment, node, system), protocols,
        'route-reflector' if roles.is_route_reflector(environment, node)
        else 'compute')


def ghosts(environment, node, system):
    """Checks of the computes without a session that do not answer either."""
    protocols = bird.protocols(system)
    down = [session for session in sessions.of(environment, node)
            if session.relation == sessions.CLIENT and session.name in protocols
            and not protocols[session.name].is_established]
    return [bgp_health.ghost(session) for session in down[:departed_hosts.MOST_PINGED]
            if not departed_hosts.answers(system, session.address)]


def held(environment, node, system):
    """Checks of held routes, by their next hop: a compute or a router."""
    if not node.is_compute or not system.exists(held_routes.MARK):
        return []
    gateways = [route.gateway for route in held_routes.routes(
        system, held_routes.PROTOCOL)]
    names = dict((one.address, one.name) for one in roles.computes(environment))
    return [checks.note(
        'held routes', '{} through {}'.format(gateways.count(gateway), names.get(
            gateway, gateway)), 'none', HELD) for gateway in sorted(set(gateways))]


def refresh(environment, system):
    """A Check where cron does not run the tasks of this node again."""
    if environment.is_of_fuel_9:
        return []
    if system.exists(cron.PAUSED):
        state, fix = 'is paused', 'Remove {}'.format(cron.PAUSED)
    elif not system.exists(cron.LIST):
        state, fix = 'is off: {} is missing'.format(cron.LIST), (
            'Fuel removes it before it deploys a node, and that deployment has not '
            'come to its end: deploy changes')
    else:
        return []
    return [checks.note('refresh by cron', state, 'runs every minute', (
        '{}. Until then this node does not follow the list of nodes, and does not '
        'correct itself'.format(fix)))]


def unlisted(environment, node, system):
    """Checks of live hosts that the list of nodes omits; controllers ask etcd too."""
    hosts = departed_hosts.neighbors(system, environment.nodes)
    try:
        if node.is_controller:
            hosts = departed_hosts.unlisted(system, environment.nodes)
    except CalicoFuelError:
        # A silent etcd has a row of its own.
        pass
    return [checks.note('list of nodes', 'lacks ' + host, 'has every live host', (
        'Up to Fuel 8.0 its session and the ports of it stay while the session is '
        'Established. Records of removed nodes stay in Neutron and etcd meanwhile. If '
        'it is a node of the environment, deploy it again, so that Fuel writes {} with '
        'it. If it was just removed, run this again in two minutes. If it still runs '
        'then, shut it down, or run calico-fuel forget-node {} on each node that names '
        'it'.format(environment.nodes_source, host))) for host in sorted(hosts)]


def local_etcd(system):
    """A Check of the etcd that Felix and the DHCP agent use: a proxy, or a member.

    Without a quorum a member answers with old values, unless a quorum is asked for.
    """
    subject, url = 'etcd on ' + etcd_settings.LOCAL_ENDPOINT, (
        ETCD + '/keys' + calico_keys.READY_KEY)
    reply = system.http('GET', url, timeout=SECONDS_TO_ANSWER)
    # 404: etcd answers, but Neutron's driver has not written the key yet.
    if not reply or reply.status not in (200, 404):
        return checks.bad(
            subject, 'replies {}'.format(reply.status) if reply else 'does not answer',
            'answers', 'Run calico-fuel etcd; if its members answer on controllers, '
            'check that TCP port 2379 is open from here to them')
    reply = system.http('GET', url + '?quorum=true', timeout=client.SECONDS_TO_CHANGE)
    if not reply or reply.status not in (200, 404):
        return checks.bad(
            subject, 'answers, and has no quorum', 'answers', 'Nothing can be changed '
            'until most etcd members run: calico-fuel verify on a controller names '
            'those that do not')
    return checks.good(subject, 'answers')


def etcd_cluster(environment, system):
    reply = system.http('GET', ETCD + '/members', timeout=SECONDS_TO_ANSWER)
    members = client.parse_members(reply.text) if reply else None
    peers, answers = etcd_settings.wanted_members(environment), {}
    for peer in peers if members is not None else ():
        reply = system.http('GET', peer.client_url + '/health',
                            timeout=SECONDS_TO_ANSWER)
        answers[peer.name] = client.parse_health(reply.text) if reply else None
    return etcd_health.checks_of(peers, members, answers)


def keys_of_calico(system):
    """Calico's keys in etcd about itself -> their values; None without etcd."""
    keys = {}
    for directory in (calico_keys.READY_KEY, '/calico/v1/config',
                      '/calico/openstack/v1', '/calico/felix/v1'):
        found = client.entries(system, directory, seconds=SECONDS_TO_ANSWER)
        if found is None:
            return None
        keys.update((entry.key, entry.value) for entry in found
                    if entry.value is not None)
    return keys


def wanted(environment, node, system):
    """Checks of each task's wanted state: one per service, the rest by task."""
    found, known = [], []
    protocols = bird.protocols(system)
    is_left = any(not bird.is_established(protocols, one.name)
                  for one in configured.unlisted(environment, system))
    for name, task in TASKS:
        try:
            items = [item for item in task.resources(environment, node, system)
                     if item not in known]
        except CalicoFuelError as error:
            found.append(checks.bad(
                'task ' + name, 'cannot be compared', 'as wanted',
                error.args[0]))
            continue
        known += items
        of_task = [_compared(name, item, system) for item in items]
        in_order = [check for check in of_task if check is None]
        found += [check._replace(is_problem=False) if is_left and (
            check.subject in OF_SESSIONS) else check
            for check in of_task if check is not None]
        if in_order:
            found.append(checks.good('rest of task ' + name, 'as wanted'))
    return found


def _compared(name, item, system):
    """A Check of one resource, None if it is good and no service."""
    try:
        difference = item.difference(system)
    except CalicoFuelError as error:
        return checks.bad(item.label, 'cannot be as wanted', 'as wanted', error.args[0])
    if difference:
        return checks.of_resource(
            item.label, item.is_service, difference, name,
        )._replace(is_problem=item.is_vital)
    return checks.good(item.label, 'runs') if item.is_service else None
