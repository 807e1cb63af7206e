"""A Fuel master and its environment: what is the same in all releases.

Puppet itself is not played; what it leaves on a node is in ``lab.fuel.stock``.
"""

from collections import namedtuple

from lab.fuel import fuel_metadata, networks, stock
from lab.machine import programs, scripts
from lab.network import fabric

CONTROLLERS = {'primary-controller', 'controller'}
ONE_CONTROLLER = ('--neutron: its database is on one controller, so there cannot be '
                  'another; make a lab without --neutron for more')


class Member(namedtuple('Member', 'uid roles machine')):
    """A node of the environment: its uid, its list of roles, its Clone."""

    @property
    def name(self):
        return 'node-{}'.format(self.uid)

    @property
    def is_controller(self):
        return bool(CONTROLLERS & set(self.roles))


class Master:
    """The master of one environment; ``deploy`` is that of the release.

    *make_machine* is a function (name, endpoints) -> started Clone; *plugin* the
    folder of the unpacked RPM on the master, *source* the line for apt with the
    plugin's repository, *standins* the .deb files by package name; with
    *real_neutron* they have a Neutron, which serves one controller; *settings*
    are those of the plugin, and ``public_to_all`` and ``size`` of the environment.
    """

    # What changes with deployments; all of it can be JSON.
    MEMORY = ('python', 'last_uid', 'ready', 'was_deployed')

    def __init__(self, release, plugin, source, standins, make_machine, tell=print,
                 real_neutron=False, **settings):
        self.release = release
        self.settings = settings
        self.members = {}
        self.ready = set()
        self.was_deployed = False
        self.removed = []
        self.python = None
        self.real_neutron = real_neutron
        self.plugin = plugin
        self.source = source
        self._standins = standins
        self._make_machine = make_machine
        self._tell = tell
        self.last_uid = 0

    @property
    def addresses(self):
        return networks.Addresses(self.settings.get('size', 1))

    @property
    def has_plugin(self):
        """Whether it is enabled: Nailgun leaves out the tasks of any other."""
        return self.settings.get('metadata', {}).get('enabled', True)

    # What an operator does.

    def add(self, *roles):
        """Provision a node with *roles*; its name.  It is deployed by ``deploy``."""
        if self.real_neutron and CONTROLLERS & set(roles) and any(
                member.is_controller for member in self.members.values()):
            raise programs.LabError(ONE_CONTROLLER)
        if self.last_uid == self.addresses.most:
            raise programs.LabError('this environment has addresses for {} nodes; make '
                                    'one of more nodes'.format(self.last_uid))
        self.last_uid += 1
        uid = '{}'.format(self.last_uid)
        name = 'node-' + uid
        scheme = fuel_metadata.metadata(
            self.release, {int(uid): list(roles)}, uid, **self.settings)[
                'network_scheme']
        self.members[name] = Member(
            uid, list(roles), self._make_machine(name, scheme['endpoints']))
        self.python = stock.provision(self.members[name].machine)
        return name

    def remove(self, name):
        """Delete a node: it is gone at once, and the rest learns by ``deploy``."""
        member = self.members.pop(name)
        self.ready.discard(name)
        self.removed.append(member)
        member.machine.stop()
        if 'primary-controller' in member.roles:
            for other in self.members.values():
                if 'controller' in other.roles:
                    other.roles[other.roles.index('controller')] = 'primary-controller'
                    break

    # What every master does.

    def deploy_stock(self, name):
        """What Fuel's own tasks of the deploy stage leave on a node."""
        stock.deploy(self.members[name].machine, self.release,
                     self.members[name].roles, self._standins, self.real_neutron)

    def metadata(self, name):
        """astute.yaml of a node, as a mapping."""
        return fuel_metadata.metadata(
            self.release, self._roles(self.members), self.members[name].uid,
            deployed_before=self.was_deployed, **self.settings)

    def _roles(self, names):
        return {int(self.members[name].uid): self.members[name].roles
                for name in names}

    def _configure_default_route(self, member):
        """Without a public network a node goes out through the virtual router."""
        scheme = self.metadata(member.name)['network_scheme']
        if fabric.PUBLIC not in scheme['endpoints']:
            member.machine.run('ip', 'route', 'replace', 'default', 'via',
                               self.addresses.place(
                                   'management', networks.VROUTER))

    def run_on(self, name, command, seconds):
        return self.members[name].machine.attempt(
            'cd {} && {}'.format(scripts.DIRECTORY, command), int(seconds))
