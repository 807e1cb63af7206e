"""The link of security groups: what those of both ends allow.  Pure."""

from __future__ import unicode_literals

from calico_fuel.calico import security_groups
from calico_fuel.checks import some
from calico_fuel.codes.instance import GROUPS_REFUSE
from calico_fuel.explain import link

NAME = 'security groups'
MOST_NAMED = 6
FIX = ('"neutron security-group-show {}" on a controller shows the rules, "neutron '
       'security-group-rule-create" adds one')


def links(facts, sender, receiver):
    """The Link of what may go from the End *sender* (None: from anywhere) to the
    other."""
    yield link.without_etcd(NAME) if facts.groups is None else (
        _without_rules(facts.groups, [sender] * bool(sender) + [receiver])
        or _allowed(facts.groups, sender, receiver))


def _without_rules(groups, ends):
    """The Link if one of the *ends* has no group, or one without rules, else None."""
    for one in ends:
        lost = security_groups.missing(groups, one.endpoint)
        if lost:
            return link.broken(
                GROUPS_REFUSE, NAME, '{} has no rules in etcd of group {}'.format(
                    one.address, security_groups.group(lost[0])),
                "Neutron's Calico driver writes them within a minute. If not, run "
                '"service neutron-server restart" on a controller')
        if not one.endpoint.profiles:
            return link.broken(
                GROUPS_REFUSE, NAME, '{} has no group'.format(one.address),
                'Give the port a group ("neutron port-update {} '
                '--security-group ID")'.format(one.endpoint.port))
    return None


def _allowed(groups, sender, receiver):
    more = sum(security_groups.unread(groups, one.endpoint)
               for one in (sender, receiver) if one)
    more = ' (and {} rules made by hand)'.format(more) if more else ''
    lets_in = security_groups.admitted(groups, receiver.endpoint) or 'nothing'
    fix = FIX.format(security_groups.group(receiver.endpoint.profiles[0]))
    if not sender:
        state = 'let in {}{}'.format(lets_in, more)
        return link.broken(GROUPS_REFUSE, NAME, state, fix) if (
            state == 'let in nothing') else link.intact(NAME, state)
    found = security_groups.allowed(
        groups, (sender.endpoint, sender.address),
        (receiver.endpoint, receiver.address))
    if not found and not more:
        return link.broken(
            GROUPS_REFUSE, NAME, 'allow nothing from {} (group {}); let in {}'.format(
                sender.address, ', '.join(map(
                    security_groups.group, sender.endpoint.profiles)), lets_in), fix)
    no_ping = not any(one.partition(' ')[0] in ('icmp', '1', security_groups.ALL)
                      for one in found)
    return link.intact(NAME, 'allow {}{}{}'.format(
        some(found, MOST_NAMED) or 'nothing', more,
        '; no icmp, so no ping is answered' * no_ping))
