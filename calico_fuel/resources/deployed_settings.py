"""The settings of the last deployment that finished on this node."""

from __future__ import unicode_literals

import json
from collections import namedtuple

from calico_fuel.resources.base import STATE, Resource, digest

# For root only: a reader of the digest could try passwords.
PATH = STATE + 'deployed-settings'


class DeployedSettings(Resource, namedtuple('DeployedSettings', 'settings')):
    """A deployment with these Settings has finished; kept as their digest."""

    label_format = 'settings of the last finished deployment'
    # The task would only note them as deployed.
    fix = ('Deploy changes: no deployment with these settings has finished on this '
           'node, and cron changes nothing until one does')

    def difference(self, system):
        if system.read_if_exists(PATH) == self._digest():
            return ''
        return "{}: differ from those in Fuel's metadata".format(self.label)

    def change(self, system):
        system.write(PATH, self._digest(), 0o600)

    def _digest(self):
        # As JSON, because a repr differs between Python 2 and 3.
        return digest(json.dumps(self.settings))
