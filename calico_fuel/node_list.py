"""Keep a node that is alive even if Fuel's list of nodes omits it.

Fuel 6.1-8.0 writes the nodes that are ready and those of the deployment into
/etc/hiera/nodes.yaml.  A node in error is neither, but may have workloads or an etcd
member.  So this node saves its last list.  A node that disappears from the list is kept
if it answers ping and has an Established BGP session with this node, or a healthy
etcd member.  The session of a wiped node stays Established for the hold time, so the
check is repeated after that.  Its last result is kept until Fuel writes another list: a
reboot of a kept node changes nothing.
"""

from __future__ import unicode_literals

import json
import re
from collections import namedtuple

from calico_fuel import departed_hosts
from calico_fuel import forgotten
from calico_fuel.bgp import bird
from calico_fuel.bgp import sessions
from calico_fuel.errors import MetadataError
from calico_fuel.etcd import client
from calico_fuel.etcd import settings
from calico_fuel.fuel import nodes
from calico_fuel.fuel.metadata import listed_entries
from calico_fuel.fuel.metadata import parse_environment

PATH = '/var/lib/calico-fuel/nodes'
# From the time when this node first saw the list to the last check: longer than the
# hold time, shorter than the minute after which "refresh" runs everything.
SECONDS_OF_DOUBT = 45
NEIGHBOR = re.compile(r'(?m)^protocol bgp {}\b'.format(sessions.NODE_SESSION))


class Memory(namedtuple('Memory', 'list since is_sure kept nodes')):
    """What is known of one list of nodes.

    ``list`` is its digest, ``since`` is when it was seen first, ``is_sure`` says
    whether the last check is done.  ``nodes`` are its entries, and those of the kept
    nodes, whose uids are ``kept``.
    """

    __slots__ = ()

    @property
    def text(self):
        """The whole list, as Fuel would have written it."""
        return '{}'.format(json.dumps({'nodes': self.nodes}))


def complete(system, environment, sources, is_run):
    """*environment* with those nodes, and a warning for each.

    *sources* are what it was parsed from: text and path of the metadata file, text
    and path of the list.  Without *is_run* it writes nothing and does not wait.
    """
    text, path, nodes_text, nodes_path = sources
    memory = _checked(system, environment, nodes_text, text, is_run)
    if not memory.kept:
        return environment
    return _noted(parse_environment(text, path, memory.text, nodes_path),
                  set(memory.kept) - forgotten.names_in(system, nodes_text))


def _checked(system, environment, text, before, is_run):
    """The Memory of the list with this *text*, from which *environment* was parsed.

    *before* is metadata with a list of nodes, for a node that has saved none.
    """
    digest, now = forgotten.digest(text), system.now()
    last = _recalled(system)
    if last and (last.list, last.is_sure) == (digest, True):
        return last
    since = last.since if last and last.list == digest else now
    entries = last.nodes if last else listed_entries(before, environment.source)
    living, is_certain = _living(system, environment, _missing(
        environment, entries), sessions.RESTART_WAIT if is_run else 0)
    kept = [node.uid for node in living]
    memory = Memory(
        digest, since,
        not kept or is_certain and now - since >= SECONDS_OF_DOUBT, kept,
        listed_entries(text, environment.nodes_source) + [
            entry for entry in entries if '{}'.format(entry.get('uid')) in kept])
    if is_run and memory != last:
        system.write(PATH, '{}'.format(json.dumps(
            memory._asdict(), default='{}'.format)), 0o600)
    return memory


def _noted(environment, uids):
    """*environment* with a warning for each of the *uids*, which its list omits."""
    kept = tuple(node for node in environment.nodes if node.uid in uids)
    return environment._replace(kept=kept, warnings=environment.warnings + tuple(
        '{} omits {}, as it omits every node in error. But {} is alive: it is kept as '
        'it is. Deploy it again, or remove it from the environment'.format(
            environment.nodes_source, node.name, node.name) for node in kept))


def _recalled(system):
    """The Memory of the last list, None if there is none that can be read."""
    try:
        value = json.loads(system.read_if_exists(PATH) or '')
        memory = Memory(**value)
        memory.since + 0
        return memory if all(
            entry['role'] for entry in memory.nodes) and memory.nodes else None
    except (KeyError, TypeError, ValueError):
        return None


def _missing(environment, entries):
    """The Nodes of *entries* that *environment* omits and no other node replaces."""
    known = set(value for node in environment.nodes
                for value in (node.uid, node.name, node.fqdn, node.address))
    try:
        found = nodes.merge((PATH, entries), (PATH, {}), None)
    except MetadataError:
        # An old list that contradicts itself is ignored.
        return []
    return [node for node in found if node.address and known.isdisjoint(
        (node.uid, node.name, node.fqdn, node.address))]


def _living(system, environment, missing, seconds):
    """Those of the nodes *missing* that are alive, and whether that is certain.

    A BIRD that was just restarted, here or there, has *seconds* to come back.  While
    this node's BIRD does not run, its neighbors count as alive.
    """
    neighbors = NEIGHBOR.findall(system.read_if_exists(bird.BIRD_CONF) or '')
    is_controller = any(node.is_controller for node in environment.nodes
                        if node.uid == environment.this_uid)
    possible = [node for node in missing if node.uid in neighbors
                or is_controller and node.is_controller]
    most = departed_hosts.MOST_PINGED
    # Of more, those with a session count as alive until the last check.
    answering = [node for node in possible[:most] if departed_hosts.answers(
        system, node.address, departed_hosts.ECHO_REQUESTS)] + possible[most:]

    def proven():
        speaking = departed_hosts.speaking(system)
        return [node for node in answering
                if node.uid in speaking or node.is_controller
                and client.is_serving(system, settings.peer(environment, node))]
    if seconds:
        system.eventually(lambda: proven() == answering, seconds, 1)
    living = proven()
    if bird.is_running(system):
        return living, True
    return [node for node in answering
            if node in living or node.uid in neighbors], False
