"""All links between two instances, up to the first that is broken.  Pure."""

from __future__ import unicode_literals

from calico_fuel.explain import instance, link, policy, route


def links(facts, receiver, sender=None):
    """The Links on the way of packets to *receiver*; both are as ``endpoints.word``.

    Without a *sender* they leave from this node.
    """
    return [one._replace(where=one.where or facts.node.name)
            for one in link.up_to_a_break(_all(facts, receiver, sender))]


def _all(facts, receiver, sender):
    command = 'calico-fuel explain ' + (
        '{} to {}'.format(sender, receiver) if sender else receiver)
    there = instance.end(facts, receiver, command)
    start = instance.end(facts, sender, command, ' (sender)') if sender else None
    for one in [start] * bool(start) + [there]:
        for found in instance.links(facts, one):
            yield found
    for part in route, policy:
        for found in part.links(facts, start, there):
            yield found
