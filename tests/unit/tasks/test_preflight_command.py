"""How the commands end in an environment that cannot work, preflight above all."""

from __future__ import unicode_literals

import pytest

from calico_fuel.__main__ import main
from lab.fuel import fuel_metadata
from tests.unit.fake.preflight_node import THREE, Node


def run(monkeypatch, subcommand, of_nodes=THREE, **settings):
    system = Node(files={
        '/etc/astute.yaml': fuel_metadata.text('6.1', of_nodes, **settings)})
    monkeypatch.setattr('calico_fuel.__main__.system', system)
    return main([subcommand])


def test_a_good_deployment_is_exit_status_0_and_its_last_line(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight') == 0

    shown = capfd.readouterr()
    assert shown.out.startswith('node-1 (primary-controller), environment 7, Fuel 6.1')
    assert shown.out.endswith('preflight: good\n') and shown.err == ''


def test_problems_are_exit_status_1(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight', external_peers='b1 65010 192.0.2.12') == 1

    shown = capfd.readouterr()
    assert '192.0.2.12 of node-2' in shown.err
    assert shown.out.endswith('preflight: 1 problem\n')


def test_every_setting_that_cannot_be_read_is_told(monkeypatch, capfd):
    assert run(monkeypatch, 'preflight', as_number='0', bgp_password='a"b',
               workload_prefixes='x') == 1

    lines = capfd.readouterr().err.strip().split('\n')
    assert len(lines) == 3
    assert all(line.startswith('calico-fuel: /etc/astute.yaml') for line in lines)


@pytest.mark.parametrize('subcommand', ['render', 'topology'])
def test_an_environment_that_cannot_work_is_refused_by_other_commands_too(
        monkeypatch, capfd, subcommand):
    assert run(monkeypatch, subcommand, [['compute']]) == 1

    shown = capfd.readouterr().err
    assert 'there is no route reflector' in shown
    assert 'there is no etcd member' in shown


def test_settings_that_contradict_the_networks_are_not_rendered(monkeypatch, capfd):
    assert run(monkeypatch, 'render', external_peers='b1 65010 192.0.2.12') == 1
    assert '192.0.2.12 of node-2' in capfd.readouterr().err
