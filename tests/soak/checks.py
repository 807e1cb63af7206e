"""What has to be true of an environment, whatever has happened to it."""

import json

from calico_fuel.bgp.bird_service import PINNED
from lab import status
from lab.machine.programs import eventually
from tests.live.test_internal_networks import PROBE
from tests.plan import faults, nodes
from tests.soak import roles, steps

# A session that ends needs up to 75 s, and a busy machine longer.
SECONDS = 240
# In the order of a deployment.
TASKS = {'controller': ('packages', 'etcd', 'route-reflector', 'neutron-server',
                        'release-routes', 'cleanup', 'networks'),
         'compute': ('packages', 'compute', 'release-routes', 'cleanup'),
         'calico-rr': ('packages', 'route-reflector', 'release-routes'),
         'calico-etcd': ('packages', 'etcd')}
DAEMONS = 'sbin/bird', 'bin/etcd', 'bin/calico-felix'
INSTANCES = '203.0.113.'


def problems(lab, tell):
    """Lines: what is not as it has to be, once it had time to become so.

    *tell* gets what is waited for meanwhile.
    """
    found = []

    def is_settled():
        found[:] = unsettled(lab)
        tell('\n'.join(['waits for:', *found]) if found else 'settled')
        return not found
    if not eventually(is_settled, SECONDS, interval=1):
        return found
    return strange_reach(lab) + second_run(lab)


def unsettled(lab):
    """What sessions, etcd, routes, reachability and ``verify`` lack still."""
    lines, is_good = status.of(lab)
    return (([] if is_good else lines) or _members(lab) or _routes(lab)
            or _unreached(lab) or _verdicts(lab))


def _members(lab):
    """Each etcd member knows all that have to be, and nobody else."""
    names = sorted(roles.members({
        name: _role(member) for name, member in lab.fuel.members.items()}))
    return ['etcd on {} has the members {}, not {}'.format(name, seen, names)
            for name in names for seen in [nodes.members(lab, name)] if seen != names]


def _role(member):
    role, = member.roles
    return role.replace('primary-', '')


def _routes(lab):
    """Each compute has a route to each instance, and to no other; none is pinned."""
    wanted = sorted(workload.address for _, workload in lab.workloads.values())
    found = []
    for member in lab.computes():
        rows = json.loads(member.machine.run('ip', '-json', 'route', 'show'))
        seen = sorted({row['dst'] for row in rows
                       if row['dst'].startswith(INSTANCES) and '/' not in row['dst']})
        pinned = member.machine.run('ip', 'route', 'show', 'proto', PINNED)
        if seen != wanted:
            found.append('{} has routes to {}, not {}'.format(
                member.name, seen, wanted))
        if pinned:
            found.append('{} has pinned routes:\n{}'.format(member.name, pinned))
    return found


def _unreached(lab):
    return ['{} does not reach {}'.format(*pair)
            for pair, is_reached in lab.matrix().items() if not is_reached]


def _verdicts(lab):
    """What ``verify`` and ``status`` say on the nodes where they are not good."""
    def said(member):
        for command in 'verify', 'status':
            attempt = faults.run(member.machine, command)
            if attempt.status:
                return '{} on {}:\n{}'.format(command, member.name, attempt.output)
    return list(filter(None, _on_all(lab, said)))


def strange_reach(lab):
    """Internal addresses that an instance reaches."""
    internal = [lab.fuel.addresses.node(network, int(member.uid)) for network in (
        'management', 'storage', 'admin') for member in lab.fuel.members.values()]
    _, (place, instance) = next(iter(lab.workloads.items()))
    reached = instance.run('python3', '-c', PROBE, *internal).split()
    return ['the instance {} on {} reaches {}'.format(
        instance.name, place, address) for address in reached]


def second_run(lab):
    """What all tasks change when they run again, and daemons with another process."""
    if not lab.fuel.release.startswith('9'):
        # cron does it within the hour. A deployment that removes a node does not.
        _on_all(lab, lambda member: member.is_controller and faults.run(
            member.machine, 'cleanup'))
    before = _daemons(lab)

    def changed(member):
        return [line for task in TASKS[_role(member)]
                for line in _changes(member, task)]
    found = [line for lines in _on_all(lab, changed) for line in lines]
    after = _daemons(lab)
    return found + ['{}: {} was restarted by a second run'.format(name, line)
                    for name in before for line, pid in before[name].items()
                    if after[name].get(line) != pid]


def _changes(member, task):
    attempt = faults.run(member.machine, task)
    said = attempt.output.splitlines() or ['']
    if attempt.status or 'changed' in said[-1].replace('unchanged', ''):
        return ['a second run of {} on {}:\n{}'.format(
            task, member.name, attempt.output)]
    return []


def _daemons(lab):
    return {name: nodes.daemons(lab, name, *DAEMONS) for name in lab.fuel.members}


def _on_all(lab, function):
    return faults.at_once(*(
        lambda member=member: function(member) for member in lab.fuel.members.values()))


def watched(lab, step):
    """Two instances that lose no packet in a step, the first on one of its nodes.

    Where those may lose some, neither is.
    """
    hit = steps.hit(step)
    free = sorted(lab.workloads.values(), key=lambda one: one[0] not in hit)
    if steps.kind(step) in steps.MAY_LOSE:
        free = [one for one in free if one[0] not in hit]
    return free[0][1], free[-1][1]
