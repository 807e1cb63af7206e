"""A command on many nodes: each answer, or why there is none."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError, SlowError
from calico_fuel.system.programs import Answer
from calico_fuel_master import nodes, remote
from calico_fuel_master.nodes import Target

TARGETS = nodes.of_text('node-1\nnode-2 root@10.20.0.2', 'f')


class Ssh(object):
    """What ``system.run`` would do of each destination; an exception is raised."""

    def __init__(self, **of):
        self.of, self.argvs = of, []

    def run(self, argv, accept, timeout):
        assert argv[:2] == ['sh', '-c'] and argv[4] == 'ssh' and accept is None
        self.argvs.append(argv)
        found = self.of.get(argv[-2].partition('@')[0].replace('-', '_'))
        if isinstance(found, Exception):
            raise found
        return found or Answer(0, 'said', '')


def test_each_answer_is_that_of_its_node_and_the_order_is_kept():
    ssh = Ssh(node_1=Answer(1, 'bad', 'why'))

    answers = remote.ask(TARGETS, 'command', ssh, 5, 'config')

    assert [(each.target.name, each.status, each.text, each.why) for each in answers
            ] == [('node-1', 1, 'bad', ''), ('node-2', 0, 'said', '')]
    for argv in ssh.argvs:
        assert argv[-4:-2] == ['config', '--'] and argv[-1] == 'command'


@pytest.mark.parametrize('found, why', [
    (SlowError(['ssh'], -9, 5), 'did not end within 5 s'),
    (Answer(127, '', 'sh: 1: exec: ssh: not found'), 'ssh is not installed here'),
    (Answer(-25, 'x', ''), 'said more than 300 MB, or signal 25 ended ssh'),
    (FileError('/tmp', 'is full', 'Make room'), '/tmp: is full. Make room'),
    (Answer(255, '', 'x\nssh: no \x1broute\n'), 'ssh: no \\x1broute'),
    (Answer(255, '', ''), 'ssh failed, and said nothing'),
    (Answer(127, '', 'sh: /usr/local/sbin/calico-fuel: not found'), 'is not there'),
    (Answer(2, '', "argument: invalid choice: 'status'"), 'deploy changes there')])
def test_why_there_is_no_answer(found, why):
    answer, other = remote.ask(TARGETS, 'command', Ssh(node_1=found), 5)

    assert why in answer.why and answer.status is None
    assert other.text == 'said' and other.why == ''


def test_more_nodes_than_are_asked_at_once_are_all_asked():
    targets = [Target('node-{}'.format(number), 'node-{}'.format(number), ())
               for number in range(3 * remote.AT_ONCE + 1)]

    answers = remote.ask(targets, 'command', Ssh(), 5)

    assert [each.target for each in answers] == targets
