"""Agents are stopped with pacemaker's own tools, on a configuration in a file.

CIB_file makes the tools work without a daemon, and crm_simulate does what the
daemons would do next.
"""

import os
import re

import pytest

from calico_fuel import system
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.openstack.pacemaker import Startable
from calico_fuel.openstack.pacemaker import Stopped
from calico_fuel.openstack.pacemaker import modifications
from calico_fuel.tasks import cleanup
from lab.fuel import pacemaker
from lab.machine import clone
from lab.network import fabric

OVS = 'p_neutron-plugin-openvswitch-agent'
DHCP, OTHER = 'p_neutron-dhcp-agent', pacemaker.OTHER
NODES = 'node-1', 'node-2'

STARTED = '''
<meta_attributes id="{0}-meta"><nvpair id="{0}-role" name="target-role"
  value="Started"/></meta_attributes>'''


def cib():
    """Fuel 6.1: two controllers, the DHCP agents after the OVS agents."""
    primitive = re.compile('(<primitive id="{}".*?)(?=</primitive>)'.format(DHCP), re.S)
    return primitive.sub(lambda found: found.group(1) + STARTED.format(DHCP),
                         pacemaker.cib('6.1', NODES))


class Controller:
    """calico_fuel.system; pacemaker acts whenever somebody waits."""

    def __init__(self, path):
        self.path = path

    def __getattr__(self, name):
        return getattr(system, name)

    def act(self):
        system.run(['crm_simulate', '--simulate', '--xml-file', self.path,
                    '--save-output', self.path])

    def eventually(self, look, seconds, interval=0.25, until=bool):
        self.act()
        return look()

    def running(self):
        """Who runs, by the tool that people use."""
        return [name for name in (OVS, DHCP, OTHER) if 'is running on' in system.run(
            ['crm_resource', '--resource', 'clone_' + name, '--locate']).stdout]


@pytest.fixture
def controller(demand, tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', '{}:{}'.format(pacemaker.TOOLS, os.environ['PATH']))
    monkeypatch.setenv('PCMK_schema_directory', str(pacemaker.SCHEMAS))
    monkeypatch.setenv('CIB_file', str(tmp_path / 'cib.xml'))
    demand(programs=pacemaker.PROGRAMS)
    (tmp_path / 'cib.xml').write_text(cib())
    controller = Controller(str(tmp_path / 'cib.xml'))
    controller.act()
    return controller


def states(controller, *names):
    return [outcome.state for outcome in converge([Stopped(names)], controller)]


def test_agents_stop_on_all_nodes_and_others_run_on(controller):
    assert controller.running() == [OVS, DHCP, OTHER]
    assert '{}: runs on node-1, node-2'.format(DHCP) in Stopped(
        [OVS, DHCP]).difference(controller)

    assert states(controller, OVS, DHCP, 'neutron-dhcp-agent') == [CHANGED]

    assert controller.running() == [OTHER]
    assert states(controller, OVS, DHCP, 'neutron-dhcp-agent') == [UNCHANGED]


def test_agents_that_are_banned_for_the_health_check_can_run_again(controller):
    """By the commands of docs/health-check.md; Fuel's test accepts such agents."""
    states(controller, OVS, DHCP)

    def crm_resource(*argv):
        for name in OVS, DHCP:
            system.run(['crm_resource', *argv, '--resource', 'clone_' + name])

    def banned():
        return system.run(['cibadmin', '--query', '-o', 'constraints']).stdout.count(
            'score="-INFINITY"')
    for node in NODES:
        crm_resource('--ban', '--node', node)

    assert banned() == 4
    assert states(controller, OVS, DHCP) == [UNCHANGED]

    crm_resource('--clear')
    list(converge([Startable([OVS, DHCP])], controller))
    controller.act()

    assert banned() == 0
    assert controller.running() == [OVS, DHCP, OTHER]


def test_stopped_agents_stay_away_when_all_controllers_boot(controller, tmp_path):
    states(controller, OVS, DHCP)
    configuration = system.run(['cibadmin', '--query', '-o', 'configuration']).stdout
    (tmp_path / 'cib.xml').write_text(cib())
    system.run(['cibadmin', '--replace', '-o', 'configuration', '--xml-text',
                configuration])

    controller.act()

    assert controller.running() == [OTHER]


def test_puppet_can_start_what_we_stopped_and_we_stop_it_again(controller):
    """As Fuel's service provider does it when it deploys the controller again."""
    states(controller, OVS, DHCP)
    for name in (OVS, 'clone_' + OVS, DHCP, 'clone_' + DHCP):
        system.run(['crm_resource', '--quiet', '--resource', name, '--set-parameter',
                    'target-role', '--meta', '--parameter-value', 'Started'])
    controller.act()
    assert controller.running() == [OVS, DHCP, OTHER]

    assert states(controller, OVS, DHCP) == [CHANGED]
    assert controller.running() == [OTHER]


@pytest.mark.parametrize('release', ['6.1', '9.0'])
def test_agents_on_a_controller_of_the_lab_stop_and_a_redeployment_starts_them(
        lab_run, demand, release):
    demand(programs=[str(pacemaker.TOOLS / 'cibadmin'), 'nsenter', 'unshare'])
    machine = clone.Clone(lab_run, fabric.Fabric(lab_run).add_node(
        'node-1', '192.0.2.11')).start()
    pacemaker.install(machine, release)
    all_of_them = [*pacemaker.agents(release), OTHER]
    assert pacemaker.running(machine, release) == all_of_them

    found = machine.run('cibadmin', '--query', '-o', 'resources')
    for _, xml in modifications(found, cleanup.PRIMITIVES, 'Stopped'):
        machine.run('cibadmin', '--modify', '-o', 'resources', '--xml-text', xml)
    machine.run('crm_mon', '--as-xml')
    assert pacemaker.running(machine, release) == [OTHER]

    pacemaker.start(machine, release)
    assert pacemaker.running(machine, release) == all_of_them


SLOW_WRITER = '''#!/bin/sh
cp {0} {0}.whole && : >{0} && touch /tmp/half-written
# Until a tool waits for its turn.
timeout 10 sh -c 'until pgrep -x flock; do sleep 0.02; done' &&
cp {0}.whole {0} && exec {1}.real "$@"
'''


def test_tools_on_a_controller_of_the_lab_take_turns(lab_run, demand):
    """As pacemaker's daemon makes them: a look never meets half of a change."""
    demand(programs=[str(pacemaker.TOOLS / 'cibadmin'), 'nsenter', 'unshare'])
    machine = clone.Clone(lab_run, fabric.Fabric(lab_run).add_node(
        'node-1', '192.0.2.11')).start()
    pacemaker.install(machine, '6.1')

    simulate = pacemaker.DIRECTORY + '/crm_simulate'
    machine.run('mv', simulate, simulate + '.real')
    machine.write(simulate, SLOW_WRITER.format(pacemaker.FILE, simulate), 0o755)

    machine.run('sh', '-c', """
        crm_mon --as-xml >/dev/null & acting=$!
        until [ -e /tmp/half-written ]; do kill -0 $acting && sleep 0.02 || exit; done
        cibadmin --query -o resources && wait $acting""")


def test_what_we_stopped_runs_again_when_the_plugin_is_removed(controller):
    states(controller, OVS, DHCP)

    for wanted in CHANGED, UNCHANGED:
        assert [o.state for o in converge(
            [Startable([OVS, DHCP])], controller)] == [wanted]

    controller.act()
    assert controller.running() == [OVS, DHCP, OTHER]
