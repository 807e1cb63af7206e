"""Day two: versions, nodes and neighbors change while workloads talk.

What has a figure elsewhere is not here: computes and controllers that come and go
(test_plan_changes), one of three reflectors that stops (test_beyond), runs that break
(faults), each way of ending BIRD (docs/restarts.md).
"""

import time

import pytest

from calico_fuel import __version__
from lab.fuel import stock
from lab.machine import scripts, standins
from lab.machine.programs import eventually
from lab.network import bird
from tests import earlier_plugin
from tests.plan.nodes import (
    KEY, KEYS, ask_etcd, daemons, deploying, established, is_whole, members, peers)

BACKUPS = '/var/lib/calico-fuel/etcd-backups'
AGENTS = '/var/lib/standin/agents'
AGENT = '"neutron-dhcp-agent","{0}","agent-of-{0}","{1}"\n'
HOST_KEYS = KEYS + 'calico/v1/host/node-4'
FELIX = KEYS + 'calico/felix/v1/host/node-4/status'
# The task without its waits.
VERIFY_AT_ONCE = (
    "PYTHONPATH=. $(command -v python2.7 python3 | head -n 1) -B -c 'import sys; "
    'from calico_fuel import __main__; from calico_fuel.tasks import verify; '
    'verify.SECONDS_TO_SETTLE = verify.SECONDS_TO_RESTART = 0; '
    "sys.exit(__main__.main([\"verify\"]))'")


@pytest.fixture(scope='class')
def lab(make_lab):
    """A controller and three computes that an earlier plugin has deployed."""
    lab = make_lab()
    for role in 'primary-controller', 'compute', 'compute', 'compute':
        lab.fuel.add(role)
    earlier_plugin.deploy(lab.fuel)
    lab.add_workload('node-2')
    lab.add_workload('node-3')
    assert eventually(lambda: 'kept' in ask_etcd(
        lab, 'node-1', KEY, 'value=kept', 'PUT'), 20)
    return lab


@pytest.fixture
def machine(lab):
    """The Clone of a node by its name."""
    return lambda name: lab.fuel.members[name].machine


@pytest.fixture
def bear(lab, lost_packets, record_property):
    """Let an event happen under a ping until all sessions are there again."""
    def bear(event):
        def until_all_is_well():
            event()
            assert eventually(lambda: is_whole(lab), 40)
        first, second = [workload for _, workload in lab.workloads.values()][:2]
        lost = lost_packets(lab, first, second, until_all_is_well)
        kept = 'kept' in ask_etcd(lab, 'node-1', KEY, '', 'GET')
        record_property('packets lost', lost)
        record_property('data lost', 'none' if kept else 'all')
        assert (lost, kept) == (0, True)
    return bear


def offer(lab, line, epoch=''):
    """Put BIRD of another line into the plugin's repository, as a newer package."""
    deb, = (bird.PROJECT / '.cache' / ('bird' + line)).glob('*.deb')
    folder = lab.run.directory / ('bird' + line)
    folder.mkdir()
    renamed = standins.renamed(deb, 'bird', folder, epoch)
    lab.repository.add(renamed.rename(folder / 'bird-{}.deb'.format(line)))


def upgrade(lab, name, task):
    """Let the tasks of the plugin take another BIRD to a node."""
    def version():
        return lab.birdc(name, 'show', 'status').split()[1]
    before = version()
    # Debian's apt reads no index again while Release is the same; Trusty's does.
    lab.fuel.members[name].machine.run('sh', '-c', (
        'find /var/lib/apt/lists -type f -delete && apt-get -qq update'))
    lab.task(name, 'packages')
    assert version() == before
    lab.task(name, task)
    assert version() != before
    assert eventually(lambda: is_whole(lab), 40)


def backups(machine):
    return machine.run('sh', '-c', 'cat {}/*/*'.format(BACKUPS), check=False)


