"""A Fuel environment of release 8.0: its master also touches nodes that are ready.

Written after the messages that a Nailgun 8.0 sent.  (While a node is in error, Fuel
leaves the ready ones alone; that is not played.)
"""

from lab.fuel import master6, openvswitch, stock


class Fuel8(master6.Fuel6):
    """The master of one environment; parameters as Master's."""

    def _upload_facts(self, names):
        super()._upload_facts([*names, *self.ready - set(names)])

    def _deploy_ready(self):
        """The tasks with ``reexecute_on: [deploy_changes]``, and none of the plugin.

        These are globals, netconfig, connectivity_tests and firewall.
        """
        for name in self.ready:
            machine = self.members[name].machine
            self._set_up_network(name)
            stock.set_up_firewall_again(machine)

    def _set_up_repositories(self, name):
        """Not before the tasks of the plugin; what does it in the end is there."""
        stock.leave_repositories_to_puppet(self.members[name].machine)

    def deploy_stock(self, name):
        stock.set_up_repositories(self.members[name].machine)
        openvswitch.install(self.members[name].machine)
        self._set_up_network(name)
        super().deploy_stock(name)

    def _set_up_network(self, name):
        openvswitch.set_up(self.members[name].machine,
                           self.metadata(name)['network_scheme'])

    def _tell_of_removal(self):
        """Two messages, of which the second is sent only if the first ended well.

        All tasks of the plugin run on all nodes before these have the list of nodes.
        """
        self._upload_facts([])
        for name in self.ready:
            self._set_up_plugin(name)
        self._run_stage('pre_deployment', self.ready)
        self._deploy_ready()
        self._run_stage('post_deployment', self.ready)
        self._upload_nodes_info(self.ready)
