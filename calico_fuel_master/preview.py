"""What a deployment would do, told before it: one report of lines and problems."""

from __future__ import unicode_literals

import re
from collections import namedtuple

from calico_fuel import render, roles
from calico_fuel.checks import counted, some
from calico_fuel.cli import report
from calico_fuel.errors import CalicoFuelError
from calico_fuel.resources.shown import masked
from calico_fuel.tasks import preflight
from calico_fuel_master import difference, facts
from calico_fuel_master.errors import MasterError

NO_JINJA2 = ('Texts of files need the Python module jinja2, which this Python does not '
             'have: names only')
NAMES_SHOWN = 6
# Before the sentence of a check.
CODE = re.compile('^[A-Z_]+: ')


class Shown(namedtuple('Shown', 'bird_line texts differences node')):
    """What a preview shows beyond its summary.

    ``texts`` and ``differences`` of files, passwords masked, of the ``node`` of this
    name, or of all if it is None; ``bird_line`` is BIRD's major version.
    """


def preview(coming, deployed, shown):
    """Pairs of "is a problem" and text, from Facts; *deployed* may be None."""
    found, told = facts.environments(coming)
    if not found:
        return _sentences(told)
    _demand_node(found, shown.node)
    before, lost = (None, []) if deployed is None else facts.environments(deployed)
    told = told + _checks(found)
    lines, broken = [], []
    for title, part in (
            ('', lambda: _topology(found)),
            ('Files of BIRD, Felix and etcd:', lambda: _files(found, shown)),
            ('Changes of what is deployed:', lambda: _lost(lost) + _changes(
                before, found, shown))):
        try:
            lines += [(False, line) for line in ([title] if title else []) + part()]
        except CalicoFuelError as error:
            broken += error.args[0].split('\n')
    known = tuple(CODE.sub('', each.text) for each in told)
    return lines + _sentences(told) + [
        (True, line) for line in broken if not line.endswith(known)]


def _demand_node(environments, name):
    nodes = [each.this_node for each in _in_order(environments)]
    if name and not any(name in (one.name, one.fqdn, one.uid) for one in nodes):
        raise MasterError('--node {}: is no node here. The nodes are {}'.format(
            name, ', '.join(one.name for one in nodes)))


def _lost(told):
    """Lines: facts of what is deployed that cannot be used."""
    return ['  not compared: ' + each.sentence for each in told if each.is_problem]


def _sentences(told):
    return [(each.is_problem, each.sentence) for each in sorted(
        told, key=lambda each: each.is_problem)]


def _checks(environments):
    """What preflight of all nodes would say, each once."""
    found = []
    for environment in _in_order(environments):
        found += [(environment.source, check.sentence, check.is_problem) for check in
                  preflight.of_metadata(environment, environment.this_node)]
    return facts.together(found)


def _in_order(environments):
    return [environments[uid] for uid in sorted(environments, key=int)]


def _topology(environments):
    return [report.topology_table(difference.first(environments)).rstrip('\n'), '']


def _files(environments, shown):
    """Lines: which nodes get which file, or the texts."""
    if shown.texts:
        texts = _texts(environments, shown)
        if texts is None:
            return _names(environments) + [NO_JINJA2, '']
        return [line for node in sorted(texts) for path in sorted(texts[node])
                for line in ('---- {} on {}'.format(path, node),
                             masked(texts[node][path]))]
    return _names(environments) + ['']


def _names(environments):
    nodes = {}
    for environment in _in_order(environments):
        node = environment.this_node
        if roles.has_calico_role(environment, node):
            for path in render.paths(environment, node):
                nodes.setdefault(path, []).append(node.name)
    return ['  {}: {}'.format(path, some(nodes[path], NAMES_SHOWN))
            for path in sorted(nodes)]


def _texts(environments, shown):
    """Name of a node -> path -> text; None without Jinja2."""
    found = {}
    for environment in _in_order(environments):
        node = environment.this_node
        if shown.node in (None, node.name, node.fqdn, node.uid) and (
                roles.has_calico_role(environment, node)):
            try:
                found[node.name] = dict(
                    render.files(environment, node, shown.bird_line))
            except ImportError:
                return None
    return found


def _changes(before, after, shown):
    """Lines: what differs from what is deployed, if that is known."""
    if before is None:
        return ['  not known: nobody said what is deployed (--against)', '']
    if not before:
        return ['  all is new, as far as is known here', '']
    node = shown.node if shown.differences else None
    texts = [_texts(each, shown._replace(node=node)) for each in (before, after)]
    lines = (difference.of_nodes(before, after) + difference.of_settings(before, after)
             + difference.of_sessions(before, after))
    lines += [NO_JINJA2] if None in texts else difference.of_files(
        texts[0], texts[1], shown.differences)
    return ['  ' + line for line in lines or ['none']] + ['']


def verdict(found):
    problems = sum(is_problem for is_problem, _ in found)
    if not problems:
        return 'preview: good', 0
    return 'preview: {}: the deployment would fail'.format(
        counted(problems, 'problem')), 1
