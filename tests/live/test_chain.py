"""Our chains with real iptables of both kinds, in a namespace."""

import subprocess

import pytest

from calico_fuel import system
from calico_fuel.bgp import sessions
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.errors import CommandError
from calico_fuel.resources.firewall import NoChain
from calico_fuel.resources.firewall import NoRules
from calico_fuel.resources.iptables import SAVED
from calico_fuel.resources.saved_rules import SavedRules
from calico_fuel.tasks import firewall
from lab.network import fabric
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem

DROP = '-m comment --comment "999 drop all other requests" -j DROP'
FUEL = ('*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n'
        ':felix-INPUT - [0:0]\n-A INPUT -p icmp -m comment --comment "000 accept all '
        'icmp requests" -j ACCEPT\n-A INPUT {}\n-A felix-INPUT -i tap+ -j DROP\n'
        'COMMIT\n'.format(DROP))


class NodeSystem:
    """calico_fuel.system for a node of the lab, with iptables of one kind."""

    def __init__(self, node, kind, directory):
        self.node, self.kind, self.directory = node, kind, directory

    def __getattr__(self, name):
        return getattr(system, name)

    def run(self, argv, **kwargs):
        program, *arguments = argv
        verb = program.rpartition('-')[2]
        return system.run(self.node.inside(
            'iptables-{}-{}'.format(self.kind, verb), *arguments), **kwargs)

    def _at(self, path):
        return str(self.directory) + path

    def read(self, path):
        return system.read(self._at(path))

    def read_if_exists(self, path):
        return system.read_if_exists(self._at(path))

    def read_bytes(self, path):
        return system.read_bytes(self._at(path))

    def write(self, path, *args):
        system.write(self._at(path), *args)

    def stage(self, path, *args):
        return system.stage(self._at(path), *args)

    def put_in_place(self, staged, path):
        system.put_in_place(staged, self._at(path))

    def exists(self, path):
        return system.exists(self._at(path))

    def owner_and_mode(self, path):
        return system.owner_and_mode(self._at(path))

    def names_in(self, path):
        return system.names_in(self._at(path))

    def rules(self, table='filter'):
        return [line for line in self.run(['iptables-save', '-t', table]).stdout
                .splitlines() if line.startswith('-A')]


@pytest.fixture(params=['nft', 'legacy'])
def protected(request, demand, lab_run, tmp_path):
    """node-1 (controller and reflector) behind Fuel's rules; node-2 and a stranger."""
    demand(programs=['iptables-{}-restore'.format(request.param)])
    network = fabric.Fabric(lab_run)
    nodes = [network.add_node('node-{}'.format(number), '192.0.2.{}'.format(
        10 + number)) for number in (1, 2, 9)]
    on_node = NodeSystem(nodes[0], request.param, tmp_path)
    on_node.run(['iptables-restore'], text=FUEL)
    on_node.write(SAVED, FUEL)
    return on_node, nodes


def chains():
    """Of every kind that the tasks want, for node-1 and one compute."""
    of_all = environment(roles(1, 1))
    node = of_all.this_node
    return [firewall.bgp(sessions.of(of_all, node)),
            firewall.etcd_member(of_all, node, FakeSystem()),
            firewall.etcd_users(of_all, FakeSystem()),
            firewall.dhcp_checksums()]


def states(on_node):
    return [outcome.state for outcome in converge(chains(), on_node)]


def passes(source, target, port):
    """Whether a connection is refused (the firewall let it in) or hears nothing."""
    script = ': < /dev/tcp/{}/{}'.format(target.address, port)
    return subprocess.call(
        source.inside('timeout', '0.5', 'bash', '-c', script),
        stderr=subprocess.DEVNULL) == 1


def test_neighbors_come_in_and_strangers_do_not(protected):
    on_node, (node, compute, stranger) = protected
    assert not passes(compute, node, 179)

    assert states(on_node) == [CHANGED] * 4

    assert [passes(compute, node, port) for port in (179, 2379, 2380, 22)] == [
        True, True, True, False]
    assert not passes(stranger, node, 179) and not passes(stranger, node, 2379)


def test_a_second_run_finds_its_rules_as_it_wrote_them(protected):
    """The texts are the canonical form of this iptables; Felix's jump is no fight."""
    on_node, _ = protected
    states(on_node)
    assert states(on_node) == [UNCHANGED] * 4

    on_node.run(['iptables-restore', '--noflush'],
                text='*filter\n-I INPUT 1 -j felix-INPUT\nCOMMIT\n')

    assert states(on_node) == [UNCHANGED] * 4
    assert on_node.rules()[0] == '-A INPUT -j felix-INPUT'


