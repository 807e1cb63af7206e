"""A node's tasks run again when its list of nodes changes, and only then."""

from __future__ import unicode_literals

from calico_fuel import watch
from calico_fuel.errors import FileError
from tests.unit.fake.system import OWNER, Entry, FakeSystem, bad, good

PROGRAM = ['run_task']
SECONDS_BETWEEN_LOOKS = 10
# The file, between finding and reading it.
VANISHES = object()


class Node(FakeSystem):
    """``story`` is what the list of nodes is at each look; it runs tasks.

    It is a directory as well, at which nothing is told and all is seen by looking.
    """

    def __init__(self, *story):
        super(Node, self).__init__()
        self.story = list(story)
        self.ran = []
        self.times = []
        self.failing = set()
        self.programs['run_task'] = self.run_task
        self.programs['pgrep'] = lambda argv, text: bad('')

    def run_task(self, argv, text):
        self.ran.append(argv[1])
        self.times.append(self.clock)
        return bad('no quorum') if argv[1] in self.failing else good()

    def runs(self):
        """When each run began, and its tasks."""
        first = [i for i, name in enumerate(self.ran) if name == watch.TASKS[0]
                 and self.ran[i - 1:i] != ['hold'] or name == 'hold']
        return [(self.times[i], tuple(self.ran[i:j]))
                for i, j in zip(first, first[1:] + [None])]

    def read_if_exists(self, path):
        assert path == watch.NODES
        text = self.story.pop(0) if len(self.story) > 1 else self.story[0]
        if text is VANISHES:
            raise FileError(path, 'No such file or directory', 'Name another')
        return text

    def looks(self, seconds):
        end = self.clock + seconds
        while True:
            yield
            if self.clock >= end:
                return
            self.clock += SECONDS_BETWEEN_LOOKS


def test_at_boot_every_task_runs_and_what_the_boot_brought_back_is_removed():
    node = Node('list')

    watch.watch(node, node, PROGRAM, [])

    assert node.ran == list(watch.ALL_TASKS)


def test_a_new_list_runs_the_tasks_once():
    node = Node('old', 'old', 'old', 'new')

    watch.watch(node, node, PROGRAM, 'once')

    ran = node.ran[len(watch.ALL_TASKS):]
    assert ran[:3] == ['route-reflector', 'etcd', 'compute']


def test_some_time_after_a_change_everything_runs_again_and_then_rarely():
    """Nodes that were wiped, dead agents, bridges that Fuel brought back."""
    node = Node('old', 'old', 'old', 'new')

    watch.watch(node, node, PROGRAM, 'new, soon, late, rarely'.split(','))

    runs, tasks, everything = node.runs(), watch.TASKS, watch.ALL_TASKS
    assert [names for _, names in runs] == [
        everything, tasks, tasks, everything, everything]
    new, soon, late, rarely = [when for when, _ in runs[1:]]
    assert 60 <= soon - new < 90
    assert 600 <= late - soon < 630
    assert 3600 <= rarely - late < 3630


def test_while_fuel_deploys_the_node_nothing_of_layer_2_is_removed():
    """It takes the list away first; Puppet waits for agents and bridges of its own."""
    node = Node('list', 'list', 'list', None)

    watch.watch(node, node, PROGRAM, ['away', 'for an hour', 'for two'])

    assert [names for _, names in node.runs()] == [
        watch.ALL_TASKS] + 2 * [watch.TASKS_WHILE_DEPLOYED]


def test_while_puppet_runs_nothing_of_layer_2_is_removed():
    node = Node('list')
    node.programs['pgrep'] = lambda argv, text: good('4711\n')

    watch.watch(node, node, PROGRAM, [])

    assert node.ran == list(watch.TASKS_WHILE_DEPLOYED)
    assert 'compute' in node.ran and 'cleanup' not in node.ran


def test_a_deployment_that_ended_early_breaks_no_session_and_holds_no_route_for_good():
    """Its list may stay away, and any other task may fail."""
    node = Node('list', 'list', 'list', None)
    node.failing.update(['route-reflector', 'etcd', 'compute', 'cleanup'])

    watch.watch(node, node, PROGRAM, ['away', 'for an hour'])

    (_, at_boot), (_, away) = node.runs()[0], node.runs()[-1]
    for names in at_boot, away:
        assert names[0] == 'hold' and 'release' in names[names.index('compute'):]
    assert 'cleanup' in at_boot and 'cleanup' not in away


def test_fuel_runs_the_tasks_first_on_a_node_that_it_has_deployed():
    """The list is back just before that; a run of ours would hold the lock."""
    node = Node('list', 'list', *[None] * 9 + ['new'])

    watch.watch(node, node, PROGRAM, ['away', 'back', 'late'])

    (boot, _), (late, names) = node.runs()
    assert names == watch.ALL_TASKS
    assert 600 <= late - boot < 660


def test_a_node_with_an_etcd_member_saves_its_keys_at_boot_and_now_and_then():
    node = Node('list')
    node.files['/var/lib/etcd/member/wal/0.wal'] = Entry('', OWNER, 0o600)

    watch.watch(node, node, PROGRAM, [1])

    assert node.ran == list(watch.ALL_TASKS + watch.BACKUP) * 2


def test_a_file_that_is_being_written_or_removed_is_waited_for():
    """mcollective truncates, clear_nodes_info unlinks."""
    node = Node('old', None, '', VANISHES, 'ne', 'new')

    assert watch.new_list(node, node, 'old', 600) == 'new'


def test_a_list_that_says_the_same_is_no_news():
    node = Node('same', None, 'same')

    assert watch.new_list(node, node, 'same', 600) == 'same'


def test_a_list_is_new_once_it_has_not_changed_for_a_second():
    node = Node('new')
    begin = node.clock

    assert watch.new_list(node, node, 'old', 600) == 'new'
    assert node.clock - begin == watch.SECONDS_TO_SETTLE == 1


def test_tasks_that_fail_are_tried_again_and_not_forever():
    node = Node('list')
    node.failing.add('etcd')

    watch.run_tasks(node, PROGRAM, ('etcd', 'compute'), 'list')

    assert node.ran == ['etcd', 'compute'] * watch.TRIES


def test_a_list_that_changes_meanwhile_ends_the_tries():
    node = Node('newer')
    node.failing.add('etcd')

    watch.run_tasks(node, PROGRAM, ('etcd',), 'new')

    assert node.ran == ['etcd']
