"""Day two: versions and settings change while workloads talk.

Nodes that come and go are in test_plan_changes, reflectors that stop in test_beyond,
runs that break in faults, each way of ending BIRD in docs/restarts.md.
"""

import pytest

from calico_fuel import __version__
from calico_fuel.resources import ini
from lab.fuel import earlier_plugin, stock
from lab.machine import standins
from lab.machine.programs import eventually
from lab.network import bird, traffic
from tests.plan.nodes import KEY, ask_etcd, daemons, established, is_whole, members

# What the plugin changes of files of others.
OPTIONS = [('neutron', 'service_metadata_proxy'), (
    'DEFAULT', 'linuxnet_interface_driver')]


@pytest.fixture(scope='class')
def lab(make_lab):
    """A controller and three computes of an earlier plugin, taken over by ours. Two of
    the computes have an instance.
    """
    lab = make_lab()
    for role in 'primary-controller', 'compute', 'compute', 'compute':
        lab.fuel.add(role)
    earlier_plugin.deploy(lab.fuel)
    lab.add_workload('node-2')
    lab.add_workload('node-3')
    assert eventually(lambda: 'kept' in ask_etcd(
        lab, 'node-1', KEY, 'value=kept', 'PUT'), 20)
    assert members(lab, 'node-1') == [lab.fuel.members['node-1'].machine.address]
    lab.seen_in_takeover = seen(lab, lab.fuel.deploy)
    return lab


def seen(lab, event):
    """The Traffic of two workloads until all sessions are there after *event*."""
    def until_all_is_well():
        event()
        assert eventually(lambda: is_whole(lab), 40)
    first, second = [workload for _, workload in lab.workloads.values()]
    return traffic.during(lab.run, [(first, second)], until_all_is_well)


@pytest.fixture
def machine(lab):
    """The Clone of a node by its name."""
    return lambda name: lab.fuel.members[name].machine


@pytest.fixture
def bear(lab, record_property):
    """Let an event happen under traffic that loses nothing; the keys stay."""
    def bear(event):
        found = seen(lab, event)
        kept = 'kept' in ask_etcd(lab, 'node-1', KEY, '', 'GET')
        record_property('packets lost', found.lost)
        record_property('traffic', found)
        record_property('data lost', 'none' if kept else 'all')
        assert (found.lost, kept) == (0, True), found
    return bear


def offer(lab, line):
    """Put BIRD of another line into the plugin's repository, as a newer package."""
    deb, = (bird.PROJECT / '.cache' / ('bird' + line)).glob('*.deb')
    folder = lab.run.directory / ('bird' + line)
    folder.mkdir()
    renamed = standins.renamed(deb, 'bird', folder)
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