def test_a_jump_behind_the_drop_is_moved_and_others_keep_theirs(protected):
    on_node, _ = protected
    states(on_node)
    wanted = sorted(on_node.rules())
    jump = next(rule for rule in on_node.rules() if '--dport 179' in rule)
    on_node.run(
        ['iptables-restore', '--noflush'], text='*filter\n{}\n{}\nCOMMIT\n'.format(
            jump.replace('-A', '-D', 1), jump))
    assert on_node.rules()[3] == jump

    assert states(on_node)[0] == CHANGED

    assert on_node.rules()[0] == jump and sorted(on_node.rules()) == wanted


def test_the_saved_rules_give_the_same_after_a_reboot(protected):
    on_node, _ = protected
    states(on_node)
    filter_rules, mangle_rules = on_node.rules(), on_node.rules('mangle')

    on_node.run(['iptables-restore'], text='*filter\nCOMMIT\n*mangle\nCOMMIT\n')
    on_node.run(['iptables-restore'], text=on_node.read_if_exists(SAVED))

    assert sorted(on_node.rules()) == sorted(filter_rules)
    assert on_node.rules('mangle') == mangle_rules
    assert 'icmp requests' in on_node.read_if_exists(SAVED)


@pytest.mark.parametrize('protected', ['legacy'], indirect=True)
def test_a_lock_that_another_iptables_holds_is_waited_for(protected, monkeypatch):
    """iptables-nft has no lock."""
    on_node, _ = protected
    lock = on_node.directory / 'xtables.lock'
    monkeypatch.setenv('XTABLES_LOCKFILE', str(lock))
    held, free = on_node.directory / 'held', on_node.directory / 'free'
    holder = subprocess.Popen([
        'flock', lock, 'sh', '-c', 'touch "$1"; sleep 1; touch "$2"', 'sh', held, free])
    assert on_node.eventually(held.exists, 30)

    assert states(on_node) == [CHANGED] * 4

    assert free.exists() and holder.wait() == 0


def test_chains_and_rules_go_and_what_was_there_is_left(protected):
    """Rules as the earlier plugin inserted them, several times each."""
    on_node, _ = protected
    rules, mangle_rules = on_node.rules(), on_node.rules('mangle')
    for _ in range(2):
        on_node.run(['iptables-restore', '--noflush'], text=(
            '*filter\n-I INPUT 1 -p tcp --dport 179 -j ACCEPT\nCOMMIT\n'))
    on_node.write(SAVED, on_node.run(['iptables-save']).stdout)
    states(on_node)
    gone = [NoRules('filter', 'INPUT', ['-p tcp -m tcp --dport 179 -j ACCEPT'])] + [
        NoChain(*name) for name in (
            firewall.BGP, firewall.ETCD, firewall.ETCD_USERS, firewall.DHCP)]

    for wanted in CHANGED, UNCHANGED:
        assert [o.state for o in converge(gone, on_node)] == [wanted] * 5

    assert (on_node.rules(), on_node.rules('mangle')) == (rules, mangle_rules)
    assert 'calico-fuel' not in on_node.run(['iptables-save']).stdout
    saved = on_node.read_if_exists(SAVED)
    assert 'calico-fuel' not in saved and '--dport 179' not in saved
    assert '999 drop' in saved


def test_rules_saved_with_felix_ipsets_do_not_load_at_boot_and_do_without_them(
        protected):
    on_node, _ = protected
    on_node.write(SAVED, FUEL.replace(
        'COMMIT', '-A INPUT -j felix-INPUT\n-A felix-INPUT -m set '
        '--match-set felix-v4-gone src -j ACCEPT\nCOMMIT'))
    on_node.run(['iptables-restore'], text='*filter\nCOMMIT\n')
    with pytest.raises(CommandError):
        on_node.run(['iptables-restore'], text=on_node.read(SAVED))
    assert on_node.rules() == []

    assert [o.state for o in converge([SavedRules(SAVED)], on_node)] == [CHANGED]

    on_node.run(['iptables-restore'], text=on_node.read(SAVED))
    assert on_node.rules() == [line for line in FUEL.splitlines()
                               if line.startswith('-A INPUT')]
