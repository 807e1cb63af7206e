"""A node that lives stays in the environment, although the list of nodes lacks it."""

from __future__ import unicode_literals

import pytest

from calico_fuel import departed_hosts
from calico_fuel import node_list
from calico_fuel.bgp import bird
from calico_fuel.converge import UNCHANGED, converge
from calico_fuel.errors import NodeError
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.tasks import cleanup, etcd
from lab.fuel import fuel_metadata
from tests.unit import waits
from tests.unit.fake.etcd_environment import Environment, states
from tests.unit.fake.remembering_node import (
    ASTUTE, NODES, ROLES, WHOLE, WITHOUT_3, WITHOUT_4, Network, Node, of)
from tests.unit.fake.system import OWNER, Entry


def test_a_compute_in_error_keeps_its_session_and_its_open_ports():
    node = Node()

    environment = node.complete(WITHOUT_4)

    assert environment == node.complete(WHOLE)._replace(
        kept=environment.kept, warnings=environment.warnings)
    assert [one.name for one in environment.kept] == ['node-4']
    warning, = environment.warnings
    assert warning == (
        '/etc/hiera/nodes.yaml omits node-4, as it omits every node in error. But '
        'node-4 is alive: it is kept as it is. Deploy it again, or remove it from '
        'the environment')


@pytest.mark.parametrize('uid, text, names', [
    ('1', WITHOUT_3, ['node-3']), ('5', WITHOUT_3, ['node-3']),
    ('1', of(1), ['node-2', 'node-3', 'node-4', 'node-5']),
    # It has nothing to do with the other compute.
    ('5', WITHOUT_4, []), ('1', WHOLE, [])])
def test_every_node_keeps_its_neighbors(uid, text, names):
    assert Node(uid).kept(text) == names


def test_a_controller_in_error_stays_a_member_and_nothing_changes():
    """It would be removed, join again by its own older list, and be removed again."""
    world = Environment('123')
    world.run_all()
    system = world.nodes['1']
    node = Node()
    for path in node_list.PATH, bird.BIRD_CONF:
        system.files[path] = node.files[path]
    Network(system, [], ['192.0.2.13'])
    sources = fuel_metadata.text('6.1', ROLES), ASTUTE, of(1, 2), NODES

    environment = node_list.complete(
        system, parse_environment(*sources), sources, True)

    assert [one.name for one in environment.kept] == ['node-3']
    member = [one for one in etcd.resources(environment, environment.this_node, system)
              if one.label == 'etcd member node-1']
    assert states(converge(member, system)) == [UNCHANGED]
    assert world.members() == ['node-1', 'node-2', 'node-3']


def test_while_the_bird_of_this_node_hangs_nobody_is_judged():
    """The run ends, and says what lets BIRD go on."""
    node = Node()
    before, node.network.bird.hangs = dict(node.files), ' 4711 T'

    with pytest.raises(NodeError) as error:
        node.complete(WITHOUT_4)

    assert 'Run kill -CONT 4711, then this again' in error.value.args[0]
    assert node.files == before


def test_a_node_that_was_wiped_is_gone_at_once():
    """Its session is Established until the hold time is over."""
    node = Node()
    node.network.answering.remove('192.0.2.14')
    begin = node.clock

    assert node.kept(WITHOUT_4) == []
    assert node.clock - begin < 1


def test_a_node_that_is_about_to_be_wiped_is_gone_a_minute_later():
    node = Node()
    assert node.kept(WITHOUT_4) == ['node-4']

    node.clock += 5
    node.network.answering.remove('192.0.2.14')
    node.network.lose('client_node_4')
    node.clock += 55

    assert node.kept(WITHOUT_4) == []


def test_a_node_that_speaks_no_bgp_does_not_live():
    node = Node()
    node.network.lose('client_node_4')

    assert node.kept(WITHOUT_4) == []


