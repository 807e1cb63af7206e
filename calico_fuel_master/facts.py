"""Facts of an environment's nodes -> Environments.

Facts are what Fuel deploys: those of a node become its /etc/astute.yaml.  They come
from Nailgun, or from a directory as ``fuel deployment --default`` writes it.
"""

from __future__ import unicode_literals

import json
import posixpath
from collections import namedtuple

from calico_fuel.checks import some
from calico_fuel.errors import CalicoFuelError, FileError
from calico_fuel.fuel.metadata import parse_environment

ENDINGS = ('.yaml', '.yml', '.json')
# In the same list as the nodes, in Fuel 9: no node has such a number.
NO_NODES = ('master', 'common')
SOURCES_SHOWN = 1


class Facts(namedtuple('Facts', 'source text')):
    """The facts of one node as text; ``source`` says where they come from."""


class Told(namedtuple('Told', 'sources text is_problem')):
    """A sentence that is true of the facts from these ``sources``."""

    @property
    def sentence(self):
        return '{}: {}'.format(some(self.sources, SOURCES_SHOWN), self.text)


def of_directory(path, system):
    found = [Facts(posixpath.join(path, name), system.read(posixpath.join(path, name)))
             for name in system.names_in(path)
             if name.endswith(ENDINGS) and not name.startswith(NO_NODES)]
    if not found:
        raise FileError(path, 'is no directory with files of facts (*.yaml)', (
            'Write them on the Fuel master by "fuel --env ENV deployment --default", '
            'or copy the /etc/astute.yaml of each node into a directory'))
    return found


def of_mappings(mappings, what):
    """The Facts in a list of Nailgun's; *what* they are is part of their source."""
    return [Facts('{} of node {}'.format(what, facts.get('uid')), json.dumps(facts))
            for facts in mappings if facts.get('uid') not in NO_NODES]


def environments(found):
    """Facts -> the Environment that each node sees, by its number, and a list of Told.

    Up to Fuel 8.0 a node has facts for each of its roles; its first ones count.
    """
    seen, told = {}, []
    for facts in found:
        try:
            environment = parse_environment(facts.text, facts.source)
            if environment.this.uid in NO_NODES:
                continue
            environment.node(environment.this.uid)
        except CalicoFuelError as error:
            told += [(facts.source, line, True) for line in error.args[0].split('\n')]
        else:
            told += [(facts.source, line, False) for line in environment.warnings]
            seen.setdefault(environment.this.uid, environment)
    return seen, together(told)


def together(told):
    """Triples of source, sentence, "is a problem" -> Told, each sentence once."""
    sources = {}
    order = []
    for source, text, is_problem in told:
        key = (text.replace(source + ': ', '', 1), is_problem)
        if key not in sources:
            order.append(key)
        if source not in sources.setdefault(key, []):
            sources[key].append(source)
    return [Told(sources[key], *key) for key in order]
