"""Three controllers: nodes of each kind come and go, and all of etcd is lost.

Run for the report only: what it shows, the other cases test in smaller environments.
"""

import pytest

from lab.machine.programs import eventually
from tests.plan.nodes import (
    KEY, ask_etcd, deploying, established, is_whole, members, peers, three_controllers)


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
    assert eventually(lambda: 'reflector_node_2' not in peers(lab, 'node-4'), 15)
    if lab.fuel.release != '6.1':
        assert eventually(lambda: 'client_node_6' not in peers(lab, 'node-1'), 30)
    record_property('packets lost', ', '.join('{} {}'.format(*p) for p in lost.items()))
    assert set(lost.values()) == {0}


@pytest.fixture(scope='class')
def lab(make_lab):
    return three_controllers(make_lab, computes=2)


class TestControllers:
    """What happens to controllers by an operator, and by fire."""

    NAMES = ['node-1', 'node-2', 'node-3']

    @pytest.fixture
    def bear(self, lab, lost_packets, record_property):
        """Let an event happen under a ping; neither packets nor keys may be lost."""
        def bear(event):
            def until_all_is_well():
                event()
                assert eventually(lambda: is_whole(lab), 40)
            first, second = (workload for _, workload in lab.workloads.values())
            lost = lost_packets(lab, first, second, until_all_is_well)
            record_property('packets lost', lost)
            assert 'kept' in ask_etcd(lab, 'node-1', KEY, '', 'GET')
            record_property('data lost', 'none')
            assert lost == 0
        return bear

    @pytest.mark.plan('plugin removed from one of three controllers')
    def test_a_controller_without_the_plugin_leaves_the_rest_as_it_is(self, lab, bear):
        """With its etcd member, which its tasks bring back."""
        def event():
            lab.task('node-3', 'remove --with-etcd-data')
            assert members(lab, 'node-1') == self.NAMES[:2]
            assert eventually(
                lambda: 'reflector_node_3' not in established(lab, 'node-4'))
            for task in 'packages', 'etcd', 'route-reflector', 'neutron-server', 'cron':
                lab.task('node-3', task)
        bear(event)

        assert members(lab, 'node-1') == self.NAMES

    @pytest.mark.plan('all etcd members lost, and a backup restored')
    def test_lost_keys_come_back_from_the_backup(self, lab, bear):
        """Three members without their disks; then the steps of docs/operations.md."""
        lab.task('node-1', 'etcd-backup')

        def event():
            for name in self.NAMES:
                machine = lab.fuel.members[name].machine
                machine.run('service', 'etcd', 'stop')
                machine.run('find', '/var/lib/etcd', '-mindepth', '1', '-delete')
            for name in self.NAMES:
                lab.task(name, 'etcd')
            assert 'kept' not in ask_etcd(lab, 'node-1', KEY, '', 'GET')
            lab.task('node-1', 'etcd-restore latest')
        bear(event)

        assert members(lab, 'node-3') == self.NAMES
