"""The link of security groups: what those of both ends allow.  Pure."""

from __future__ import unicode_literals

from calico_fuel.calico import security_groups
from calico_fuel.checks import some
from calico_fuel.codes import cluster
from calico_fuel.codes.instance import GROUPS_REFUSE
from calico_fuel.explain import link

NAME = 'security groups'
MOST_NAMED = 6
FIX = ('"neutron security-group-show {}" on a controller shows the rules, "neutron '
       'security-group-rule-create" adds one')


def links(facts, sender, receiver):
    """The Link of what may go from the End *sender* (None: from anywhere) to the
    other."""
    here = facts.node.name
    if facts.groups is None:
        yield link.broken(cluster.ETCD_DOWN, NAME, 'etcd does not answer', here,
                          'Run calico-fuel etcd, then calico-fuel verify')
        return
    for one in [sender] * bool(sender) + [receiver]:
        lost = security_groups.missing(facts.groups, one.endpoint)
        if lost or not one.endpoint.profiles:
            yield link.broken(GROUPS_REFUSE, NAME, '{} has no {}'.format(
                one.address, 'rules in etcd of group ' + security_groups.group(
                    lost[0]) if lost else 'group'), here, (
                        'Give the port a group ("neutron port-update {} '
                        '--security-group ID")'.format(one.endpoint.port)
                        if not lost else "Neutron's Calico driver writes them within a "
                        'minute. If not, run "service neutron-server restart" on a '
                        'controller'))
            return
    yield _allowed(facts, sender, receiver)


def _allowed(facts, sender, receiver):
    here, groups = facts.node.name, facts.groups
    more = sum(security_groups.unread(groups, one.endpoint)
               for one in (sender, receiver) if one)
    more = ' (and {} rules made by hand)'.format(more) if more else ''
    lets_in = security_groups.admitted(groups, receiver.endpoint)
    fix = FIX.format(security_groups.group(receiver.endpoint.profiles[0]))
    if not sender:
        return link.intact(NAME, 'let in {}{}'.format(
            lets_in or 'nothing', more), here) if lets_in or more else link.broken(
                GROUPS_REFUSE, NAME, 'let in nothing', here, fix)
    found = security_groups.allowed(
        groups, (sender.endpoint, sender.address),
        (receiver.endpoint, receiver.address))
    if not found and not more:
        return link.broken(GROUPS_REFUSE, NAME, (
            'allow nothing from {} (group {}); let in {}').format(
            sender.address, ', '.join(map(
                security_groups.group, sender.endpoint.profiles)),
            lets_in or 'nothing'), here, fix)
    no_ping = not any(one.partition(' ')[0] in ('icmp', '1', security_groups.ALL)
                      for one in found)
    return link.intact(NAME, 'allow {}{}{}'.format(
        some(found, MOST_NAMED) or 'nothing', more,
        '; no icmp, so no ping is answered' * no_ping), here)
