"""The master of Fuel 6.1 and 7.0.

Which nodes a deployment touches, which files it writes on them and when, and the order
of the plugin's tasks are those of the release (granular engine).
"""

import json

import yaml

from lab.fuel import fuel_metadata, granular, master, neutron, stock
from lab.machine import scripts

# Roles whose nodes are deployed again when a controller comes.
UPDATED_WITH_CONTROLLERS = master.CONTROLLERS | {'compute', 'cinder'}


class Fuel6(master.Master):
    """The master of one environment; parameters as Master's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tasks = yaml.safe_load((self.plugin / 'tasks.yaml').read_text())
        self._tasks = granular.tasks_of(tasks if self.has_plugin else [])

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
            also = master.CONTROLLERS
        return [name for name, member in self.members.items()
                if name in new or also & set(member.roles)]

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

    def _set_up_repositories(self, name):
        stock.set_up_repositories(self.members[name].machine)

    def _set_up_plugin(self, name):
        if not self.has_plugin:
            return
        machine = self.members[name].machine
        stock.add_plugin_repository(machine, self.source, self.release)
        scripts.pull(machine, self.release, self.metadata(name)['master_ip'])

    def _run_stage(self, stage, nodes):
        roles = {name: self.members[name].roles for name in nodes}
        for task in self._tasks[stage]:
            on = granular.nodes_of(task, roles)
            if on:
                granular.run_task(
                    self.release, task, on, self.run_on, self._tell)
