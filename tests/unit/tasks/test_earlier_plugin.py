"""A node of the earlier plugin 1.0 or 2.0 becomes ours, and keeps its data."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.etcd import settings
from calico_fuel.resources.file import BACKUPS
from calico_fuel.resources.iptables import SAVED
from calico_fuel.tasks import bgp
from calico_fuel.tasks import earlier_plugin
from tests.unit.builders import environment, roles
from tests.unit.fake.bird import CONF, Bird
from tests.unit.fake.etcd import MEMBER_LOG
from tests.unit.fake.etcd_cluster import EtcdCluster
from tests.unit.fake.etcd_environment import (
    Environment, killed_at_every_change)
from tests.unit.fake.iptables import Iptables
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.system import Entry, FakeSystem, Killed, good

JOB = '/etc/init/calico-fuel-monitor.conf'
PIN1 = 'Package: *\nPin: origin binaries.projectcalico.org\nPin-Priority: 1100\n'
PIN2 = PIN1.replace('1100', '1200')
PPA1 = 'Package: *\nPin: origin ppa:project-calico/juno\nPin-Priority: 1075\n'
PPA2 = 'Package: *\nPin: release o=LP-PPA-project-calico-kilo\nPin-Priority: 1175\n'
FOREIGN = ('Package: nginx\nPin: origin binaries.projectcalico.org\n'
           'Pin-Priority: 1200\n\nPackage: *\nPin: release l=mos\nPin-Priority: 1050\n')
CALICO, PPA = '/etc/apt/preferences.d/calico-fuel', '/etc/apt/preferences.d/calico-etcd'


def node(dies_at=None, pins=PIN2 * 3, of_ppa=PPA2, preferences=FOREIGN + '\n' + PIN1):
    system = FakeSystem({JOB: 'respawn\n', CALICO: pins, PPA: of_ppa,
                         '/etc/apt/preferences': preferences}, dies_at)
    system.services = Services(system, running=['calico-fuel-monitor'])
    return system


def run(system, resources=earlier_plugin.leftovers):
    return [o.state for o in converge(resources(system), system)]


@pytest.mark.parametrize('pins, of_ppa', [(PIN1, PPA1), (PIN2, PPA2), (PIN2 * 3, PPA2)])
def test_the_monitor_ends_and_pins_of_whole_origins_go(pins, of_ppa):
    """They were appended anew by each run, without a blank line in between."""
    system = node(pins=pins, of_ppa=of_ppa)

    assert 'failed' not in run(system)
    assert run(system) == []

    assert system.services.running == set()
    system.services.boot()
    assert system.services.running == set()
    assert not system.exists(CALICO) and not system.exists(PPA)
    assert system.text('/etc/apt/preferences') == FOREIGN + '\n'
    assert [system.text(path) for path in system.files
            if path.startswith(BACKUPS + CALICO)] == [pins]


def test_a_pin_that_somebody_changed_is_no_longer_theirs():
    system = node(pins=PIN2.replace('1200', '400'))

    run(system)

    assert '400' in system.text(CALICO)


def test_a_node_that_never_had_them_is_not_even_asked():
    assert earlier_plugin.leftovers(FakeSystem()) == []


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, killed in at_every_change(node, run):
        assert killed.services.running == whole.services.running == set()
        assert not [path for path in killed.files if path in (JOB, CALICO, PPA)]
        assert run(killed) == []


def test_the_loopback_name_of_ipv6_comes_back_once():
    system = FakeSystem({'/etc/hosts': (
        '127.0.0.1 localhost\n#::1 ip6-localhost #commented out due to dnspython IPv6 '
        'issue\n#::1 by the operator\n')})

    assert run(system, earlier_plugin.hosts) == ['changed']
    assert run(system, earlier_plugin.hosts) == []

    assert system.text('/etc/hosts') == (
        '127.0.0.1 localhost\n::1 ip6-localhost\n#::1 by the operator\n')


OPEN = '-p tcp -m tcp --dport 179 -j ACCEPT'
JUMP = '-p tcp -m tcp --dport 179 -j calico-fuel-bgp'
BFD_JUMP = '-p udp -m udp --dport 4784 -j calico-fuel-bfd'


def reflector(dies_at=None):
    """As two runs of their tasks left it: each opened the port once more."""
    system = FakeSystem({'/etc/bird/envvars': '', SAVED: (
        '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT {0}\n-A INPUT {0}\n'
        '-A INPUT -j DROP\nCOMMIT\n'.format(OPEN))}, dies_at)
    system.files[CONF] = Entry('rr cluster id 1.2.3.4', 'bird:bird', 0o640)
    system.bird = Bird(system)
    system.bird.loaded = system.text(CONF)
    system.iptables = Iptables(system, INPUT=[OPEN, OPEN, '-j DROP'])
    Services(system, jobs=['bird'], running=['bird'])
    system.programs['dpkg-query'] = lambda argv, text: good('')
    return system


def speak(system):
    wanted = environment(roles(1, 2))
    return [o.state for o in converge(
        bgp.speaker(wanted, wanted.this_node, system), system)]


def test_bgp_is_open_to_the_neighbors_only_and_never_closed_to_them():
    """Their rules go after ours are there."""
    seen = []
    for whole, system in at_every_change(reflector, speak):
        for one in whole, system:
            assert one.iptables.rules['filter']['INPUT'] == [BFD_JUMP, JUMP, '-j DROP']
            assert OPEN not in one.text(SAVED) and JUMP in one.text(SAVED)
            assert '1.2.3.4' not in one.bird.loaded
        seen.append(speak(system))
    assert set(sum(seen, [])) == {UNCHANGED}


@pytest.mark.parametrize('moment', range(1, 7))
def test_at_no_moment_is_bgp_closed(moment):
    system = reflector(dies_at=moment)

    with pytest.raises(Killed):
        speak(system)

    rules = system.iptables.rules['filter']['INPUT']
    assert {OPEN, JUMP} & set(rules) and rules[-1] == '-j DROP'


ETCD_JOB = '''\
respawn
setuid etcd
env ETCD_DATA_DIR=/var/lib/etcd
export ETCD_DATA_DIR
exec /usr/bin/etcd -name {}                                           \\
                   -advertise-client-urls "http://{}:2379,http://{}:4001"   \\
                   -listen-client-urls "http://0.0.0.0:2379,http://0.0.0.0:4001" \\
                   -initial-cluster-token fuel-cluster-1
'''


class Members(Environment):
    """Controllers whose etcd is that of the earlier plugin, with one key in it."""

    def __init__(self, uids):
        super(Members, self).__init__(uids)
        cluster = EtcdCluster(self.world)
        self.world.clusters.append(cluster)
        for uid in uids:
            node = self.nodes[uid]
            number = cluster.add(['http://{}:2380'.format(node.address)])
            job = ETCD_JOB.format(*[node.address] * 3)
            node.files[settings.JOB] = Entry(job, 'root:root', 0o644)
            node.files[MEMBER_LOG] = Entry('0 ' + number, 'etcd:etcd', 0o600)
            node.settings = {'ETCD_NAME': node.address,
                             'ETCD_ADVERTISE_CLIENT_URLS': 'http://{}:2379'.format(
                                 node.address)}
            node.services.running.add('etcd')
            node._run(cluster, number)
        cluster.publish()
        cluster.keys['/calico/precious'] = ('kept', None)
        self.ids = set(cluster.members)


@pytest.mark.parametrize('uids', ['1', '123'])
def test_their_etcd_members_become_ours_with_their_data(uids):
    env = Members(uids)

    env.run_all()
    env.run_all()

    assert env.members() == ['node-' + uid for uid in uids]
    cluster, = env.world.clusters
    assert set(cluster.members) == env.ids
    assert cluster.keys['/calico/precious'] == ('kept', None)
    assert 'fuel-cluster-1' not in env.nodes['1'].text(settings.JOB)
    assert env.is_steady()


def test_a_take_over_killed_at_any_change_is_finished_by_the_next():
    for env in killed_at_every_change(
            lambda: Members('1'), '1', lambda env: env.run('1')):
        env.run('1')
        assert env.members() == ['node-1']
        cluster, = env.world.clusters
        assert cluster.keys['/calico/precious'] == ('kept', None)
        assert env.is_steady()
