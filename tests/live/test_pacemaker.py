"""Agents are stopped with pacemaker's own tools, on a configuration in a file.

CIB_file makes the tools work without a daemon, and crm_simulate does what the
daemons would do next.
"""

import os

import pytest

from calico_fuel import system
from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.pacemaker import Startable, Stopped
from lab.bird import PROJECT

TOOLS = PROJECT / '.cache/pacemaker-tools/usr/sbin'
SCHEMAS = PROJECT / '.cache/pacemaker-schemas/usr/share/pacemaker'
OVS = 'p_neutron-plugin-openvswitch-agent'
DHCP, OTHER = 'p_neutron-dhcp-agent', 'p_haproxy'
NODES = 'node-1', 'node-2'

CIB = '''\
<cib crm_feature_set="3.0.7" validate-with="pacemaker-1.2" epoch="1" num_updates="0"
     admin_epoch="0" have-quorum="1" dc-uuid="1">
  <configuration>
    <crm_config>
      <cluster_property_set id="options">
        <nvpair id="options-stonith" name="stonith-enabled" value="false"/>
        <nvpair id="options-symmetric" name="symmetric-cluster" value="false"/>
      </cluster_property_set>
    </crm_config>
    <nodes>{nodes}</nodes>
    <resources>{resources}</resources>
    <constraints>
      {locations}
      <rsc_colocation id="{dhcp}-with-{ovs}" rsc="clone_{dhcp}" with-rsc="clone_{ovs}"
                      score="INFINITY"/>
      <rsc_order id="{dhcp}-after-{ovs}" first="clone_{ovs}" then="clone_{dhcp}"/>
    </constraints>
  </configuration>
  <status>{states}</status>
</cib>
'''
RESOURCE = '''
<clone id="clone_{name}">
  <meta_attributes id="clone_{name}-meta_attributes">
    <nvpair id="clone_{name}-interleave" name="interleave" value="true"/>
  </meta_attributes>
  <primitive id="{name}" class="ocf" provider="fuel" type="agent">
    <operations>
      <op id="{name}-stop" name="stop" interval="0" timeout="60"/>
    </operations>
    {attributes}
  </primitive>
</clone>'''
STARTED = '''
<meta_attributes id="{0}-meta"><nvpair id="{0}-role" name="target-role"
  value="Started"/></meta_attributes>'''
STATE = '''
<node_state id="{id}" uname="{node}" in_ccm="true" crmd="online" join="member"
            expected="member">
  <lrm id="{id}"><lrm_resources/></lrm>
</node_state>'''


def cib():
    """Fuel 6.1: two controllers, three clones, the DHCP agents after the OVS agents."""
    names = OVS, DHCP, OTHER
    return CIB.format(
        ovs=OVS, dhcp=DHCP,
        nodes=''.join('<node id="{}" uname="{}"/>'.format(number, node)
                      for number, node in enumerate(NODES, 1)),
        resources=''.join(RESOURCE.format(name=name, attributes=(
            STARTED.format(name) if name == DHCP else '')) for name in names),
        locations=''.join(
            '<rsc_location id="{0}-on-{1}" rsc="clone_{0}" node="{1}" '
            'score="100"/>'.format(name, node) for name in names for node in NODES),
        states=''.join(STATE.format(id=number, node=node)
                       for number, node in enumerate(NODES, 1)))


class Controller:
    """calico_fuel.system; pacemaker acts whenever somebody waits."""

    def __init__(self, path):
        self.path = path

    def __getattr__(self, name):
        return getattr(system, name)

    def act(self):
        system.run(['crm_simulate', '--simulate', '--xml-file', self.path,
                    '--save-output', self.path])

    def eventually(self, predicate, seconds, interval):
        self.act()
        return predicate()

    def running(self):
        """Who runs, by the tool that people use."""
        return [name for name in (OVS, DHCP, OTHER) if 'is running on' in system.run(
            ['crm_resource', '--resource', 'clone_' + name, '--locate']).stdout]


@pytest.fixture
def controller(demand, tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', '{}:{}'.format(TOOLS, os.environ['PATH']))
    monkeypatch.setenv('PCMK_schema_directory', str(SCHEMAS))
    monkeypatch.setenv('CIB_file', str(tmp_path / 'cib.xml'))
    demand(programs=['cibadmin', 'crm_mon', 'crm_resource', 'crm_simulate'])
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


def test_what_we_stopped_runs_again_when_the_plugin_is_removed(controller):
    states(controller, OVS, DHCP)

    for wanted in CHANGED, UNCHANGED:
        assert [o.state for o in converge(
            [Startable([OVS, DHCP])], controller)] == [wanted]

    controller.act()
    assert controller.running() == [OVS, DHCP, OTHER]