class TestDayTwo:
    """One environment, whose tests happen one after the other."""

    @pytest.mark.plan('earlier plugin taken over')
    def test_nodes_of_the_earlier_plugin_become_ours(self, lab, machine, bear):
        """Its monitor, pins and rules go, its etcd member stays and keeps its keys."""
        assert members(lab, 'node-1') == [machine('node-1').address]

        bear(lab.fuel.deploy)

        assert members(lab, 'node-1') == ['node-1']
        assert not daemons(lab, 'node-1', earlier_plugin.MONITOR)
        for name in lab.fuel.members:
            assert machine(name).result('ls', earlier_plugin.PINS).status
            saved = machine(name).read('/etc/iptables/rules.v4')
            for rules in machine(name).run('iptables-save'), saved:
                assert 'calico-fuel-bgp' in rules
                for port in earlier_plugin.OPEN_TWICE['controller']:
                    # Felix has one like it in a chain of its own.
                    rule = '-A INPUT {}\n'.format(earlier_plugin.RULE.format(port))
                    assert rule not in rules

    @pytest.mark.plan('plugin upgraded from 4.0.0 to 4.0.1')
    def test_an_upgrade_of_the_plugin_leaves_the_daemons_alone(
            self, lab, machine, bear, monkeypatch):
        """Sources and pins of the old version go; BIRD and etcd keep their pids."""
        monkeypatch.setattr(stock, 'VERSION', '4.0.1')
        for path in 'deployment_scripts/calico_fuel/__init__.py', 'metadata.yaml':
            text = (lab.fuel.plugin / path).read_text()
            (lab.fuel.plugin / path).write_text(text.replace(
                repr(__version__), "'4.0.1'"))
        before = {name: daemons(lab, name, 'sbin/bird', 'bin/etcd')
                  for name in lab.fuel.members}

        bear(lambda: lab.fuel.deploy(again=True))

        assert {name: daemons(lab, name, 'sbin/bird', 'bin/etcd')
                for name in lab.fuel.members} == before
        for name in lab.fuel.members:
            files = machine(name).run(
                'ls', '/etc/apt/sources.list.d', '/etc/apt/preferences.d')
            # Those of Fuel 9 are named by X.Y, and written anew.
            version = '4.0' if lab.fuel.release.startswith('9') else '4.0.1'
            assert files.count('calico-fuel-plugin-') == 2
            assert files.count('calico-fuel-plugin-{}.'.format(version)) == 2
            assert 'plugin 4.0.1' in machine(name).read('/etc/bird/bird.conf')

    @pytest.mark.plan('BIRD upgraded by apt: a compute, then the only reflector')
    def test_another_bird_of_the_repository_takes_over(self, lab, bear):
        """The tasks install it, kill the old daemon, and start the new one."""
        offer(lab, '2')

        def both():
            upgrade(lab, 'node-2', 'compute')
            upgrade(lab, 'node-1', 'route-reflector')
        bear(both)

    @pytest.mark.plan('reboot of the only route reflector')
    def test_the_only_reflector_may_reboot(self, lab, bear):
        """With etcd and Neutron: nobody drops a route meanwhile."""
        bear(lambda: lab.reboot('node-1'))

    @pytest.mark.plan('BIRD of a compute killed')
    def test_a_killed_bird_comes_back_with_its_routes(
            self, lab, machine, bear, record_property):
        """On a compute with a workload that talks."""
        record_property('stand_in', 'upstart: the lab starts BIRD again')

        def crash():
            machine('node-3').run('start-stop-daemon', '--stop', '--signal', 'KILL',
                                  '--exec', '/usr/sbin/bird')
            assert eventually(lambda: not daemons(lab, 'node-3', 'sbin/bird '))
            machine('node-3').run('service', 'bird', 'start')
        bear(crash)

    @pytest.mark.plan('plugin removed from a compute, under a ping')
    def test_a_compute_without_the_plugin_costs_the_others_nothing(self, lab, bear):
        """And its tasks bring it back."""
        def event():
            lab.task('node-4', 'remove')
            assert eventually(
                lambda: 'client_node_4' not in established(lab, 'node-1'))
            for task in 'packages', 'compute', 'cleanup', 'cron':
                lab.task('node-4', task)
        bear(event)

    @pytest.mark.plan('BFD switched on')
    def test_bfd_is_switched_on_without_loss(self, lab, bear):
        """By the setting, and a deployment of all nodes."""
        lab.fuel.settings['bfd'] = True

        bear(lambda: lab.fuel.deploy(again=True))

        assert eventually(lambda: lab.birdc(
            'node-1', 'show', 'bfd', 'sessions').count(' Up ') == 3)

    @pytest.mark.plan('cable of a compute cut')
    def test_the_routes_of_a_compute_that_is_cut_off_are_withdrawn(
            self, lab, machine, record_property):
        """Until another compute has no route to its workload."""
        address = lab.add_workload('node-4').address
        assert eventually(lambda: machine('node-3').node.routes(address))
        begin = time.monotonic()
        lab.fabric.cut('node-4')

        assert eventually(lambda: not machine('node-3').node.routes(address), 5, 0.02)
        record_property('seconds', round(time.monotonic() - begin, 1))

    @pytest.mark.plan('what knows a compute that was removed')
    def test_nothing_of_a_removed_compute_is_left(self, lab, machine, bear):
        """Session, firewall, record of its agent, keys; on 6.1 verify names it."""
        controller = machine('node-1')
        controller.write(AGENTS, AGENT.format('node-4', 'xxx') +
                         AGENT.format('node-3', ':-)'))
        ask_etcd(lab, 'node-1', HOST_KEYS + '/config/LogSeverityFile',
                 'value=INFO', 'PUT')
        address = machine('node-4').address

        def leave():
            # Else its endpoint stays, as long as Neutron has the port.
            lab.remove_workloads('node-4')
            lab.fuel.remove('node-4')
            lab.fuel.deploy()
            # As 90 s after the last report.
            ask_etcd(lab, 'node-1', FELIX, '', 'DELETE')
            if lab.fuel.release == '6.1':
                said = controller.attempt('cd {} && {}'.format(
                    scripts.DIRECTORY, VERIFY_AT_ONCE)).output
                assert 'calico-fuel forget-node node-4' in said
                lab.task('node-1', 'forget-node node-4 --force')
            assert eventually(lambda: 'client_node_4' not in peers(lab, 'node-1'), 30)
            # As cron does a minute after a new list of nodes.
            lab.task('node-1', 'cleanup')
        bear(leave)

        # The ports of etcd close after the session has gone.
        assert eventually(lambda: address not in controller.run('iptables-save'), 30)
        assert controller.read(AGENTS) == AGENT.format('node-3', ':-)')
        assert not ask_etcd(lab, 'node-1', HOST_KEYS, '', 'GET')
        assert 'LogSeverityFile' in backups(controller)

    @pytest.mark.plan('second controller, another BGP password, BFD switched off')
    def test_a_second_controller_comes_and_all_sessions_begin_anew(
            self, lab, machine, bear):
        """It saves the keys before it joins; routes are held meanwhile."""
        ask_etcd(lab, 'node-1', KEY + '-too', 'value=new', 'PUT')
        lab.fuel.settings.update(bfd=False, bgp_password='another')

        bear(deploying(lab, lambda: lab.fuel.add('controller')))

        assert members(lab, 'node-1') == ['node-1', 'node-5']
        assert 'precious-too' in backups(machine('node-5'))
        for compute in lab.computes():
            assert not compute.machine.run('ip', 'route', 'show', 'proto', 202)

    @pytest.mark.plan('one of two reflectors: service bird restart')
    def test_one_of_two_reflectors_restarts(self, lab, machine, bear):
        """By the script of Debian's package, which stops BIRD cleanly."""
        bear(lambda: machine('node-5').run('service', 'bird', 'restart'))

    @pytest.mark.plan('one of two reflectors: BIRD upgraded by apt')
    def test_one_of_two_reflectors_is_upgraded(self, lab, bear):
        """The tasks install the package, and replace the daemon."""
        offer(lab, '1', '1:')

        bear(lambda: upgrade(lab, 'node-5', 'route-reflector'))

    @pytest.mark.plan('one of two reflectors: reboot')
    def test_one_of_two_reflectors_reboots(self, lab, bear):
        """All its processes are killed, its etcd member's too."""
        bear(lambda: lab.reboot('node-5'))
