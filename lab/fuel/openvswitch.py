"""Open vSwitch on a node: its own tools and database, and no switch behind them.

ovs-vswitchd needs a module of the kernel that this machine may lack, so ovs-vsctl
does not wait for it.
"""

from lab.machine import programs, standins
from lab.network import bird

COMMON = bird.PROJECT / '.cache/openvswitch-common/usr'
SWITCH = bird.PROJECT / '.cache/openvswitch-switch/usr'
SERVICE = 'openvswitch-switch'
DIRECTORY = '/usr/lib/lab-openvswitch'
DATABASE, SOCKET = DIRECTORY + '/conf.db', DIRECTORY + '/db.sock'
ARGUMENTS = '--remote=punix:{} --unixctl={}/ctl {}'.format(SOCKET, DIRECTORY, DATABASE)
WRAPPER = '#!/bin/sh\nexec {}/ovs-vsctl --no-wait --db=unix:{} "$@"\n'.format(
    DIRECTORY, SOCKET)


def install(machine):
    """The package openvswitch-switch, once; its service runs then."""
    if machine.result('test', '-e', DATABASE).status == 0:
        return
    if not SWITCH.exists():
        raise programs.LabError(
            'nodes of Fuel 8.0 have Open vSwitch: run tools/setup openvswitch')
    for path in (COMMON / 'bin/ovsdb-tool', SWITCH / 'bin/ovs-vsctl',
                 SWITCH / 'share/openvswitch/vswitch.ovsschema'):
        machine.copy(path, '{}/{}'.format(DIRECTORY, path.name))
    machine.copy(COMMON / 'sbin/ovsdb-server', '/usr/bin/' + SERVICE)
    machine.run(DIRECTORY + '/ovsdb-tool', 'create', DATABASE,
                DIRECTORY + '/vswitch.ovsschema')
    machine.write('/usr/bin/ovs-vsctl', WRAPPER, 0o755)
    machine.write('/etc/init.d/' + SERVICE, standins.SERVICE.format(
        name=SERVICE, arguments=ARGUMENTS), 0o755)
    machine.run('mkdir', '-p', '/var/log/standin')
    machine.run('update-rc.d', SERVICE, 'defaults')
    machine.run('service', SERVICE, 'start')
    machine.run('ovs-vsctl', '--retry', '--timeout=10', 'init')


def set_up(machine, scheme):
    """The part of a *network_scheme* that Fuel's network set-up makes by it."""
    words = []
    for element in scheme['transformations']:
        if element.get('provider') == 'ovs':
            if element['action'] == 'add-br':
                words += ['--', '--may-exist', 'add-br', element['name']]
            else:
                bridge, lower = element['bridges']
                words += ['--', '--may-exist', 'add-port', bridge,
                          'patch-' + lower]
    machine.run('ovs-vsctl', *words[1:])


def bridges(machine):
    return machine.run('ovs-vsctl', 'list-br').split()
