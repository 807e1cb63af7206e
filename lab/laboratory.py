"""One environment as a whole: master, nodes and workloads, kept between commands.

The state of a laboratory is its run's directory; ``fuel.json`` in it says what
the kernel and the nodes do not.
"""

import concurrent.futures
import json
import os
import sys

from lab import terminal
from lab.fuel import felix, fuel_metadata, master, master8, master9, neutron, pacemaker
from lab.machine import clone, programs, repository, scripts, standins
from lab.network import bird, fabric

BUILD_RPMS = bird.PROJECT / 'tools/build-rpms'
RPMS = {'6.1': '*fuel-6.1-8.0*.rpm', '7.0': '*fuel-6.1-8.0*.rpm',
        '8.0': '*fuel-6.1-8.0*.rpm', '9.0': '*fuel-9*.rpm', '9.1': '*fuel-9*.rpm',
        '9.2': '*fuel-9*.rpm'}
# What Debian has of the packages that the tasks install, beside BIRD.
DEBIAN_PACKAGES = ('etcd-server', 'iptables-persistent', 'ipset', 'conntrack',
                   'dnsmasq-base')
BIRD_PACKAGES = {'1': 'bird', '2': 'bird2'}
PROGRAMS = ('nsenter', 'unshare', 'rpm2archive', 'tar', 'rsync',
            *(str(pacemaker.TOOLS / name) for name in pacemaker.PROGRAMS))
# Of a host behind a border router.
OUTSIDE_ADDRESS = '198.18.0.200'
WORKLOAD_ADDRESS = '203.0.113.{}'
PACEMAKER = "and pacemaker's tools work on a file, without corosync"
WORKLOAD_GATEWAY = WORKLOAD_ADDRESS.format(1)
# The security group of a workload that needs no other.
GROUP = 'sg1'
# As many pings as run at once.
PINGS = 8


