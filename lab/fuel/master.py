"""A Fuel environment of release 6.1 or 7.0: what its master does to its nodes.

Which nodes a deployment touches, which files it writes on them and when, and
the order of the plugin's tasks are those of the release (granular engine).
Puppet itself is not played; what it leaves on a node is in ``lab.fuel.stock``.
"""

import json
from collections import namedtuple

import yaml

from lab.fuel import fuel_metadata, granular, neutron, stock
from lab.machine import programs, scripts
from lab.network import fabric

CONTROLLERS = {'primary-controller', 'controller'}
# Roles whose nodes are deployed again when a controller comes.
UPDATED_WITH_CONTROLLERS = CONTROLLERS | {'compute', 'cinder'}
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


def address_of(uid):
    """The management address that a node gets."""
    return fuel_metadata.Addresses(1).node('management', int(uid))


class Fuel:
    """The master of one environment.

    *make_machine* is a function (name, endpoints) -> started Clone; *plugin* the
    folder of the unpacked RPM on the master, *source* the line for apt with the
    plugin's repository, *standins* the .deb files by package name; with
    *real_neutron* they have a Neutron, which serves one controller; *settings*
    are those of the plugin, and ``public_to_all`` of the environment.
    """

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
        self._tasks = self._read_tasks()

    def _read_tasks(self):
        return granular.tasks_of(
            yaml.safe_load((self.plugin / 'tasks.yaml').read_text()))

    # What a master of this release remembers between two deployments, as JSON.

    def memory(self):
        return {}

    def remember(self, memory):
        pass

    # What an operator does.

    def add(self, *roles):
        """Provision a node with *roles*; its name.  It is deployed by ``deploy``."""
        if self.real_neutron and CONTROLLERS & set(roles) and any(
                member.is_controller for member in self.members.values()):
            raise programs.LabError(ONE_CONTROLLER)
        self.last_uid += 1
        uid = '{}'.format(self.last_uid)
        name = 'node-' + uid
        networks = fuel_metadata.metadata(
            self.release, {int(uid): list(roles)}, uid, **self.settings)
        self.members[name] = Member(uid, list(roles), self._make_machine(
            name, networks['network_scheme']['endpoints']))
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

    def deploy(self, again=False):
        """Deploy changes; with *again* every node, as after an error.

        Raises DeploymentFailed when a task of the plugin fails.
        """
        self.was_deployed = self.was_deployed or bool(self.ready)
        nodes = list(self.members) if again else self.nodes_to_deploy()
        removed, self.removed = self.removed, []
        if nodes:
            self._tell('Deploying {}'.format(', '.join(nodes)))
            self._deploy(nodes)
        elif removed:
            self._tell_of_removal()

    def nodes_to_deploy(self):
        """The nodes that "Deploy changes" would touch."""
        new = [name for name in self.members if name not in self.ready]
        also = set()
        if any(self.members[name].is_controller for name in new):
            also = UPDATED_WITH_CONTROLLERS
        elif any(member.is_controller for member in self.removed):
            also = CONTROLLERS
        return [name for name, member in self.members.items()
                if name in new or also & set(member.roles)]

    # What the master does.

    def _deploy(self, nodes):
        self.ready -= set(nodes)
        self._upload_facts(nodes)
        for name in nodes:
            self.members[name].machine.run('rm', '-f', '/etc/hiera/nodes.yaml')
            self._set_up_repositories(name)
            self._set_up_plugin(name)
        self._run_stage('pre_deployment', nodes)
        for name in nodes:
            self._connect_facts(self.members[name])
            self.deploy_stock(name)
            if self.real_neutron and self.members[name].is_controller:
                neutron.make_networks(
                    self.members[name].machine,
                    self.metadata(name)['quantum_settings']['predefined_networks'])
        self._deploy_ready()
        self._upload_nodes_info(set(nodes) | self.ready)
        for name in nodes:
            self._configure_default_route(self.members[name])
        self._run_stage('post_deployment', nodes)
        self.ready |= set(nodes)

    def _deploy_ready(self):
        """What the deploy stage does on nodes that are ready: nothing before 8.0."""

    def _tell_of_removal(self):
        """What the nodes hear of computes that were deleted: nothing on 6.1."""
        if self.release != '6.1':
            self._upload_nodes_info(self.ready)

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

    def _upload_facts(self, names):
        for member in map(self.members.get, names):
            text = json.dumps(self.metadata(member.name), indent=1)
            for role in member.roles:
                member.machine.write('/etc/{}.yaml'.format(role), text, 0o600)
            if self.release != '6.1':
                self._connect_facts(member)

    def _connect_facts(self, member):
        member.machine.run('ln', '-sfn', '/etc/{}.yaml'.format(member.roles[-1]),
                           '/etc/astute.yaml')

    def _upload_nodes_info(self, names):
        text = fuel_metadata.nodes_text(
            self._roles(names), self.settings.get('public_to_all', False))
        for name in names:
            self.members[name].machine.write('/etc/hiera/nodes.yaml', text, 0o644)

    def _configure_default_route(self, member):
        """Without a public network a node goes out through the virtual router."""
        scheme = self.metadata(member.name)['network_scheme']
        if fabric.PUBLIC not in scheme['endpoints']:
            member.machine.run('ip', 'route', 'replace', 'default', 'via',
                               fuel_metadata.Addresses(1).place(
                                   'management', fuel_metadata.VROUTER))

    def _set_up_repositories(self, name):
        stock.set_up_repositories(self.members[name].machine)

    def _set_up_plugin(self, name):
        machine = self.members[name].machine
        stock.add_plugin_repository(machine, self.source, self.release)
        scripts.pull(machine, self.release, self.metadata(name)['master_ip'])

    def _run_stage(self, stage, nodes):
        roles = {name: self.members[name].roles for name in nodes}
        for task in self._tasks[stage]:
            on = granular.nodes_of(task, roles)
            if on:
                granular.run_task(
                    self.release, task, on, self._run_on, self._tell)

    def _run_on(self, name, command, seconds):
        return self.members[name].machine.attempt(
            'cd {} && {}'.format(scripts.DIRECTORY, command), int(seconds))
