"""A node that had another version of the plugin, by the real apt."""

import json

import pytest

from calico_fuel import __version__
from lab.machine import programs
from tests.live.apt_node import HERE, MOS_PIN

SOURCE = '/etc/apt/sources.list.d/calico-fuel-plugin-{}.list'
PIN = '/etc/apt/preferences.d/calico-fuel-plugin-{}.pref'
TWICE = 'is configured multiple times'
FUELS_PIN = 'Package: *\nPin: release l=calico-fuel-plugin,v=4.0\nPin-Priority: 1100'
# What the task "packages" does, with the names of packages made for the test.
PROGRAM = '''
import json
from calico_fuel import system
from calico_fuel.converge import converge
from calico_fuel.packages.package import Packages
from calico_fuel.resources.file import File
from calico_fuel.tasks import packages
names = ('cf-tool',)
resources = packages.of_other_versions(system) + [
    File(packages.PREFERENCES, packages.preferences(names), 0o644),
    Packages(names, '6.1')]
print(json.dumps([outcome.state for outcome in converge(resources, system)]))
'''


@pytest.fixture
def node(make_apt_node):
    return make_apt_node()


def converge(node):
    return json.loads(programs.run(node.machine.inside(
        'python3', '-B', '-c', PROGRAM, env={'PYTHONPATH': HERE})))


def test_an_upgrade_leaves_one_source_and_brings_the_new_packages(node):
    """Fuel writes files of a new name beside the old ones, and updates apt."""
    machine = node.machine
    source = machine.read(SOURCE.format(__version__))
    machine.run('rm', SOURCE.format(__version__))
    for version in '4.0.99', __version__:
        machine.write(SOURCE.format(version), source)
        machine.write(PIN.format(version), FUELS_PIN)
    machine.write('/etc/apt/preferences.d/mos.pref', MOS_PIN)
    node.add('cf-tool', '1')
    node.add_elsewhere('cf-tool', '9')
    (node.others / 'Release').write_text('Label: mos\n')
    node.update()
    machine.run('apt-get', '-qq', '-y', 'install', 'cf-tool=1')
    node.add('cf-tool', '2')
    node.update()

    assert TWICE in machine.result('apt-get', 'update').stderr

    assert converge(node) == ['changed'] * 4
    assert converge(node) == ['unchanged'] * 2

    assert node.versions() == {'cf-tool': '2'}
    files = machine.run('ls', '/etc/apt/sources.list.d', '/etc/apt/preferences.d')
    assert '4.0.99' not in files and __version__ in files
    assert TWICE not in machine.result('apt-get', 'update').stderr