class Laboratory:
    """A Fuel environment in the lab of *this_run*.

    *felix* is the path of a real Felix, see ``lab.fuel.felix``.
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

    def set_up(self, release, bird_line='1', real_neutron=False, **settings):
        """The master of a new environment, which serves what the RPM holds."""
        if release.startswith('9') and not real_neutron:
            # The wizard's network would be made, and a stand-in makes none.
            settings.setdefault('remove_default_networks', True)
        with terminal.step('Build the RPMs'):
            programs.run(
                [sys.executable, str(BUILD_RPMS), '--dist', str(self.run.directory)],
                env=dict(os.environ, TMPDIR=str(self.run.directory)))
        rpm, = self.run.directory.glob(RPMS[release])
        with terminal.step('Install {} on the master'.format(rpm.name)):
            plugin = unpack(rpm)
        with terminal.step('Fetch and make packages for its repository'):
            debs = repository.download(BIRD_PACKAGES[bird_line], *DEBIAN_PACKAGES)
            folder = self.run.directory / 'standins'
            folder.mkdir()
            made = standins.build(folder)
            if self.felix:
                given = felix.packages(self.felix, self.run.directory / 'felix')
                made = [deb for deb in made if deb.stem not in dict(given)]
                made += [deb for _, deb in given]
            if real_neutron:
                neutron.build(folder)
            if bird_line == '2':
                bird2, = (deb for deb in debs if deb.name.startswith('bird2_'))
                debs.remove(bird2)
                made.append(standins.renamed(bird2, 'bird', folder))
        with terminal.step('Serve them on the master'):
            self.fabric = fabric.Fabric(self.run)
            master = self._add_master()
            self.repository = repository.Repository(
                self.run.directory / 'www', '9' if release.startswith('9') else release)
            self.repository.add(*debs, *made)
            source = self.repository.serve(self.run, master)
            scripts.serve(self.run, master, plugin.parent)
        self._make_fuel(release, plugin, source, real_neutron, settings)

    def _make_fuel(self, release, plugin, source, real_neutron, settings):
        made = {path.stem: path
                for path in (self.run.directory / 'standins').glob('*.deb')}
        kind = {'6.1': master.Fuel, '7.0': master.Fuel, '8.0': master8.Fuel8}.get(
            release, master9.Fuel9)
        self.fuel = kind(
            release, plugin, source, made,
            lambda name, endpoints: clone.Clone(
                self.run, self.fabric.add_fuel_node(name, endpoints)).start(),
            self._tell, real_neutron, **settings)

    def stand_ins(self):
        """What stands in for the real thing here, for every summary."""
        return stand_ins(self.felix, self.fuel.real_neutron)

    def _add_master(self):
        """The Fuel master: it is on the admin network alone."""
        net = fuel_metadata.Addresses(1)
        return self.fabric.add_node(
            'master', net.place('admin', fuel_metadata.GATEWAY), net.length('admin'),
            fabric.ADMIN, 'eth0')

    def computes(self):
        return [member for member in self.fuel.members.values()
                if 'compute' in member.roles]

    def add_workload(self, compute=None, group=GROUP):
        """Attach a workload to the compute that has the fewest; its Node.

        Its security *group* is known to a real Felix alone.
        """
        members = {member.name: member for member in self.computes()}
        if not compute:
            on = [place for place, _ in self.workloads.values()]
            compute = min(sorted(members), key=on.count)
        number = 1 + max([0] + [int(name[len('vm-'):]) for name in self.workloads])
        name = 'vm-{}'.format(number)
        node = members[compute].machine.node
        address = WORKLOAD_ADDRESS.format(20 + number)
        if not self.felix:
            workload = self.fabric.add_workload(name, node, address)
        elif self.fuel.real_neutron:
            port = neutron.add_port(self._controller(), compute, name, group)
            workload, _ = self.fabric.plug_workload(
                name, node, port.address, port.tap, port.mac)
        else:
            workload, tap = self.fabric.plug_workload(name, node, address)
            felix.announce(self._controller(), compute, workload, tap,
                           WORKLOAD_GATEWAY, group)
        self.workloads[name], self.groups[name] = (compute, workload), group
        return workload

    def remove_workloads(self, compute):
        """Delete all workloads of a compute, as their owners do before it goes."""
        for name, (place, workload) in list(self.workloads.items()):
            if place != compute:
                continue
            del self.workloads[name], self.groups[name]
            programs.run(['ip', 'netns', 'delete', workload.namespace])
            if self.felix and self.fuel.real_neutron:
                neutron.remove_port(self._controller(), name)
            elif self.felix:
                felix.withdraw(self._controller(), compute, name)

    def _controller(self):
        return next(member.machine for member in self.fuel.members.values()
                    if member.is_controller)

    def add_border_router(self, address, text):
        """A router outside, with a BIRD 1 that *text* configures; its Node."""
        node = self.fabric.add_node('border', address)
        node.configure('address add {}/32 dev lo'.format(OUTSIDE_ADDRESS))
        directory = self.run.directory / 'border'
        directory.mkdir()
        (directory / 'bird.conf').write_text(text)
        bird.Bird(self.run, node, directory, '1').start()
        return node

    def matrix(self):
        """Pairs of workload names -> whether the first reaches the second."""
        everyone = {name: workload for name, (_, workload) in self.workloads.items()}
        pairs = [(a, b) for a in everyone for b in everyone if a != b]
        pool = concurrent.futures.ThreadPoolExecutor(PINGS)
        try:
            return dict(zip(pairs, pool.map(
                lambda pair: fabric.ping(*map(everyone.get, pair)), pairs)))
        finally:
            # An interrupted program does not wait for the rest.
            pool.shutdown(wait=False, cancel_futures=True)

    def matrix_text(self):
        """The matrix as a table, with the compute of each workload."""
        matrix, names = self.matrix(), list(self.workloads)
        columns = {name: [place] for name, (place, _) in self.workloads.items()}
        if self.felix:
            columns = {name: [place[0], self.groups[name]]
                       for name, place in columns.items()}
        rows = [['from / to', 'on', 'group'][:3 if self.felix else 2] + names]
        rows += [[a] + columns[a] + [
            '-' if a == b else 'yes' if matrix[a, b] else 'NO' for b in names]
            for a in names]
        return '\n'.join(' '.join('{:9}'.format(cell) for cell in row).rstrip()
                         for row in rows)

    def is_matrix_whole(self, seconds=15):
        """Whether every workload comes to reach every other one."""
        return programs.eventually(lambda: all(self.matrix().values()), seconds)

    def is_matrix_as_policy_wants(self, seconds=15):
        """Whether workloads come to reach those of their group, and no others.

        Without a real Felix there is no policy: then all have to reach all.
        """
        return programs.eventually(lambda: all(
            is_reached == (not self.felix or self.groups[a] == self.groups[b])
            for (a, b), is_reached in self.matrix().items()), seconds)

    def birdc(self, name, *arguments):
        return self.fuel.members[name].machine.run('birdc', *arguments, check=False)

    def reboot(self, name):
        """A power cut of a node; what is linked to start at boot starts."""
        machine = self.fuel.members[name].machine
        services = [link[3:] for directory in ('/etc/rcS.d', '/etc/rc2.d')
                    for link in machine.run('ls', directory).split()
                    if link[0] == 'S' and not os.path.exists(
                        '{}/{}'.format(directory, link))]
        machine.reboot(services)

    def task(self, name, task):
        """Run a task of the plugin by hand on a node; its output."""
        return self.fuel.members[name].machine.run(
            'sh', '-c', 'cd {} && ./run_task {} 2>&1'.format(
                scripts.DIRECTORY, task))

    # Between two commands.

    def save(self):
        """Write down what ``load`` needs."""
        environment = self.fuel
        self._state.write_text(json.dumps({
            'release': environment.release, 'settings': environment.settings,
            'plugin': str(environment.plugin), 'source': environment.source,
            'python': environment.python, 'last_uid': environment.last_uid,
            'ready': sorted(environment.ready), 'of_release': environment.memory(),
            'real_neutron': environment.real_neutron,
            'members': {m.name: m.roles for m in environment.members.values()},
            'links': self.fabric.links, 'felix': self.felix, 'groups': self.groups,
            'workloads': {name: [place, workload.address]
                          for name, (place, workload) in self.workloads.items()}}))
        self.run.keep()

    def load(self):
        """Take up what ``save`` of another process left; the laboratory itself."""
        state = json.loads(self._state.read_text())
        self.felix, self.groups = state['felix'], state['groups']
        self.fabric = fabric.Fabric.taken_up(self.run, state['links'])
        self._make_fuel(state['release'], bird.PROJECT / state['plugin'],
                        state['source'], state.get('real_neutron'), state['settings'])
        self.fuel.python = state['python']
        self.fuel.last_uid = state['last_uid']
        self.fuel.ready = set(state['ready'])
        self.fuel.remember(state['of_release'])
        for name, roles in state['members'].items():
            uid = name.rpartition('-')[2]
            node = fabric.Node(name, master.address_of(uid), self.run.prefix + name)
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
    text = ('Felix is {}; {}: the lab plugs workloads, {}'.format(
                given_felix, others, 'whose ports Neutron makes' if real_neutron else
                'and writes their endpoints and groups into etcd') if given_felix else
            'Felix, {}: the lab attaches workloads itself, without policy'.format(
                others))
    return text + ('. ' + neutron.WHAT_IT_IS if real_neutron else '')


def state_file(this_run):
    """Where ``save`` writes: the JSON names release and members of the environment."""
    return this_run.directory / 'fuel.json'


def unpack(rpm):
    """The plugin's folder of *rpm*, as it is on a master."""
    target = rpm.parent / 'rpm'
    target.mkdir()
    programs.run(['rpm2archive', str(rpm)])
    programs.run(['tar', '-xzf', '{}.tgz'.format(rpm), '-C', str(target)])
    scripts, = target.glob('**/deployment_scripts')
    return scripts.parent
