"""What happens on a random day, as lines of text; a seed gives the same day everywhere.

A step is a kind and its arguments, such as ``reboot node-2``.  Nodes have the names
that the lab will give them, and one role each.
"""

import random

RELEASES = '6.1', '7.0', '8.0', '9.2'
CONTROLLER, COMPUTE = 'controller', 'compute'
REFLECTOR, KEEPER = 'calico-rr', 'calico-etcd'
# So many of a role at least, and at most; the last two are on Fuel 9.
FEWEST = {CONTROLLER: 2, COMPUTE: 2, REFLECTOR: 0, KEEPER: 0}
MOST = {CONTROLLER: 4, COMPUTE: 5, REFLECTOR: 2, KEEPER: 3}
TASKS = {CONTROLLER: ('etcd', 'route-reflector', 'neutron-server', 'cleanup'),
         COMPUTE: ('packages', 'compute', 'cleanup'),
         REFLECTOR: ('packages', 'route-reflector'),
         KEEPER: ('packages', 'etcd')}
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


def those(nodes, role):
    """The names of the *nodes*, role by name, with a role."""
    return [name for name in nodes if nodes[name] == role]


def reflectors(nodes):
    return those(nodes, REFLECTOR) or those(nodes, CONTROLLER)


def keepers(nodes):
    """The names of the nodes that are etcd's members."""
    return those(nodes, KEEPER) or those(nodes, CONTROLLER)


def first_nodes(controllers, computes):
    """Role by name of the nodes of an environment that is made."""
    roles = [CONTROLLER] * controllers + [COMPUTE] * computes
    return {'node-{}'.format(number): role for number, role in enumerate(roles, 1)}


def day(seed, fuel, count, controllers=3, computes=4):
    """*count* steps for an environment of the release *fuel* and so many nodes.

    Those of a shorter day are the first ones of a longer day.
    """
    chance, nodes = random.Random(seed), first_nodes(controllers, computes)
    settings = {name: values[0] for name, values in SETTINGS.items()}
    roles = list(MOST) if fuel.startswith('9') else [CONTROLLER, COMPUTE]
    steps, last = [], len(nodes)
    while len(steps) < count:
        make, = chance.choices(list(KINDS), KINDS.values())
        step = make(chance, nodes, settings, chance.choice(roles))
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
    if len(those(nodes, role)) < MOST[role]:
        return 'add ' + role


def _remove(chance, nodes, *_):
    name = chance.choice(list(nodes))
    if _may_go(nodes, name):
        return 'remove ' + name


def _replace(chance, nodes, _, role):
    name = chance.choice(list(nodes))
    if (role != nodes[name] and _may_go(nodes, name)
            and len(those(nodes, role)) < MOST[role]):
        return 'replace {} {}'.format(name, role)


def _set(chance, _, settings, __):
    return 'set ' + _setting(chance, settings)


def _break_deployment(chance, nodes, settings, _):
    name = chance.choice(list(nodes))
    if _is_rest_enough(nodes, name):
        return 'break-deployment {} {} {}'.format(
            name, chance.randint(1, 60), _setting(chance, settings))


def _partition_deployment(chance, nodes, settings, _):
    pair = chance.sample(list(nodes), 2)
    if _may_be_cut(nodes, pair):
        return 'partition-deployment {} {} {}'.format(
            *pair, _setting(chance, settings))


def _reboot(chance, nodes, *_):
    name = chance.choice(list(nodes))
    if _is_rest_enough(nodes, name):
        return 'reboot ' + name


def _run(chance, nodes, *_):
    name = chance.choice(list(nodes))
    return 'run {} {}'.format(name, chance.choice(TASKS[nodes[name]]))


def _kill_run(chance, nodes, *_):
    return 'kill-run {} {:.1f}'.format(
        chance.choice(_speakers(nodes)), chance.uniform(0.2, 3))


def _kill(chance, nodes, *_):
    computes = those(nodes, COMPUTE)
    daemon, names = chance.choice([
        ('bird', _speakers(nodes)), ('etcd', keepers(nodes) + computes),
        ('calico-felix', computes)])
    return 'kill {} {}'.format(chance.choice(names), daemon)


def _pause(chance, nodes, *_):
    """Not for as long as the hold time where that costs the routes of a node."""
    name = chance.choice(_speakers(nodes))
    names = reflectors(nodes)
    seconds = [1, 5, 15, 45] if name in names and len(names) > 1 else [1, 5, 15]
    return 'pause {} bird {}'.format(name, chance.choice(seconds))


def _full_disk(chance, nodes, *_):
    return 'full-disk ' + chance.choice(_speakers(nodes))


def _partition(chance, nodes, *_):
    pair = chance.sample(list(nodes), 2)
    if _may_be_cut(nodes, pair):
        return 'partition {} {} {}'.format(*pair, chance.choice([3, 15, 45]))


# How often each is chosen, beside the others.
KINDS = {_add: 3, _remove: 3, _replace: 2, _set: 4, _break_deployment: 2,
         _partition_deployment: 1, _reboot: 3, _run: 1, _kill_run: 2, _kill: 3,
         _pause: 2, _full_disk: 1, _partition: 2}


def _speakers(nodes):
    """The names of the nodes whose BIRD has sessions."""
    return those(nodes, COMPUTE) + reflectors(nodes)


def _may_go(nodes, name):
    """Whether Fuel may delete a node: most of etcd's members have to stay."""
    names = keepers(nodes)
    return (len(those(nodes, nodes[name])) > FEWEST[nodes[name]]
            and _is_rest_enough(nodes, name)
            and (name not in names or len(names) > 2))


def _may_be_cut(nodes, pair):
    """Whether all goes on without the network between two nodes."""
    return (_is_rest_enough(nodes, *pair)
            and not set(reflectors(nodes)) <= set(pair)
            and not set(keepers(nodes)) <= set(pair))


def _is_rest_enough(nodes, *names):
    """Whether two computes are left to watch."""
    return len(set(those(nodes, COMPUTE)) - set(names)) > 1


def _setting(chance, settings):
    """A setting with another value than it has."""
    name = chance.choice(list(SETTINGS))
    return '{}={}'.format(name, chance.choice(
        [value for value in SETTINGS[name] if value != settings[name]]))
