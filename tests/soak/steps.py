"""What happens on a random day, as lines of text; a seed gives the same day everywhere.

A step is a kind and its arguments, such as ``reboot node-2``.  Nodes have the names
that the lab will give them, and one role each.
"""

import random

from tests.soak import roles

RELEASES = '6.1', '7.0', '8.0', '9.2'
TASKS = {roles.CONTROLLER: ('etcd', 'route-reflector', 'neutron-server', 'cleanup'),
         roles.COMPUTE: ('packages', 'compute', 'cleanup'),
         roles.REFLECTOR: ('packages', 'route-reflector'),
         roles.MEMBER: ('packages', 'etcd')}
SETTINGS = {
    'bgp_password': ('', 'none', 'first', 'second'),
    'as_number': ('64512', '64513', '4200000001'),
    'workload_prefixes': ('', '203.0.113.0/24', '203.0.112.0/20'),
    'route_limit': ('500', '1000'),
    'bfd': ('no', 'yes')}
# The kinds after which the instances on the nodes that a step names may have lost
# packets.  All other instances lose none, and in all other steps none does.
MAY_LOSE = {
    'remove': 'its instances go with the node',
    'replace': 'its instances go with the node',
    'reboot': 'a node that boots forwards nothing',
    'break-deployment': 'Fuel 6.1 goes on where a node failed to pin its routes'}


def release(seed):
    """The release of Fuel that a day has unless one is chosen."""
    return random.Random(seed).choice(RELEASES)


def kind(step):
    return step.split()[0]


def hit(step):
    """The names of the nodes that a step is about."""
    return [word for word in step.split() if word.startswith('node-')]


def day(seed, fuel, count, controllers=3, computes=4):
    """*count* steps for an environment of the release *fuel* and so many nodes.

    Those of a shorter day are the first ones of a longer day.
    """
    chance, nodes = random.Random(seed), roles.first_nodes(controllers, computes)
    settings = {name: values[0] for name, values in SETTINGS.items()}
    of_release = list(roles.MOST) if fuel.startswith('9') else [
        roles.CONTROLLER, roles.COMPUTE]
    steps, last = [], len(nodes)
    while len(steps) < count:
        make, = chance.choices(list(KINDS), KINDS.values())
        step = make(chance, nodes, settings, chance.choice(of_release))
        if not step:
            continue
        steps.append(step)
        words = step.split()
        if words[0] in ('remove', 'replace'):
            del nodes[words[1]]
        if words[0] in ('add', 'replace'):
            last += 1
            nodes['node-{}'.format(last)] = words[-1]
        if '=' in words[-1]:
            settings.update([words[-1].split('=')])
    return steps


# Each makes a step, or None where there can be none now.

def _add(_, nodes, __, role):
    if len(roles.those(nodes, role)) < roles.MOST[role]:
        return 'add ' + role


def _remove(chance, nodes, *_):
    name = chance.choice(list(nodes))
    if roles.may_go(nodes, name):
        return 'remove ' + name


def _replace(chance, nodes, _, role):
    name = chance.choice(list(nodes))
    if (role != nodes[name] and roles.may_go(nodes, name)
            and len(roles.those(nodes, role)) < roles.MOST[role]):
        return 'replace {} {}'.format(name, role)


def _set(chance, _, settings, __):
    return 'set ' + _setting(chance, settings)


def _break_deployment(chance, nodes, settings, _):
    name = chance.choice(list(nodes))
    if roles.is_rest_enough(nodes, name):
        return 'break-deployment {} {} {}'.format(
            name, chance.randint(1, 60), _setting(chance, settings))


def _partition_deployment(chance, nodes, settings, _):
    pair = chance.sample(list(nodes), 2)
    if roles.may_be_cut(nodes, pair):
        return 'partition-deployment {} {} {}'.format(
            *pair, _setting(chance, settings))


def _reboot(chance, nodes, *_):
    name = chance.choice(list(nodes))
    if roles.is_rest_enough(nodes, name):
        return 'reboot ' + name


def _run(chance, nodes, *_):
    name = chance.choice(list(nodes))
    return 'run {} {}'.format(name, chance.choice(TASKS[nodes[name]]))


def _jump_clock(chance, nodes, *arguments):
    return _run(chance, nodes, *arguments).replace('run', 'jump-clock', 1)


def _slow_network(chance, _, settings, __):
    return 'slow-network ' + _setting(chance, settings)


def _kill_run(chance, nodes, *_):
    return 'kill-run {} {:.1f}'.format(
        chance.choice(roles.speakers(nodes)), chance.uniform(0.2, 3))


def _kill(chance, nodes, *_):
    computes = roles.those(nodes, roles.COMPUTE)
    daemon, names = chance.choice([
        ('bird', roles.speakers(nodes)), ('etcd', roles.members(nodes) + computes),
        ('calico-felix', computes)])
    return 'kill {} {}'.format(chance.choice(names), daemon)


def _pause(chance, nodes, *_):
    """Not for as long as the hold time where that costs the routes of a node."""
    name = chance.choice(roles.speakers(nodes))
    names = roles.reflectors(nodes)
    seconds = [1, 5, 15, 45] if name in names and len(names) > 1 else [1, 5, 15]
    return 'pause {} bird {}'.format(name, chance.choice(seconds))


def _full_disk(chance, nodes, *_):
    return 'full-disk ' + chance.choice(roles.speakers(nodes))


def _partition(chance, nodes, *_):
    pair = chance.sample(list(nodes), 2)
    if roles.may_be_cut(nodes, pair):
        return 'partition {} {} {}'.format(*pair, chance.choice([3, 15, 45]))


# How often each is chosen, beside the others.
KINDS = {_add: 3, _remove: 3, _replace: 2, _set: 4, _break_deployment: 2,
         _partition_deployment: 1, _reboot: 3, _run: 1, _kill_run: 2, _kill: 3,
         _pause: 2, _full_disk: 1, _partition: 2, _slow_network: 1, _jump_clock: 1}


def _setting(chance, settings):
    """A setting with another value than it has."""
    name = chance.choice(list(SETTINGS))
    return '{}={}'.format(name, chance.choice(
        [value for value in SETTINGS[name] if value != settings[name]]))
