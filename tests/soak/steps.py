"""What happens on a random day, as lines of text; a seed gives the same day everywhere.

A step is a kind and its arguments, such as ``reboot node-2``.  Nodes have the names
that the lab will give them.
"""

import random

RELEASES = '6.1', '7.0', '8.0', '9.2'
CONTROLLER, COMPUTE = 'controller', 'compute'
# Never fewer, so that etcd keeps its quorum when one controller is removed, and two
# computes are left to watch when a step hits two others.
FEWEST = {CONTROLLER: 2, COMPUTE: 2}
MOST = {CONTROLLER: 4, COMPUTE: 5}
TASKS = {CONTROLLER: ('etcd', 'route-reflector', 'neutron-server', 'cleanup'),
         COMPUTE: ('packages', 'compute', 'cleanup')}
DAEMONS = {CONTROLLER: ('bird', 'etcd'), COMPUTE: ('bird', 'etcd', 'calico-felix')}
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
    'partition': 'between two computes, their own packets',
    'break-deployment': 'Fuel 6.1 goes on where a node failed to pin its routes'}


def release(seed):
    """The release of Fuel that a day has unless one is chosen."""
    return random.Random(seed).choice(RELEASES)


def kind(step):
    return step.split()[0]


def hit(step):
    """The names of the nodes that a step is about."""
    return [word for word in step.split() if word.startswith('node-')]


def first_nodes(controllers, computes):
    """Role by name of the nodes of an environment that is made."""
    roles = [CONTROLLER] * controllers + [COMPUTE] * computes
    return {'node-{}'.format(number): role for number, role in enumerate(roles, 1)}


def day(seed, count, controllers=3, computes=4):
    """*count* steps for an environment of so many nodes.

    Those of a shorter day are the first ones of a longer day.
    """
    chance = random.Random(seed)
    chance.choice(RELEASES)
    nodes, last = first_nodes(controllers, computes), controllers + computes
    settings = {name: values[0] for name, values in SETTINGS.items()}
    steps = []
    while len(steps) < count:
        make, = chance.choices(list(KINDS), KINDS.values())
        step = make(chance, nodes, settings)
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

def _add(chance, nodes, _):
    role = chance.choice([CONTROLLER, COMPUTE])
    return _count(nodes, role) < MOST[role] and 'add ' + role


def _remove(chance, nodes, _):
    name = chance.choice(list(nodes))
    return _may_go(nodes, name) and 'remove ' + name


def _replace(chance, nodes, _):
    name = chance.choice(list(nodes))
    role, = {CONTROLLER, COMPUTE} - {nodes[name]}
    return (_may_go(nodes, name) and _count(nodes, role) < MOST[role]
            and 'replace {} {}'.format(name, role))


def _set(chance, _, settings):
    return 'set ' + _setting(chance, settings)


def _break_deployment(chance, nodes, settings):
    name = chance.choice(list(nodes))
    return _is_rest_enough(nodes, [name]) and 'break-deployment {} {} {}'.format(
        name, chance.randint(1, 40), _setting(chance, settings))


def _reboot(chance, nodes, _):
    name = chance.choice(list(nodes))
    return _is_rest_enough(nodes, [name]) and 'reboot ' + name


def _run(chance, nodes, _):
    name = chance.choice(list(nodes))
    return 'run {} {}'.format(name, chance.choice(TASKS[nodes[name]]))


def _kill_run(chance, nodes, _):
    name = chance.choice(list(nodes))
    return 'kill-run {} {:.1f}'.format(name, chance.uniform(0.2, 3))


def _kill(chance, nodes, _):
    name = chance.choice(list(nodes))
    return 'kill {} {}'.format(name, chance.choice(DAEMONS[nodes[name]]))


def _pause(chance, nodes, _):
    return 'pause {} bird {}'.format(
        chance.choice(list(nodes)), chance.choice([1, 5, 20, 45]))


def _full_disk(chance, nodes, _):
    return 'full-disk ' + chance.choice(list(nodes))


def _partition(chance, nodes, _):
    """Not between two of two controllers, which have no quorum then."""
    pair = chance.sample(list(nodes), 2)
    roles = [nodes[name] for name in pair]
    is_safe = roles != [CONTROLLER] * 2 or _count(nodes, CONTROLLER) > 2
    return is_safe and _is_rest_enough(nodes, pair) and 'partition {} {} {}'.format(
        *pair, chance.choice([3, 15, 45]))


# How often each is chosen, beside the others.
KINDS = {_add: 3, _remove: 3, _replace: 2, _set: 4, _break_deployment: 2, _reboot: 3,
         _run: 1, _kill_run: 2, _kill: 3, _pause: 2, _full_disk: 1, _partition: 2}


def _count(nodes, role):
    return list(nodes.values()).count(role)


def _may_go(nodes, name):
    return _count(nodes, nodes[name]) > FEWEST[nodes[name]] and (
        _is_rest_enough(nodes, [name]))


def _is_rest_enough(nodes, names):
    """Whether two computes are left to watch."""
    return sum(role == COMPUTE for name, role in nodes.items() if name not in names) > 1


def _setting(chance, settings):
    """A setting with another value than it has."""
    name = chance.choice(list(SETTINGS))
    return '{}={}'.format(name, chance.choice(
        [value for value in SETTINGS[name] if value != settings[name]]))
