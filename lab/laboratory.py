"""One environment as a whole: master, nodes and workloads, kept between commands.

The state of a laboratory is its run's directory; ``fuel.json`` in it says what
the kernel and the nodes do not.
"""

import json
from pathlib import Path

from lab import terminal, workloads
from lab.fuel import (
    felix, master, master6, master8, master9, networks, neutron, pacemaker, plugin)
from lab.machine import clone, programs, repository, scripts
from lab.network import fabric

PROGRAMS = ('nsenter', 'unshare', 'rpm2archive', 'tar', 'rsync',
            *(str(pacemaker.TOOLS / name) for name in pacemaker.PROGRAMS))
MASTERS = {'6.1': master6.Fuel6, '7.0': master6.Fuel6, '8.0': master8.Fuel8,
           '9.0': master9.Fuel9, '9.1': master9.Fuel9, '9.2': master9.Fuel9}
PACEMAKER = "and pacemaker's tools work on a file, without corosync"


class Laboratory:
    """A Fuel environment in the lab of *this_run*.

    *felix* is the path of a Felix or of its double, see ``lab.fuel.felix``, or None.
    """

    def __init__(self, this_run, tell=print, felix=None):
        self.run = this_run
        self.felix = felix
        self.fabric = None
        self.fuel = None
        self.repository = None
        self.workloads = {}
        self.groups = {}
        self._tell = tell
        self._state = state_file(this_run)

    def set_up(self, release, bird_line='1', real_neutron=False, rpm=None, **settings):
        """The master of a new environment, which serves *rpm* or one that is built."""
        if release.startswith('9') and not real_neutron:
            # The wizard's network would be made, and a stand-in makes none.
            settings.setdefault('remove_default_networks', True)
        with terminal.step('Build the RPMs'):
            rpm = plugin.build(self.run.directory, release, rpm)
        with terminal.step('Install {} on the master'.format(rpm.name)):
            folder = plugin.unpack(rpm)
        with terminal.step('Fetch and make packages for its repository'):
            debs = plugin.packages(
                self.run.directory, bird_line, self.felix, real_neutron)
        with terminal.step('Serve them on the master'):
            self.fabric = fabric.Fabric(self.run)
            # It is on the admin network alone.
            net = networks.Addresses(settings.get('size', 1))
            node = self.fabric.add_node(
                'master', net.place('admin', networks.GATEWAY),
                net.length('admin'), fabric.ADMIN, 'eth0')
            self.repository = repository.Repository(
                self.run.directory / 'www', '9' if release.startswith('9') else release)
            self.repository.add(*debs)
            source = self.repository.serve(self.run, node)
            scripts.serve(self.run, node, folder.parent)
        self._make_fuel(release, folder, source, real_neutron, settings)

    def _make_fuel(self, release, folder, source, real_neutron, settings):
        self.fuel = MASTERS[release](
            release, folder, source, plugin.stock_packages(self.run.directory),
            lambda name, endpoints: clone.Clone(
                self.run, self.fabric.add_fuel_node(name, endpoints)).start(),
            self._tell, real_neutron, **settings)

    def stand_ins(self):
        """What stands in for the real thing here, for every summary."""
        return stand_ins(self.felix, self.fuel.real_neutron)

    def computes(self):
        return [member for member in self.fuel.members.values()
                if 'compute' in member.roles]

    def controller(self):
        """The machine of the first controller."""
        return next(member.machine for member in self.fuel.members.values()
                    if member.is_controller)

    def add_workload(self, compute=None, group='sg1'):
        """Attach a workload to the compute that has the fewest; its Node.

        Its security *group* is known to a Felix alone.
        """
        if not compute:
            on = [place for place, _ in self.workloads.values()]
            compute = min(sorted(each.name for each in self.computes()), key=on.count)
        number = 1 + max([0] + [int(name[len('vm-'):]) for name in self.workloads])
        workload = workloads.plug(self, number, compute, group)
        self.workloads[workload.name] = compute, workload
        self.groups[workload.name] = group
        return workload

    def remove_workloads(self, compute):
        """Delete all workloads of a compute, as their owners do before it goes."""
        for name, (place, workload) in list(self.workloads.items()):
            if place == compute:
                del self.workloads[name], self.groups[name]
                workloads.unplug(self, compute, workload)

    def matrix(self):
        """Pairs of workload names -> whether the first reaches the second."""
        return workloads.matrix(
            {name: node for name, (_, node) in self.workloads.items()})

    def matrix_text(self):
        """The matrix as a table, with the compute of each workload."""
        titles = ['on', 'group'] if felix.has_policy(self.felix) else ['on']
        return workloads.table(self.matrix(), {
            name: [compute, self.groups[name]][:len(titles)]
            for name, (compute, _) in self.workloads.items()}, titles)

    def is_matrix_whole(self, seconds=15):
        """Whether workloads come to reach those of their group, and no others.

        Without policy all have to reach all.
        """
        has_policy = felix.has_policy(self.felix)
        return programs.eventually(lambda: all(
            is_reached == (not has_policy or self.groups[a] == self.groups[b])
            for (a, b), is_reached in self.matrix().items()), seconds)

    def birdc(self, name, *arguments):
        return self.fuel.members[name].machine.run('birdc', *arguments, check=False)

    def reboot(self, name):
        """A power cut of a node; what is linked to start at boot starts."""
        machine = self.fuel.members[name].machine
        # Not the services of this machine, with whose /etc a clone begins.
        machine.reboot([
            link[3:] for directory in ('/etc/rcS.d', '/etc/rc2.d')
            for link in machine.run('ls', directory).split() if link[0] == 'S'
            and not machine.has_from_host('/etc/init.d/' + link[3:])])

    def task(self, name, task):
        """Run a task of the plugin by hand on a node; its output."""
        return self.fuel.members[name].machine.run('sh', '-c', (
            'cd {} && ./run_task {} 2>&1'.format(scripts.DIRECTORY, task)))

    # Between two commands.

    def save(self):
        """Write down what ``load`` needs."""
        environment = self.fuel
        self._state.write_text(json.dumps({
            'release': environment.release, 'settings': environment.settings,
            'plugin': str(environment.plugin), 'source': environment.source,
            'real_neutron': environment.real_neutron,
            'memory': {name: getattr(environment, name)
                       for name in environment.MEMORY},
            'members': {m.name: m.roles for m in environment.members.values()},
            'links': self.fabric.links, 'felix': self.felix, 'groups': self.groups,
            'workloads': {name: [place, workload.address]
                          for name, (place, workload) in self.workloads.items()},
        }, default=sorted))
        self.run.keep()

    def load(self):
        """Take up what ``save`` of another process left; the laboratory itself."""
        state = json.loads(self._state.read_text())
        self.felix, self.groups = state['felix'], state['groups']
        self.fabric = fabric.Fabric(self.run, state['links'])
        self._make_fuel(state['release'], Path(state['plugin']), state['source'],
                        state['real_neutron'], state['settings'])
        vars(self.fuel).update(state['memory'], ready=set(state['memory']['ready']))
        for name, roles in state['members'].items():
            uid = name.rpartition('-')[2]
            node = fabric.Node(
                name, self.fuel.addresses.node('management', int(uid)),
                self.run.prefix + name)
            self.fuel.members[name] = master.Member(
                uid, roles, clone.Clone(self.run, node).taken_up())
        for name, (place, address) in state['workloads'].items():
            self.workloads[name] = place, fabric.Node(
                name, address, self.run.prefix + name)
        return self


def stand_ins(given_felix=None, real_neutron=False):
    """What stands in for the real thing here, for every summary."""
    others = ('Nova and libvirt are stand-ins, ' if real_neutron else
              'Neutron, Nova and libvirt are stand-ins, ') + PACEMAKER
    text = 'Felix, {}: the lab attaches workloads itself, without policy'
    if given_felix:
        text = 'Felix is {}; {{}}: the lab plugs workloads, {}'.format(
            felix.shown(given_felix), 'whose ports Neutron makes' if real_neutron else
            'and writes their endpoints and groups into etcd')
    return text.format(others) + ('. ' + neutron.WHAT_IT_IS if real_neutron else '')


def state_file(this_run):
    """Where ``save`` writes: the JSON names release and members of the environment."""
    return this_run.directory / 'fuel.json'
