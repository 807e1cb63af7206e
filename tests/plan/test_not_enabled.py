"""An environment without the plugin, on a master that has it.

As Nailgun does, the lab leaves out the tasks of a plugin that is not enabled.
"""

import re

import pytest

from lab.fuel import stock
from lab.machine import programs, standins

# What Fuel's own tasks leave as it is in their packages.
CONFIGURED = 'neutron-common', 'neutron-plugin-ml2', 'nova-common'
PACKAGES = ['dpkg-query', '--show', '--showformat', '${Package}\n']
OURS = re.compile('calico|bird|etcd', re.IGNORECASE)
FILES = ['find', '/etc', '/run', '/usr/local', '/var', '-iname', '*calico*']


@pytest.mark.plan('plugin installed and not enabled: the nodes')
def test_nodes_of_an_environment_without_the_plugin_have_nothing_of_it(make_lab):
    """No node has a file, a package source, a package or a firewall rule of the plugin.
    Neutron and Nova have Fuel's own options.

    Steps: Install the plugin on the master. Deploy a controller and a compute in an
    environment that does not enable it. Look for its traces on both nodes.
    """
    lab = make_lab('primary-controller', 'compute', metadata={'enabled': False})

    assert lab.fuel.ready == set(lab.fuel.members)
    for member in lab.fuel.members.values():
        machine = member.machine
        # A node begins as a clone of this machine.
        for listing in FILES, PACKAGES:
            new = set(machine.run(*listing, check=False).split()).difference(
                programs.run(listing, check=False).split())
            assert not [name for name in new if OURS.search(name)]
        assert machine.run('grep', '-rl', stock.PLUGIN, '/etc/apt', check=False) == ''
        assert machine.read('/etc/iptables/rules.v4') == stock.rules(lab.fuel.release)
        assert 'calico' not in machine.run('iptables-save')
        for package in CONFIGURED:
            for path in (standins.FILES / package).glob('etc/**/*.*'):
                name = '/{}'.format(path.relative_to(standins.FILES / package))
                if machine.result('test', '-e', name).status == 0:
                    assert machine.read(name) == path.read_text(), name
