"""The data of an etcd member that are in another directory than ours."""

from __future__ import unicode_literals

import posixpath
from collections import namedtuple

from calico_fuel import etcd
from calico_fuel.errors import FileError
from calico_fuel.errors import NodeError
from calico_fuel.resources.resource import Resource
from calico_fuel.resources.service import service_runs


class MovedMember(Resource, namedtuple('MovedMember', 'source service')):
    """The member's data are in ``etcd.MEMBER_DIR``, not in the data directory
    *source*; *service* is the name of etcd's.

    They are renamed while etcd is stopped, and never copied or deleted.
    """

    __slots__ = ()

    @property
    def label(self):
        return 'data of the etcd member in ' + etcd.DATA_DIR

    @property
    def _old(self):
        return posixpath.join(self.source, posixpath.basename(etcd.MEMBER_DIR))

    def difference(self, system):
        return '{}: has the data of the etcd member'.format(self._old) if (
            system.exists(self._old)) else ''

    def change(self, system):
        if system.exists(etcd.MEMBER_DIR):
            raise NodeError(
                '{} and {} both have data of an etcd member. See which of them '
                'etcd uses now, move the other away, and run this again'.format(
                    self._old, etcd.MEMBER_DIR))
        ran = service_runs(system, self.service)
        if ran:
            system.run(['service', self.service, 'stop'])
        try:
            system.set_aside(self._old, etcd.MEMBER_DIR)
        except FileError:
            if ran:
                system.run(['service', self.service, 'start'])
            raise