def test_a_session_that_was_restarted_just_now_is_waited_for():
    node = Node()
    before = node.network.bird.sessions
    node.network.lose('client_node_4')
    ping = node.programs['ping']
    begin = node.clock

    def restarted(argv, text):
        if node.clock - begin > 10:
            node.network.bird.sessions = before
        return node.network.bird.birdc(argv, text)
    node.programs.update(ping=ping, birdc=restarted)

    assert node.kept(WITHOUT_4) == ['node-4']
    assert node.clock - begin < 15


def test_a_slow_judgement_takes_no_longer_than_the_tasks_reckon_with():
    """Each who is silent costs 1.4 s, and the daemon of this node is busy."""
    node = Node()
    node.network.lose('client_node_4')
    ping, birdc = node.programs['ping'], node.programs['birdc']

    def slow(program, seconds):
        def run(argv, text):
            node.clock += seconds
            return program(argv, text)
        return run
    silence = departed_hosts.seconds_of_silence(departed_hosts.ECHO_REQUESTS)
    node.programs.update(ping=slow(ping, silence), birdc=slow(birdc, 2))
    begin = node.clock

    assert node.kept(WITHOUT_4) == []

    assert node.clock - begin < waits.TO_CHECK


def test_after_the_last_judgement_a_reboot_changes_nothing_until_the_next_list():
    node = Node()
    node.complete(WITHOUT_4)
    node.clock += 60
    node.complete(WITHOUT_4)
    node.network.answering.clear()
    node.network.bird.sessions = ''
    node.network.pings = 0

    assert node.kept(WITHOUT_4) == ['node-4']
    assert node.network.pings == 0
    assert node.kept(of(1, 2, 3)) == []


def test_while_the_own_bird_does_not_run_nobody_is_given_up_for_good():
    node = Node()
    node.network.bird.loaded = None
    node.complete(WITHOUT_4)
    node.clock += 60

    assert node.kept(WITHOUT_4) == ['node-4']

    node.network.bird.loaded = ''
    node.network.lose('client_node_4')
    assert node.kept(WITHOUT_4) == []


def test_a_node_that_has_another_place_now_is_not_there_twice():
    """Provisioned anew under its uid, or its address is another one's."""
    node = Node()

    assert node.kept(WITHOUT_4.replace('node-5', 'node-4')) == []
    assert Node().kept(WITHOUT_4.replace('"192.0.2.15"', '"192.0.2.14"')) == []
    assert Node().kept(WHOLE.replace('"192.0.2.14"', '"192.0.2.99"')) == []


def test_many_that_are_gone_do_not_lengthen_the_run():
    node = Node()
    node.network.answering.clear()
    many = dict((uid, ['compute']) for uid in range(6, 60))
    many.update(ROLES)
    node.complete(fuel_metadata.nodes_text(many))
    node.files[bird.BIRD_CONF] = Entry(''.join(
        'protocol bgp client_node_{} {{\n'.format(uid) for uid in many), OWNER, 0o640)

    node.complete(of(1))

    assert node.network.pings == departed_hosts.MOST_PINGED


def test_what_neutron_and_etcd_know_of_others_stays_meanwhile():
    """The list may lack one that is off as well."""
    environment = Node().complete(WITHOUT_4)

    assert cleanup.departed(environment, environment.this_node) == []
    whole = Node().complete(WHOLE)
    assert cleanup.departed(whole, whole.this_node) != []


def test_metadata_that_is_newer_than_the_list_takes_no_living_node_away():
    """On 6.1 and 7.0 an editor made it so: what it says of the nodes may be old."""
    node = Node()
    text = fuel_metadata.text('7.0', dict(
        (uid, of_node) for uid, of_node in ROLES.items() if uid != 4))
    sources = text, ASTUTE, text, ASTUTE

    environment = node_list.complete(node, parse_environment(*sources), sources, True)

    assert [one.name for one in environment.kept] == ['node-4']
    assert [one.uid for one in environment.nodes] == list('12345')
