"""Workloads leave by a gateway of their own, and nothing else does.

A real shell runs the script that is rendered, with an ``ip`` such as Trusty's.
"""

from __future__ import unicode_literals

import os
import subprocess
from collections import namedtuple

import pytest

from calico_fuel.addresses import host_prefix, parse_ipv4
from calico_fuel.bgp import route_policy
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.errors import SettingsError
from calico_fuel.render import GATEWAY_SCRIPT
from calico_fuel.system import Answer
from calico_fuel.tasks import gateway
from tests.unit.builders import environment
from tests.unit.fake.system import FakeSystem

pytestmark = pytest.mark.runs_programs

TRUSTY = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), os.pardir, 'fake', 'trusty')
SETTINGS = {'workload_prefixes': '10.65.0.0/24 10.66.0.1/32',
            'workload_gateway': '192.0.2.200'}
RULES = ['20200:\tfrom 10.65.0.0/24 lookup 202', '20201:\tfrom 10.66.0.1 lookup 202']
State = namedtuple('State', 'rules table')


class Compute(FakeSystem):
    """Its kernel's rules and routes are files in *folder*."""

    def __init__(self, folder):
        super(Compute, self).__init__()
        self.folder = folder.ensure(dir=True)
        self.folder.ensure('rules'), self.folder.ensure('table-202')
        self.programs.update(ip=self.ip, sh=self.sh)

    def ip(self, argv, text=None):
        if 'show' not in argv:
            self.about_to_change()
        return self._run(argv)

    def sh(self, argv, text):
        self.about_to_change()
        return self.boots_an_interface(argv[1])

    def boots_an_interface(self, script=GATEWAY_SCRIPT):
        self.folder.join('script').write_text(self.text(script), 'utf-8')
        return self._run(['sh', 'script'])

    def _run(self, argv):
        process = subprocess.Popen(
            argv, cwd=str(self.folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, PATH=TRUSTY + os.pathsep + os.environ['PATH']))
        stdout, stderr = process.communicate()
        return Answer(process.returncode, stdout.decode(), stderr.decode())

    @property
    def state(self):
        """What its kernel has: rules and routes of table 202, sorted."""
        return State(*(sorted(line.strip() for line in self.folder.join(name).read_text(
            'utf-8').splitlines()) for name in ('rules', 'table-202')))


@pytest.fixture
def node(tmpdir):
    return Compute(tmpdir)


def resources(node, of_all):
    return gateway.resources(of_all, of_all.this_node, node)


def run(node, of_all=None, **settings):
    of_all = of_all or environment(uid='2', **settings)
    return [outcome.state for outcome in converge(resources(node, of_all), node)]


def differences(node, **settings):
    return ''.join(resource.difference(node)
                   for resource in resources(node, environment(uid='2', **settings)))


def test_what_goes_to_workloads_and_own_networks_stays_and_the_rest_leaves(node):
    assert run(node, **SETTINGS) == [CHANGED, CHANGED]

    assert node.state.rules == RULES
    for line in ('default via 192.0.2.200 dev br-mgmt', 'throw 10.65.0.0/24',
                 'throw 10.66.0.1', 'throw 192.0.2.0/24', 'throw 198.51.100.0/25'):
        assert line in node.state.table
    assert node.files[GATEWAY_SCRIPT].mode == 0o755
    assert set(run(node, **SETTINGS)) == {UNCHANGED}


def test_the_script(node, golden):
    run(node, **SETTINGS)

    golden('gateway.sh', node.text(GATEWAY_SCRIPT))


def test_each_interface_that_comes_up_runs_the_script_and_no_rule_is_there_twice(node):
    run(node, **SETTINGS)
    before = node.state

    assert node.boots_an_interface() == node.boots_an_interface() == Answer(0, '', '')

    assert node.state == before


def test_an_interface_that_leads_to_no_gateway_brings_no_rule(node):
    run(node, **SETTINGS)
    before = node.state
    node.ip(['ip', 'route', 'flush', 'table', '202'])
    node.folder.join('rules').write('')
    node.folder.ensure('unreachable')

    assert node.boots_an_interface().status == 0

    assert node.state.rules == []
    node.folder.join('unreachable').remove()
    assert node.boots_an_interface().status == 0
    assert node.state == before