class TestDayTwo:
    """One environment, which each test leaves as good as it was."""

    @pytest.mark.plan('earlier plugin taken over')
    def test_nodes_of_the_earlier_plugin_become_ours(
            self, lab, machine, record_property):
        """No packet is lost. The monitor, the pinned packages and the open ports of the
        earlier plugin are gone. Its etcd member stays, with its keys.

        Steps: Deploy an environment with plugin 1.0 or 2.0. Deploy it with this plugin,
        under traffic between two instances.
        """
        record_property('packets lost', lab.seen_in_takeover.lost)
        record_property('traffic', lab.seen_in_takeover)
        assert lab.seen_in_takeover.lost == 0, lab.seen_in_takeover
        assert 'kept' in ask_etcd(lab, 'node-1', KEY, '', 'GET')
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
        """No packet is lost. BIRD and etcd keep their processes. Package sources, pins
        and `bird.conf` are those of the new version.

        Steps: Put a newer version of the plugin on the master. Deploy all nodes, during
        a ping between two instances.
        """
        monkeypatch.setattr(stock, 'VERSION', '4.0.1')
        texts = {path: path.read_text() for path in (
            lab.fuel.plugin / 'deployment_scripts/calico_fuel/__init__.py',
            lab.fuel.plugin / 'metadata.yaml')}
        before = {name: daemons(lab, name, 'sbin/bird', 'bin/etcd')
                  for name in lab.fuel.members}
        for path, text in texts.items():
            path.write_text(text.replace(repr(__version__), "'4.0.1'"))
        try:
            bear(lambda: lab.fuel.deploy(again=True))
        finally:
            for path, text in texts.items():
                path.write_text(text)

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
        """No packet is lost, and both nodes run the other BIRD.

        Steps: Add BIRD 2 to the plugin's repository. Run `packages` and `compute` on a
        compute, during a ping between two instances. Run `packages` and
        `route-reflector` on the only route reflector.
        """
        offer(lab, '2')

        def both():
            upgrade(lab, 'node-2', 'compute')
            upgrade(lab, 'node-1', 'route-reflector')
        bear(both)

    @pytest.mark.plan('reboot of the only route reflector')
    def test_the_only_reflector_may_reboot(self, lab, bear):
        """No packet and no key of etcd is lost.

        Steps: Cut the power of the only route reflector during a ping between two
        instances, and start it again.
        """
        bear(lambda: lab.reboot('node-1'))

    @pytest.mark.plan('BIRD of a compute killed')
    def test_a_killed_bird_comes_back_with_its_routes(
            self, lab, machine, bear, record_property):
        """No packet is lost.

        Steps: Kill BIRD on a compute with an instance, during a ping between two
        instances. Start it, as upstart does.
        """
        record_property('stand_in', 'upstart: the lab starts BIRD again')

        def crash():
            machine('node-3').run('start-stop-daemon', '--stop', '--signal', 'KILL',
                                  '--exec', '/usr/sbin/bird')
            assert eventually(lambda: not daemons(lab, 'node-3', 'sbin/bird '))
            machine('node-3').run('service', 'bird', 'start')
        bear(crash)

    @pytest.mark.plan('plugin removed from a compute, under a ping')
    def test_a_compute_without_the_plugin_is_as_before_it_until_its_tasks_run(
            self, lab, machine, bear):
        """No packet is lost between the others. The compute has the stock options and
        firewall rules, and no session or route. After its tasks `verify` is good, and
        it has its session after a reboot too.

        Steps: Run `calico-fuel remove` on a compute, during a ping between two other
        instances, and run it again. Run its tasks. Run `calico-fuel verify`. Reboot it.
        """
        node = machine('node-4')

        def event():
            assert node.run('ip', 'route', 'show', 'proto', 'bird')
            assert 'not restored: the packages bird' in lab.task('node-4', 'remove')
            assert eventually(
                lambda: 'client_node_4' not in established(lab, 'node-1'))
            assert_is_stock(node)
            assert ' changed' not in lab.task('node-4', 'remove').splitlines()[-1]
            for task in 'hiera', 'packages', 'compute', 'cleanup', 'cron':
                lab.task('node-4', task)
        bear(event)

        assert 'verify: good' in lab.task('node-4', 'verify')
        lab.reboot('node-4')
        assert eventually(lambda: established(lab, 'node-4'), 40)

    @pytest.mark.plan('BFD switched on and off')
    def test_bfd_is_switched_on_and_off_without_loss(self, lab, bear):
        """No packet is lost. In between, each compute has a BFD session.

        Steps: Switch on "Fast failure detection (BFD)" and deploy, during a ping
        between two instances. Switch it off and deploy.
        """
        def event():
            lab.fuel.settings['bfd'] = True
            lab.fuel.deploy(again=True)
            assert eventually(lambda: lab.birdc(
                'node-1', 'show', 'bfd', 'sessions').count(' Up ') == 3)
            del lab.fuel.settings['bfd']
            lab.fuel.deploy(again=True)
        bear(event)


def assert_is_stock(node):
    """Nothing of the plugin runs, routes, filters or sets an option on a compute."""
    def ours():
        return [line for line in node.processes().values() if any(
            word in line for word in ('sbin/bird ', 'bin/etcd', 'felix', 'dhcp-agent',
                                      'nova-api', 'calico_fuel'))]
    # A refresh that cron began before waited for the lock of the node, and ends now.
    assert eventually(lambda: not ours()), ours()
    assert not node.run('ip', 'route', 'show', 'proto', 'bird')
    for rules in node.read('/etc/iptables/rules.v4'), node.run('iptables-save'):
        assert 'calico-fuel' not in rules
    before = (standins.FILES / 'nova-common/etc/nova/nova.conf').read_text()
    after = node.read('/etc/nova/nova.conf')
    for section, option in OPTIONS:
        assert ini.value_of(after, section, option) == ini.value_of(
            before, section, option) is not None
