"""Pacemaker on a controller: its own tools, on a configuration in a file.

There is no corosync and no daemon, so every controller has a file of its own,
in which it is the only node.  ``crm_mon`` first lets ``crm_simulate`` do what
the daemons would have done by then.

Names and constraints are those of Fuel's library: agents have ``p_`` in front
up to 8.0, and only 6.1 ties the DHCP and L3 agents to the Open vSwitch agent.
"""

from lab.network import bird

TOOLS = bird.PROJECT / '.cache/pacemaker-tools/usr/sbin'
SCHEMAS = bird.PROJECT / '.cache/pacemaker-schemas/usr/share/pacemaker'
PROGRAMS = ('cibadmin', 'crm_mon', 'crm_resource', 'crm_simulate')
# On a controller; at pacemaker's own place the tools want a user for its daemons.
DIRECTORY = '/usr/lib/lab-pacemaker'
FILE = DIRECTORY + '/cib.xml'
ACT = '{}/crm_simulate --simulate --xml-file {} --save-output {} >/dev/null'.format(
    DIRECTORY, FILE, FILE)
# Pacemaker's daemon serves one tool after the other; here a lock does.
IN_TURN = 'exec 9>>{}.lock && flock 9 && '.format(FILE)
WRAPPER = '''#!/bin/sh
export CIB_file={}
{}:
[ "${{0##*/}}" != crm_mon ] || {}
exec {}/"${{0##*/}}" "$@"
'''.format(FILE, IN_TURN, ACT, DIRECTORY)
# What the plugin does not stop.
OTHER = 'p_haproxy'

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
    <constraints>{constraints}</constraints>
  </configuration>
  <status>{states}</status>
</cib>
'''
RESOURCE = '''
<clone id="clone_{name}">
  <meta_attributes id="clone_{name}-meta_attributes">
    <nvpair id="clone_{name}-interleave" name="interleave" value="true"/>
  </meta_attributes>
  <primitive id="{name}" class="ocf" provider="fuel" type="{type}">
    <operations>
      <op id="{name}-stop" name="stop" interval="0" timeout="60"/>
    </operations>
  </primitive>
</clone>'''
LOCATION = '''
<rsc_location id="{0}-on-{1}" rsc="clone_{0}" node="{1}" score="100"/>'''
TOGETHER = '''
<rsc_colocation id="{0}-with-{1}" rsc="clone_{0}" with-rsc="clone_{1}"
                score="INFINITY"/>
<rsc_order id="{0}-after-{1}" first="clone_{1}" then="clone_{0}"/>'''
STATE = '''
<node_state id="{id}" uname="{node}" in_ccm="true" crmd="online" join="member"
            expected="member">
  <lrm id="{id}"><lrm_resources/></lrm>
</node_state>'''


def agents(release):
    """Primitive -> type of its OCF agent; Open vSwitch first."""
    if release.startswith('9'):
        ovs, prefix, types = 'openvswitch-agent', '', 'neutron-{}-agent'
    else:
        ovs, prefix, types = 'plugin-openvswitch-agent', 'p_', 'ocf-neutron-{}-agent'
    names = {ovs: 'ovs', 'dhcp-agent': 'dhcp', 'l3-agent': 'l3',
             'metadata-agent': 'metadata'}
    return {'{}neutron-{}'.format(prefix, name): types.format(kind)
            for name, kind in names.items()}


def cib(release, nodes):
    """The configuration that Fuel makes on the primary controller of *nodes*."""
    types = dict(agents(release), **{OTHER: 'ns_haproxy'})
    ovs, dhcp, l3, _ = agents(release)
    constraints = [LOCATION.format(name, node) for name in types for node in nodes]
    if release == '6.1':
        constraints += [TOGETHER.format(name, ovs) for name in (dhcp, l3)]
    return CIB.format(
        nodes=''.join('<node id="{}" uname="{}"/>'.format(number, node)
                      for number, node in enumerate(nodes, 1)),
        resources=''.join(RESOURCE.format(name=name, type=type_)
                          for name, type_ in types.items()),
        constraints=''.join(constraints),
        states=''.join(STATE.format(id=number, node=node)
                       for number, node in enumerate(nodes, 1)))


def install(machine, release):
    """The tools, and the agents running, as Fuel's Puppet leaves them."""
    machine.copy(SCHEMAS, '/usr/share/pacemaker')
    machine.copy(TOOLS, DIRECTORY)
    machine.write('/usr/sbin/' + PROGRAMS[0], WRAPPER, 0o755)
    for name in PROGRAMS[1:]:
        machine.run('ln', '-s', PROGRAMS[0], '/usr/sbin/' + name)
    machine.write(FILE, cib(release, [machine.name]))
    machine.run('sh', '-c', IN_TURN + ACT)


def start(machine, release):
    """What Fuel's Puppet does with the agents when it deploys a controller again."""
    for name in agents(release):
        for resource in name, 'clone_' + name:
            machine.run('crm_resource', '--quiet', '--resource', resource,
                        '--set-parameter', 'target-role', '--meta',
                        '--parameter-value', 'Started')
    machine.run('sh', '-c', IN_TURN + ACT)


def running(machine, release):
    """The agents, and OTHER, that run on a controller."""
    return [name for name in (*agents(release), OTHER)
            if 'is running on' in machine.run(
                'crm_resource', '--resource', 'clone_' + name, '--locate', check=False)]
