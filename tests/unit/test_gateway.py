"""Workloads leave by a gateway of their own, and nothing else does."""

from __future__ import unicode_literals

import re

import pytest

from calico_fuel.converge import CHANGED, FAILED, UNCHANGED, converge
from calico_fuel.errors import SettingsError
from calico_fuel.render import GATEWAY_SCRIPT
from calico_fuel.tasks import gateway
from tests.unit.builders import environment
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.system import FakeSystem, UnknownCommand, bad, good

OTHERS = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n'
SETTINGS = {'workload_prefixes': '10.65.0.0/24 10.66.0.1/32',
            'workload_gateway': '192.0.2.200'}


class Compute(FakeSystem):
    """A kernel with rules, and a shell that runs our script."""

    def __init__(self, dies_at=None, reachable=True):
        super(Compute, self).__init__(dies_at=dies_at)
        self.rules, self.route, self.reachable = {}, '', reachable
        self.programs.update(ip=self.ip, sh=self.sh)

    def ip(self, argv, text):
        words = ' '.join(argv[2:])
        if words == 'rule show':
            return good(OTHERS + ''.join(
                '{}:\t{} lookup {}\n'.format(
                    number, re.sub('^to ', 'from all to ', selector), table)
                for number, (selector, table) in sorted(self.rules.items())))
        if words == 'route show table 202':
            return good(self.route) if self.route else bad('no such table', 2)
        if words.startswith('rule del pref '):
            self.about_to_change()
            del self.rules[int(argv[-1])]
            return good()
        raise UnknownCommand(words)

    def sh(self, argv, text):
        script = self.text(argv[1])
        if not self.reachable:
            return good()
        self.about_to_change()
        self.route = 'default via {} dev br-mgmt \n'.format(
            re.search(r'default via (\S+) table 202', script).group(1))
        for number, selector, table in re.findall(
                r'rule add pref (\d+) (.*) lookup (\S+)', script):
            self.rules.setdefault(int(number), (selector, table))
        return good()


def run(node, **settings):
    return [outcome.state for outcome in converge(
        gateway.resources(environment(**settings), node), node)]


def test_what_goes_to_workloads_and_own_networks_stays_and_the_rest_leaves():
    node = Compute()

    assert run(node, **SETTINGS) == [CHANGED, CHANGED]

    rules = [node.rules[number] for number in sorted(node.rules)]
    assert rules[:2] == [('to 10.65.0.0/24', 'main'), ('to 10.66.0.1', 'main')]
    assert ('to 192.0.2.0/24', 'main') in rules
    assert rules[-2:] == [('from 10.65.0.0/24', '202'), ('from 10.66.0.1', '202')]
    assert node.route.startswith('default via 192.0.2.200 ')
    assert node.files[GATEWAY_SCRIPT].mode == 0o755
    assert set(run(node, **SETTINGS)) == {UNCHANGED}


def test_another_prefix_and_another_gateway_replace_those_before():
    node = Compute()
    run(node, **SETTINGS)

    run(node, workload_prefixes='10.99.0.0/16', workload_gateway='192.0.2.201')

    assert 'from 10.99.0.0/16' in [selector for selector, _ in node.rules.values()]
    assert '10.65' not in '{}'.format(node.rules) and '.201 ' in node.route


def test_without_the_setting_all_of_it_goes_and_nothing_was_touched_before():
    node = Compute()
    assert run(node) == []
    run(node, **SETTINGS)

    assert set(run(node)) == {CHANGED}

    assert node.rules == {} and GATEWAY_SCRIPT not in node.files
    assert run(node) == []


def test_a_gateway_that_no_route_leads_to_is_an_error():
    assert FAILED in run(Compute(reachable=False), **SETTINGS)


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    for whole, system in at_every_change(Compute, lambda node: run(node, **SETTINGS)):
        assert (system.rules, system.route) == (whole.rules, whole.route)


def test_a_gateway_without_prefixes_is_refused():
    with pytest.raises(SettingsError) as error:
        environment(workload_gateway='192.0.2.200')

    assert 'workload_gateway: 192.0.2.200 is set, and workload_prefixes is empty' in (
        error.value.args[0])
