"""A node beside an etcd that keeps keys, and is nothing more."""

from __future__ import unicode_literals

from tests.unit.fake import etcd_keys
from tests.unit.fake.system import FakeSystem


class EtcdStore(FakeSystem):
    """``keys`` maps a key to a value and when it expires, or None."""

    def __init__(self, dies_at=None):
        super(EtcdStore, self).__init__(dies_at=dies_at)
        self.keys = {}
        self.is_up = self.has_quorum = True
        self.servers.append(self.answer)

    def put(self, **values):
        """Keys as calico__v1__Ready='true'."""
        for name, value in values.items():
            self.keys['/' + name.replace('__', '/')] = (value, None)

    def answer(self, method, url, body):
        if not self.is_up:
            return None
        if method != 'GET':
            self.about_to_change()
        return etcd_keys.answer(
            self.keys, self.has_quorum, self.clock, method, url, body)

    def values(self):
        return dict((key, value) for key, (value, _) in self.keys.items())
