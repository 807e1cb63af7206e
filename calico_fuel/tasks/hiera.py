"""Keep Fuel's own tasks from building Open vSwitch (Fuel 9).

Puppet reads every file of /etc/hiera/plugins.  With ``use_ovs: false`` it neither
installs Open vSwitch nor waits for br-int before it enables nova-compute; each part
of the network scheme that Open vSwitch would be becomes a Linux bridge, as Fuel 9.2
itself does for its check of networks.

The l23network of Fuel 9.0 cannot override a patch between two bridges (Launchpad
1590735): there Open vSwitch is built, and the task ``cleanup`` empties it.
"""

from __future__ import unicode_literals

from calico_fuel import render
from calico_fuel.resources.file import File, NoFile

# Fuel copies its Puppet modules to each node before it applies any.
NETWORK_SCHEME = '/etc/puppet/modules/l23network/lib/puppetx/l23_network_scheme.rb'
OVERRIDES_PATCHES = 'patch-'


def resources(environment, node, system):
    if not environment.is_of_fuel_9:
        return []
    if not environment.settings.cleanup_ovs or not can_override_patches(system):
        return [NoFile(render.HIERA_OVERRIDE)]
    return [File(render.HIERA_OVERRIDE, render.hiera(environment), 0o644)]


def can_override_patches(system):
    return OVERRIDES_PATCHES in (system.read_if_exists(NETWORK_SCHEME) or '')
