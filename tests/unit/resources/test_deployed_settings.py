"""The settings of a deployment are kept as a digest, which only root can read."""

from __future__ import unicode_literals

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.resources.deployed_settings import PATH, DeployedSettings
from calico_fuel.tasks import compared
from tests.unit.builders import changed, environment
from tests.unit.fake.bird import Bird
from tests.unit.fake.system import FakeSystem


def run(system, **settings):
    outcome, = converge(
        [DeployedSettings(environment(**settings).settings)], system)
    return outcome


def test_nothing_of_a_password_is_shown_when_the_settings_change():
    system = FakeSystem()
    assert [run(system).state for _ in range(2)] == [CHANGED, UNCHANGED]

    changed = run(system, bgp_password='s3cret')

    assert (changed.state, changed.difference) == (
        CHANGED, 'settings of the last finished deployment: differ from those in '
        "Fuel's metadata")
    assert system.files[PATH].mode == 0o600


def test_cron_does_not_begin_with_a_derived_password_on_its_own():
    """For the settings of the last deployment, without it, are others."""
    system = FakeSystem()
    without = parse_environment(changed(drop=['cinder']))
    DeployedSettings(without.settings).change(system)

    assert DeployedSettings(environment().settings).difference(system)


def test_verify_asks_for_a_deployment_and_not_for_the_note_of_one():
    node = FakeSystem()
    Bird(node)

    check, = compared.checks_of(environment(), environment().this_node, node, [
        ('cron', Cron())])

    assert check.fix.startswith('Deploy changes: ')


class Cron(object):
    def resources(self, environment, node, system):
        return [DeployedSettings(environment.settings)]


def test_both_pythons_keep_the_same_settings():
    """Else the first run by another one would take them for others."""
    system = FakeSystem()
    run(system, bgp_password='s3cret', workload_prefixes='203.0.113.0/24',
        external_peers='border 65010 192.0.2.200 word', calico_network_name='net',
        calico_network_cidr='203.0.113.0/24')

    assert system.text(PATH) == (
        '1baf9c019679eb20f473d0228195ea6b'
        'a4f4600ada2c8df97400ed719d7cf348')
