"""A case of metadata and settings, and what the commands make of it."""

from __future__ import unicode_literals

import json

from calico_fuel.cli import source
from calico_fuel.tasks import cron, gateway, hiera
from lab.fuel import fuel_metadata
from tests.fuzz import Dice
from tests.fuzz.commands import Run, parsing, replaced
from tests.fuzz.laws import PASSWORD
from tests.fuzz.mutations import INJECTIONS, SCALARS, damaged, mutate, yaml_text
from tests.unit.fake.system import OWNER, Entry, FakeSystem, good

ASTUTE, NODES = '/etc/astute.yaml', '/etc/hiera/nodes.yaml'
ROLES = (
    [['primary-controller'], ['compute']],
    [['primary-controller'], ['controller'], ['compute'], ['compute', 'ceph-osd']],
    [['primary-controller', 'compute'], ['controller'], ['mongo'], ['compute']],
    [['primary-controller'], ['calico-rr'], ['calico-etcd', 'compute'], ['compute']])
PREFIXES = (
    '10.65.0.0/16', '203.0.113.0/24, 203.0.113.0/25', '10.65.0.0/24\n10.66.0.0/24',
    '198.51.100.64/27', '192.0.2.128/25', '0.0.0.0/1 128.0.0.0/1', '203.0.113.1/24')
SETTINGS = {
    'as_number': ('1', '65535', '4294967294', ' 65010 ', '-1', '64512.0'),
    'bgp_password': (
        PASSWORD, PASSWORD + ' \\$`x', PASSWORD + '"', PASSWORD + '\n', '"' + PASSWORD,
        PASSWORD + '\xe9', 'p' * 70 + PASSWORD, 'p' * 90 + PASSWORD, 'none', 'None',
        PASSWORD + '";\nFORGED', PASSWORD + '\x1b]0;x\x07', ' ' + PASSWORD),
    'external_peers': (
        'border-1 65010 198.51.100.1 ' + PASSWORD,
        'b6 4200000000 2001:DB8:0::1', 'a-b 1 203.0.113.1\na_b 1 203.0.113.2',
        'b 65010 192.0.2.11 ' + PASSWORD, 'b ' + PASSWORD + ' 203.0.113.1',
        PASSWORD + '! 65010 203.0.113.1', 'b 65010 ' + PASSWORD,
        '# x\n\nb 1 203.0.113.1', 'b 1 203.0.113.1 ' + PASSWORD + '"; }\nFORGED',
        'b 1 203.0.113.1;', 'b 1 fe80::1', 'protocol 65010 203.0.113.1',
        'b 65010 203.0.113.1 ' + PASSWORD + '\u2028FORGED',
        'b\u2003 65010 203.0.113.1', 'b 6\u0665010 203.0.113.1',
        'x' * 41 + ' 1 203.0.113.1',
        'b 65010 192.0.2.200 ' + PASSWORD + ' hops=1 gtsm import=default',
        't 65010 192.0.2.200 "hops=1 ' + PASSWORD + '" from=192.0.2.0/24 local=65101 '
        'import=default\nb 65010 203.0.113.1 limit=5 export=workloads',
        'b 65010 192.0.2.200 export=floating local=' + PASSWORD,
        'b 65010 192.0.2.200 hops=1 ' + PASSWORD, 'b 1 203.0.113.1 gtsm',
        'b 1 203.0.113.1 from=' + PASSWORD, 'b 1 203.0.113.1 "hops=1";\nFORGED'),
    'workload_prefixes': PREFIXES, 'reachable_prefixes': PREFIXES,
    'workload_gateway': (
        '192.0.2.1', '192.0.2.11', '192.0.2.2', '203.0.113.1', '192.0.2.1 '),
    'route_limit': ('1', '100000', '100001', '0'),
    'instance_mtu': ('', '1400', '9000', '1280\nFORGED'),
    'calico_network_name': ('demo', '-x', '$(touch FORGED)', 'a b', 'x' * 256),
    'calico_network_cidr': ('10.65.0.0/24', '192.0.2.0/24', '10.65.0.0/31'),
    'calico_network_gateway': ('10.65.0.1', '10.65.0.255', '10.66.0.1'),
    'bfd': (True, False, 'true', 'True', 1), 'cleanup_ovs': (True, False, 'false', 0),
    'remove_default_networks': (True, False, 'no'),
    'floating_ips': (True, False, 'yes')}
