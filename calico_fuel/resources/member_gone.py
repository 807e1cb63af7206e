"""Nothing of an etcd member is on this node: it leaves, and its data are deleted."""

from __future__ import unicode_literals

from calico_fuel import etcd
from calico_fuel import etcd_api
from calico_fuel import etcd_membership
from calico_fuel.etcd_steps import Delete
from calico_fuel.etcd_steps import Start
from calico_fuel.etcd_view import View
from calico_fuel.resources.member import Member
from calico_fuel.resources.service import service_runs


class MemberGone(Member):
    """The node leaves its etcd cluster, if others are in it and keep a quorum.

    Only for an operator who has asked for it by name.
    """

    __slots__ = ()

    @property
    def label(self):
        return 'nothing of etcd member ' + self.me.name

    def _view(self, system):
        has_data = system.exists(etcd.MEMBER_DIR)
        return View(etcd_api.look(system, self.peers) if has_data else (), has_data,
                    has_data and service_runs(system, self.service.name), False)

    def _step(self, view):
        return etcd_membership.step_of_leaver(view, self.me)

    def _take(self, system, view, step):
        if isinstance(step, Delete):
            self.stop(system)
            system.remove(etcd.MEMBER_DIR)
            return ''
        if isinstance(step, Start):
            # Its settings are there since it became a member: it can be asked.
            system.run(['service', self.service.name, 'start'])
            return 'etcd starts'
        return self._change_members(system, view, step)
