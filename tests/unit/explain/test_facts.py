"""What a node knows is read once; a daemon that does not answer is a fact."""

from __future__ import unicode_literals

from calico_fuel.explain import facts
from tests.unit.builders import environment, roles
from tests.unit.fake.explained_node import OTHER, OWN, Node


def read(node, *names, **settings):
    of = environment(roles(2, 2), uid=node.uid, **settings)
    return facts.read(of, of.this_node, node, names)


def test_without_etcd_and_bird_all_that_is_left_is_the_kernel():
    node = Node('3')
    node.has_etcd = False
    node.bird.hangs = '7 T\n'

    seen = read(node, OTHER)

    assert (seen.endpoints, seen.keys, seen.groups) == (None, None, None)
    assert 'kill -CONT 7' in seen.bird.fix and not seen.bird.table
    assert seen.links['br-mgmt'].mtu == 1500 and OWN in seen.routes


def test_only_the_next_hop_of_the_instance_is_pinged():
    node = Node('3')
    node.learns('203.0.113.77', '9')
    pinged, sh = [], node.sh
    node.programs['sh'] = lambda argv, text: pinged.append(argv[5:]) or sh(argv, text)

    assert read(node, OTHER).hops == {'192.0.2.14': 'whole'}
    assert pinged == [['192.0.2.14']]
    assert read(node, '203.0.113.99').hops == {} and len(pinged) == 1


def test_neutron_is_asked_for_the_port_alone_and_not_for_a_minute(monkeypatch):
    node, asked = Node('1'), []
    run = node.run

    def timed(argv, text=None, accept=(0,), timeout=120):
        if argv[0] == 'bash':
            asked.append((argv[4:], timeout))
        return run(argv, text, accept, timeout)
    monkeypatch.setattr(node, 'run', timed)

    assert sorted(row['binding:host_id'] for row in read(
        node, OTHER, OWN).ports.values()) == ['node-3', 'node-4']
    assert asked and all(timeout <= 10 and argv[-1].startswith('--id=')
                         for argv, timeout in asked)


def test_a_compute_does_not_ask_neutron():
    assert read(Node('3'), OTHER).ports is None