def test_without_the_setting_all_of_it_goes_and_nothing_was_touched_before(node):
    assert run(node) == []
    run(node, **SETTINGS)

    assert set(run(node)) == {CHANGED}

    assert node.state == ([], []) and GATEWAY_SCRIPT not in node.files
    assert run(node) == []


def test_150_networks_of_other_racks_need_no_more_rules(node):
    of_all = environment(uid='2', **SETTINGS)
    others = [host_prefix(parse_ipv4('198.18.{}.1'.format(number)))
              for number in range(150)]

    assert run(node, of_all._replace(networks=of_all.networks + tuple(others))) == [
        CHANGED, CHANGED]

    assert node.state.rules == RULES
    assert 'throw 198.18.149.1' in node.state.table
    assert set(run(node, of_all._replace(
        networks=of_all.networks + tuple(others)))) == {UNCHANGED}


BY_BGP = {'workload_prefixes': SETTINGS['workload_prefixes'],
          'external_peers': 'border 65010 192.0.2.200 import=default'}
OF_BIRD = 'default via 192.0.2.200 dev br-mgmt proto bird metric 32'


def test_bird_alone_adds_the_default_route_of_an_external_peer(node):
    assert run(node, **BY_BGP) == [CHANGED, CHANGED]
    assert node.state.rules == RULES
    assert [line for line in node.state.table if not line.startswith('throw')] == []

    node.folder.join('table-202').write(OF_BIRD + ' \n', 'a')
    assert set(run(node, **BY_BGP)) == {UNCHANGED}
    assert node.boots_an_interface() == Answer(0, '', '')
    assert OF_BIRD in node.state.table

    assert set(run(node)) == {CHANGED}
    assert node.state == ([], [])


def test_an_outbound_router_and_the_default_route_of_a_peer_replace_each_other(node):
    run(node, **SETTINGS)
    assert 'has default via 192.0.2.200 dev br-mgmt' in differences(node, **BY_BGP)
    run(node, **BY_BGP)
    assert 'default' not in ''.join(node.state.table)

    node.folder.join('table-202').write(OF_BIRD + ' \n', 'a')
    assert 'has ' + OF_BIRD in differences(node, **SETTINGS)
    run(node, **SETTINGS)
    assert [line for line in node.state.table if line.startswith('default')] == [
        'default via 192.0.2.200 dev br-mgmt']
    assert set(run(node, **SETTINGS)) == {UNCHANGED}


def test_a_default_route_of_another_rack_is_none_of_this_compute(node):
    assert run(node, **dict(BY_BGP, external_peers=(
        'tor 65010 192.0.2.200 import=default from=192.0.2.13/32'))) == []


def test_a_gateway_without_prefixes_is_refused():
    with pytest.raises(SettingsError) as error:
        environment(workload_gateway='192.0.2.200')

    assert 'workload_gateway: 192.0.2.200 is set, and workload_prefixes is empty' in (
        error.value.args[0])


def test_prefixes_that_have_no_rule_any_more_are_refused(node):
    prefixes = ['10.{}.0.0/16'.format(number) for number in range(101)]

    assert run(node, workload_prefixes=' '.join(prefixes[:100]),
               workload_gateway='192.0.2.200') == [CHANGED, CHANGED]
    assert node.state.rules[-1] == '20299:\tfrom 10.99.0.0/16 lookup 202'
    with pytest.raises(SettingsError) as error:
        route_policy.check(environment(workload_prefixes=' '.join(prefixes),
                                       workload_gateway='192.0.2.200'))
    assert ('workload_prefixes: 101 prefixes (the network that is created is one), and '
            'workload_gateway supports 100: write wider ones') in error.value.args[0]


def test_the_network_that_is_created_leaves_by_the_gateway_too(node):
    run(node, calico_network_name='demo', calico_network_cidr='10.67.0.0/24',
        workload_prefixes='10.65.0.0/24', workload_gateway='192.0.2.200')

    assert node.state.rules[1] == '20201:\tfrom 10.67.0.0/24 lookup 202'
