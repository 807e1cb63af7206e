"""A second run changes nothing, and an interrupted one is finished by the next."""

from __future__ import unicode_literals

import pytest

from calico_fuel.bgp.bird_service import Bird
from calico_fuel.converge import CHANGED, FAILED, NOT_REACHED, UNCHANGED, WOULD_CHANGE
from calico_fuel.converge import converge
from calico_fuel.resources.file import File
from calico_fuel.resources.options import Options
from calico_fuel.resources.service import Service
from tests.unit.fake.bird import Bird as BirdProgram
from tests.unit.fake.killed import at_every_change
from tests.unit.fake.services import Services
from tests.unit.fake.system import FakeSystem, bad

CONF = '/etc/bird/bird.conf'
NOVA = '/etc/nova/nova.conf'


def plan(text='new'):
    conf = File(CONF, text, check=('bird', '-p', '-c'))
    nova = Options(NOVA, [('DEFAULT', 'a', text)])
    return [conf, Bird('bird', (conf,)), nova, Service('nova-compute', (nova,))]


class Node(FakeSystem):
    """A node with BIRD and nova-compute, whose daemons load what the files say."""

    def __init__(self, dies_at=None):
        super(Node, self).__init__({NOVA: '[DEFAULT]\na=old\n'}, dies_at)
        self.bird = BirdProgram(self)
        self.services = Services(self, jobs=['bird', 'nova-compute'],
                                 running=['nova-compute'])
        self.nova_loaded = self.text(NOVA)
        self.programs['service'] = self._service

    def _service(self, argv, text):
        answer = self.services.service(argv, text)
        if argv[2] in ('start', 'restart'):
            if argv[1] == 'bird':
                self.bird.loaded = self.text(CONF)
            else:
                self.nova_loaded = self.text(NOVA)
        return answer

    def state(self):
        return (self.text(CONF), self.text(NOVA), self.bird.loaded, self.nova_loaded)


def states(system, resources, **kwargs):
    return [outcome.state for outcome in converge(resources, system, **kwargs)]


def test_what_differs_is_changed_and_a_second_run_changes_nothing():
    node = Node()

    assert states(node, plan()) == [CHANGED] * 4
    changes, starts = node.changes, list(node.services.starts)
    assert states(node, plan()) == [UNCHANGED] * 4

    assert node.state() == ('new', '[DEFAULT]\na=new\n', 'new', '[DEFAULT]\na=new\n')
    assert (node.changes, node.services.starts) == (changes, starts)
    assert starts == ['bird', 'nova-compute']


def test_a_change_of_bird_is_a_reload_and_of_others_a_restart():
    node = Node()
    states(node, plan())

    assert states(node, plan('newer')) == [CHANGED] * 4

    assert node.bird.reloads == 1 and node.bird.loaded == 'newer'
    assert node.services.starts == ['bird', 'nova-compute', 'nova-compute']


def test_what_fuel_put_back_and_loaded_meanwhile_is_loaded_again():
    """A controller is added: Puppet restores its values and restarts the service."""
    node = Node()
    states(node, plan())
    node.write(NOVA, '[DEFAULT]\na=stock\n')
    node.run(['service', 'nova-compute', 'restart'])

    states(node, plan())

    assert node.nova_loaded == '[DEFAULT]\na=new\n'


def test_a_run_killed_at_any_change_is_finished_by_the_next():
    """Nothing is forgotten between a file and the daemon that has to load it."""
    for whole, node in at_every_change(Node, lambda node: states(node, plan())):
        assert node.state() == whole.state()
        assert states(node, plan()) == [UNCHANGED] * 4


def test_a_dry_run_changes_nothing_and_shows_what_would():
    node = Node()
    before = dict(node.files)

    outcomes = list(converge(plan(), node, dry_run=True))

    assert [o.state for o in outcomes] == [WOULD_CHANGE] * 4
    assert '+new' in outcomes[0].difference
    assert '[DEFAULT] a = new instead of old' in outcomes[2].difference
    assert (node.files, node.changes) == (before, 0)


def test_after_a_failure_nothing_else_is_touched():
    node = Node()

    outcomes = list(converge(plan('nonsense'), node))

    assert [o.state for o in outcomes] == [FAILED] + [NOT_REACHED] * 3
    assert 'refused by its own parser' in outcomes[0].difference
    assert 'a=old' in node.text(NOVA)


def test_a_program_that_fails_is_named_with_what_to_do():
    node = FakeSystem()
    node.programs['sysctl'] = lambda argv, text: bad('read-only')

    class Setting(File):
        def change(self, system):
            system.run(['sysctl', '-w', 'a=1'])
    outcome, = converge([Setting('/etc/x', 'text')], node)

    assert outcome.difference == (
        'sysctl -w a=1: exit status 1: read-only. Fix the reason, and run this again')


def test_what_does_not_stay_changed_is_an_error():
    """Another program changes it back."""
    class Stubborn(File):
        def change(self, system):
            pass

    outcome, = converge([Stubborn('/etc/x', 'text')], FakeSystem())

    assert outcome.state == FAILED
    assert '/etc/x: was changed, and still differs' in outcome.difference


def test_a_service_that_does_not_come_up_is_an_error_and_tried_again_next_time():
    node = Node()
    node.services.running.discard('nova-compute')
    node.services.broken.add('nova-compute')

    first = list(converge(plan(), node))
    node.services.broken.clear()
    second = states(node, plan())

    assert first[-1].state == FAILED
    assert 'service nova-compute: does not run 30 s after' in first[-1].difference
    assert second == [UNCHANGED, UNCHANGED, UNCHANGED, CHANGED]


class Slow(File):
    """A file whose text is there some seconds after the change."""

    def change(self, system):
        self.due[:] = [system.clock + 3]

    def difference(self, system):
        return '' if self.due and system.clock >= self.due[0] else 'differs'


@pytest.mark.parametrize('seconds, state', [(0, FAILED), (5, CHANGED)])
def test_what_becomes_as_wanted_a_while_after_its_change_is_waited_for(seconds, state):
    slow = Slow('/any', '')
    slow.due, slow.seconds_to_settle = [], seconds

    assert states(FakeSystem(), [slow]) == [state]


def test_a_step_of_the_clock_is_no_time_that_a_resource_took():
    node, time = FakeSystem(), [1448000000.0]
    node.now = lambda: time[0]

    class Stepped(File):
        def change(self, system):
            time[0] -= 3600
            system.clock += 2
            super(Stepped, self).change(system)

    outcome, = converge([Stepped('/etc/x', 'text')], node)

    assert (outcome.state, outcome.seconds) == (CHANGED, 2)
