"""The links between two instances, each by the node that sees it.

Each node answers ``calico-fuel explain`` with the same links, of which it sees some;
what only another node sees is filled in from there.
"""

from __future__ import unicode_literals

import json
from collections import namedtuple

from calico_fuel.checks import columns, one_line
from calico_fuel.explain import link as of_node
from calico_fuel.explain.link import BROKEN, ELSEWHERE, GOOD, MARKS

MOST_LINKS = 200


class Link(namedtuple('Link', of_node.Link._fields + ('node',))):
    """A link, its code as a text; ``node`` is the one whose answer it is."""


def links_of(answer):
    """The Links in an Answer; none without an answer of that form."""
    try:
        return [Link(*[_line(each.get(key)) for key in of_node.Link._fields],
                     node=answer.target.name)
                for each in json.loads(answer.text)['links'][:MOST_LINKS]]
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
        return []


def _line(value):
    return one_line('{}'.format('' if value is None else value))


def joined(answers):
    """The Links of all Answers as one chain, up to the first that is broken."""
    chains = [links_of(answer) for answer in answers]
    if not any(chains):
        return []
    return list(of_node.up_to_a_break(
        link if link.verdict != ELSEWHERE else _seen_by_others(chains, link) or link
        for link in max(chains, key=_reach)))


def _reach(chain):
    """How much of the way a chain shows: its links, and how many of them it saw."""
    return len(chain), sum(link.verdict == GOOD for link in chain)


def _seen_by_others(chains, link):
    """The same link as broken, or as the node has seen it that sees it; or None."""
    same = [one for chain in chains for one in chain
            if one.name == link.name and one.verdict != ELSEWHERE]
    return next((one for one in same if one.verdict == BROKEN), None) or next((
        one for one in same if one.node in (
            link.where, link.where.partition('.')[0])), None)


def broken_elsewhere(answers, links):
    """Lines: other breaks that nodes see on their own way, if each has one."""
    shown = set(link.node for link in links)
    lasts = [links_of(answer)[-1:] for answer in answers]
    return ['from {0.node}: broken at {0.name} ({0.code}): {0.fix}'.format(last)
            for chain in lasts for last in chain
            if last.verdict == BROKEN and last.node not in shown]


def text(links, silent):
    """Lines for people, and the exit status; *silent* are Answers that are none."""
    if not links:
        return ['no node explained it'] + _why(silent), 1
    lines = [columns([('', '', 'LINK', 'STATE', 'SEEN BY')] + [
        (MARKS.get(link.verdict, '?'), '{}'.format(number), link.name, link.state,
         link.node) for number, link in enumerate(links, 1)])]
    last = links[-1]
    if last.verdict == BROKEN:
        return lines + ['broken at link {} ({}): {}'.format(
            len(links), last.name, last.code), '  ' + last.fix], 1
    unseen = [link for link in links if link.verdict == ELSEWHERE]
    lines += ['{}: nobody saw it: {}'.format(link.name, link.state) for link in unseen]
    lines += _why(silent) if unseen else []
    return lines + ['{}: {} of {} links'.format(
        'not all seen' if unseen else 'good', len(links) - len(unseen), len(links))], (
            int(bool(unseen)))


def _why(silent):
    return ['{}: no answer: {}'.format(answer.target.name, answer.why or one_line(
        (answer.errors.strip() or 'an answer of another form').split('\n')[-1]))
        for answer in silent]
