"""A Fuel environment of release 9.0, 9.1 or 9.2: its master deploys by a task graph.

Every deployment is about all nodes; a condition says which task runs on which
(``graph``), and Astute when.  Of Fuel's own tasks those are played that leave
something on a node which the plugin meets; Puppet itself is not.
"""

import json
import time

import yaml

from lab.fuel import (
    conditions, granular, graph, graph_deployment, graph_tasks, master, stock)
from lab.machine import scripts

METADATA = '/etc/fuel/cluster/7/astute.yaml'
# The only part of the Puppet modules that the plugin looks at.
L23NETWORK = '/etc/puppet/modules/l23network/lib/puppetx/l23_network_scheme.rb'
CAN_OVERRIDE_PATCHES = ('9.1', '9.2')
# Fuel 9.0 and 9.1 end an attempt after this, whatever the timeout says.
SECONDS_OF_A_COMMAND, RELEASES_THAT_END_IT = 300, ('9.0', '9.1')
# Fuel's tasks that put stock values into the files of Nova and Neutron.
PUT_BACK = ('primary-openstack-network-server-config',
            'openstack-network-server-config', 'openstack-network-compute-nova')


class Fuel9(master.Master):
    """The master of one environment; parameters as Master's.

    ``deployments`` has the metadata of all nodes at each deployment, ``history`` for
    each node and task in which of them it was done last; ``ran`` are the plugin's
    steps of the last one, in the order of their beginning.
    """

    MEMORY = (*master.Master.MEMORY, 'deployments', 'history')

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.deployments, self.history, self.ran = [], {}, []
        tasks = yaml.safe_load((self.plugin / 'deployment_tasks.yaml').read_text())
        self._tasks = graph_tasks.tasks_of(
            self.release, tasks if self.has_plugin else [])

    def deploy(self, again=False):
        """Deploy changes; with *again* whatever has no condition against it."""
        self.was_deployed = self.was_deployed or bool(self.ready)
        if again:
            self.history.clear()
        for name in set(self.members) - self.ready:
            self.history.pop(name, None)
        self.deployments.append({name: self.metadata(name) for name in self.members})
        self.ran = []
        self._tell('Deploying {}'.format(', '.join(self.members)))
        placed = graph.place(self._tasks, [
            graph.node(self.release, name, member.roles, self.deployments[-1][name])
            for name, member in self.members.items()])
        outcome = graph_deployment.deploy(
            placed, lambda step: self._is_due(placed, step),
            lambda step: self._run(placed, step))
        self.ready = set(self.members) - outcome.unfinished
        if outcome.failed:
            raise granular.DeploymentFailed('\n'.join(
                '{} failed:\n    {}'.format(step, '\n    '.join(
                    attempt.output.strip().splitlines()))
                for step, attempt in outcome.failed.items()))

    def _is_due(self, placed, step):
        if step.uid not in placed.nodes:
            return False
        number = self.history.get(step.uid, {}).get(step.id)
        old = {} if number is None else self.deployments[number].get(step.uid, {})
        return conditions.is_due(
            placed.tasks[step.id], old, placed.nodes[step.uid].data)

    def _run(self, placed, step):
        task, attempt = placed.tasks[step.id], None
        if task.type == 'shell' and step.id.startswith('calico-'):
            self.ran.append(step)
            attempt = self._run_shell(task, step)
        else:
            self._play(step.id, self.members[step.uid])
        if attempt is None or not attempt.status:
            self.history.setdefault(step.uid, {})[step.id] = len(self.deployments) - 1
        return attempt

    def _run_shell(self, task, step):
        deadline = time.monotonic() + task.parameters['timeout']
        for _ in range(task.parameters['retries'] + 1):
            seconds = deadline - time.monotonic()
            if self.release in RELEASES_THAT_END_IT:
                seconds = min(seconds, SECONDS_OF_A_COMMAND)
            self._tell(granular.beginning(task.parameters['cmd'], [step.uid]))
            attempt = self.run_on(step.uid, task.parameters['cmd'], seconds)
            self._tell(granular.line(task.parameters['cmd'], attempt))
            if not attempt.status or deadline - time.monotonic() < 1:
                break
        return attempt

    def _play(self, id, member):
        """What a task of Fuel's own leaves on a node."""
        machine = member.machine
        played = {
            'upload_configuration': lambda: machine.write(METADATA, json.dumps(
                self.deployments[-1][member.name], indent=1), 0o640),
            'configuration_symlink': lambda: machine.run(
                'ln', '-sfn', METADATA, '/etc/astute.yaml'),
            'rsync_core_puppet': lambda: machine.write(
                L23NETWORK, 'patch-' if self.release in CAN_OVERRIDE_PATCHES
                else 'override'),
            'setup_repositories': lambda: stock.set_up_repositories(machine),
            'plugins_setup_repositories': lambda: stock.add_plugin_repository(
                machine, self.source, self.release),
            'plugins_rsync': lambda: scripts.pull(
                machine, self.release, self.metadata(member.name)['master_ip']),
            'netconfig': lambda: self._configure_default_route(member),
            'firewall': lambda: stock.set_up_firewall(machine, self.release),
            **dict.fromkeys(PUT_BACK, lambda: self.deploy_stock(member.name)),
        }
        played.get(id, lambda: None)()
