"""Three controllers and four computes, of which each kind comes and goes.

Run for the report only: what it shows, the other cases test in smaller environments.
"""

import pytest

from lab.commands import eventually
from tests.plan.test_beyond import members
from tests.plan.test_plan import deploying, established, peers


@pytest.mark.plan('3 controllers, 4 computes: each kind comes and goes')
def test_nodes_come_and_go_in_a_larger_environment(
        make_lab, lost_packets, record_property):
    """A compute, a controller and a storage node; no workload of the others notices."""
    lab = make_lab('primary-controller', 'controller', 'controller', *['compute'] * 4)
    first, second = lab.add_workload('node-4'), lab.add_workload('node-5')
    lost = {}

    def change(what, event):
        lost[what] = lost_packets(lab, first, second, deploying(lab, event))
    change('compute added', lambda: lab.fuel.add('compute'))
    change('controller added', lambda: lab.fuel.add('controller'))
    change('storage added', lambda: lab.fuel.add('cinder'))
    assert eventually(lambda: len(established(lab, 'node-8')) == 4, 30)
    assert members(lab, 'node-9') == ['node-1', 'node-2', 'node-3', 'node-9']
    change('storage removed', lambda: lab.fuel.remove('node-10'))
    change('controller removed', lambda: lab.fuel.remove('node-2'))
    change('compute removed', lambda: lab.fuel.remove('node-6'))

    assert eventually(lambda: members(lab, 'node-9') == ['node-1', 'node-3', 'node-9'])
    assert 'reflector_node_2' not in peers(lab, 'node-4')
    if lab.fuel.release != '6.1':
        assert eventually(lambda: 'client_node_6' not in peers(lab, 'node-1'), 15)
    record_property('packets lost', ', '.join('{} {}'.format(*p) for p in lost.items()))
    assert set(lost.values()) == {0}
