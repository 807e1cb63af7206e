"""What tasks want is compared once, and what differs has the code of its kind."""

from __future__ import unicode_literals

from calico_fuel.errors import RejectedError
from calico_fuel.tasks.compared import checks_of, compared
from tests.unit.fake.verify_node import FELIX, FORWARD, Stubborn, Task, node_of


def seen(tasks, change=lambda node: None):
    of, node = node_of('2')
    change(node)
    return [(one.task, one.label, one.code.name, one.is_good)
            for one in compared(of, of.this_node, node, tasks)]


def test_a_resource_of_two_tasks_is_compared_once():
    assert seen([('compute', Task(FELIX, FORWARD)), ('cron', Task(FORWARD))]) == [
        ('compute', 'service calico-felix', 'SERVICE_DOWN', True),
        ('compute', 'sysctl net.ipv4.ip_forward', 'DRIFT', True)]


def test_what_differs_or_cannot_be_compared_is_not_good():
    def ill(node):
        node.kernel['net.ipv4.ip_forward'] = '0'
    tasks = [('compute', Task(FORWARD, Stubborn('net.x', '1', others=()))),
             ('etcd', Task(RejectedError('BIRD is too old. Install 1.6')))]

    assert seen(tasks, ill) == [
        ('compute', 'sysctl net.ipv4.ip_forward', 'DRIFT', False),
        ('compute', 'sysctl net.x', 'NOT_COMPARED', False),
        ('etcd', 'task etcd', 'NOT_COMPARED', False)]


def test_a_task_has_a_row_for_each_service_and_one_for_the_rest():
    of, node = node_of('2')
    tasks = [('compute', Task(FELIX, FORWARD))]

    assert [(one.subject, one.state) for one in checks_of(
        of, of.this_node, node, tasks)] == [
            ('service calico-felix', 'runs'), ('rest of task compute', 'as wanted')]