# Where passwords and the values are from which keys are derived.  They stay there.
SECRETS = ('cinder', 'heat', 'calico-fuel-plugin')


class Case(object):
    """The metadata files of a node: ``files`` has bytes by path, ``line`` is BIRD's."""

    def __init__(self, number):
        dice = Dice(number)
        self.line = 1 + number % 2
        roles, release = dice.pick(ROLES), dice.pick(fuel_metadata.RELEASES)
        settings = dict((key, _setting(dice, key)) for key in (
            dice.pick(sorted(SETTINGS)) for _ in range(dice.below(3))))
        # All texts are of one type then, on Python 2, too.
        data = json.loads(json.dumps(fuel_metadata.metadata(
            release, roles, '{}'.format(1 + dice.below(len(roles))),
            public_to_all=dice.hits(30), **dict(
                (str(key), value) for key, value in settings.items()))))
        self.files = {ASTUTE: _mutated(dice, data)}
        if release[0] != '9' and dice.hits(30):
            self.files[NODES] = _mutated(dice, {'nodes': json.loads(
                fuel_metadata.nodes_text(roles))['nodes']})


def _setting(dice, key):
    if dice.hits(20):
        return dice.pick(SCALARS)
    value = dice.pick(SETTINGS[key])
    if dice.hits(20) and isinstance(value, type('')):
        return value + dice.pick(INJECTIONS)
    return value


def _mutated(dice, data):
    for _ in range(1 + dice.below(1 + dice.below(8)) if dice.hits(80) else 0):
        mutate(dice, data, lambda path: path[0] not in SECRETS)
    text = yaml_text(data)
    return damaged(dice, text) if dice.hits(10) else text.encode('utf-8')


def shown(number):
    """Pairs of a path and the text of each file of a case."""
    return [(path, content.decode('utf-8', 'replace'))
            for path, content in sorted(Case(number).files.items())]


def run(number):
    """What the commands make of a case -> Run."""
    case = Case(number)
    system = FakeSystem()
    system.files.update((path, Entry(content, OWNER, 0o644))
                        for path, content in case.files.items())
    system.programs.update(dict.fromkeys((
        'bird', 'birdc', 'apt-cache', 'dpkg-query', 'etcd')),
        ip=lambda argv, text: good(), bash=_neutron)
    done, known = Run(system), {}
    with replaced(source, 'parse_environment', parsing(known)):
        done.command('topology', '--format', ('table', 'json', 'dot')[number % 3])
        done.command('preflight')
        done.command('networks', '--dry-run')
        done.command('render', '--bird', '{}'.format(case.line))
        done.command('render', '--bird', '{}'.format(case.line), '--all',
                     '--output', '/rendered')
    done.environment = next((one for one, _ in known.values() if one), None)
    if done.environment:
        done.texts = _more_files(done.environment, system)
    return done


def _neutron(argv, text):
    """Neutron's client: one object of any kind, with a 1 in each column."""
    columns = [after for word, after in zip(argv, argv[1:]) if word == '-c']
    return good('{}\n{}\n'.format(
        ','.join(map('"{}"'.format, columns)), ','.join('"1"' for _ in columns)))


def _more_files(environment, system):
    """Path -> text of the files that ``render`` does not show."""
    # As Fuel 9.2 has it.
    system.write(hiera.NETWORK_SCHEME, hiera.OVERRIDES_PATCHES)
    found = {}
    for node in environment.nodes:
        for task in gateway, hiera, cron:
            found.update((one.path, one.text) for one in task.resources(
                environment, node, system) if getattr(one, 'text', None))
    return found
