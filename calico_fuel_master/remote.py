"""A command on many nodes at once, by ssh: the answer of each, or why there is none."""

from __future__ import unicode_literals

from collections import namedtuple
from multiprocessing import TimeoutError
from multiprocessing.dummy import Pool

from calico_fuel.checks import one_line
from calico_fuel.errors import CalicoFuelError, SlowError
from calico_fuel.tasks.command import COMMAND
from calico_fuel_master.errors import MasterError

AT_ONCE = 32
SSH = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'LogLevel=ERROR',
       '-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3', '-T']
# What one node can say: "ulimit" counts blocks of 512 bytes.  A node that somebody has
# taken over fills no disk here.
MOST_BYTES = 300000000
LIMITED = ['sh', '-c', 'ulimit -f {}; exec "$@"'.format(MOST_BYTES // 512), 'sh']
# What ssh itself, a shell and argparse say.
OF_SSH, NO_PROGRAM, WRONG_USAGE = 255, 127, 2


class Answer(namedtuple('Answer', 'target status text errors why')):
    """What a node said: exit status, standard output and error.

    ``why`` is a sentence if there is no answer, else empty.
    """


def ask(targets, command, system, seconds, config=None):
    """Run the shell *command* on all *targets* -> their Answers, in the same order.

    None takes longer than *seconds*; *config* is a file as ssh_config(5).
    """
    argv = LIMITED + SSH + (['-F', config] if config else [])
    pool = Pool(min(AT_ONCE, len(targets)))
    try:
        waits = pool.map_async(
            lambda target: _ask(target, argv, command, system, seconds), targets, 1)
        # Without a time limit Python 2 would not hear Ctrl-C.
        rounds = -(-len(targets) // AT_ONCE)
        return waits.get(rounds * (seconds + 30))
    except TimeoutError:
        raise MasterError('nodes: not all programs ended within {} s. Run this again '
                          'for some of the nodes (--node)'.format(
                              rounds * (seconds + 30)))
    finally:
        pool.terminate()


def _ask(target, argv, command, system, seconds):
    try:
        done = system.run(argv + ['--', target.address, command], accept=None,
                          timeout=seconds)
    except SlowError:
        return _none(target, 'did not end within {} s'.format(seconds))
    except CalicoFuelError as error:
        return _none(target, error.args[0])
    if done.status == OF_SSH:
        return _none(target, _last(done.stderr) or 'ssh failed, and said nothing')
    if done.status < 0:
        return _none(target, 'said more than {} MB, or signal {} ended ssh'.format(
            MOST_BYTES // 1000000, -done.status))
    if done.status == NO_PROGRAM and 'exec: ssh: not found' in done.stderr:
        return _none(target, 'ssh is not installed here')
    if done.status == NO_PROGRAM and COMMAND in done.stderr:
        return _none(target, '{} is not there: no task of the plugin ran on it'.format(
            COMMAND))
    if done.status == WRONG_USAGE and 'invalid choice' in done.stderr:
        return _none(target, 'its version of the plugin is older and lacks this: '
                             'deploy changes there')
    return Answer(target, done.status, done.stdout, done.stderr, '')


def _none(target, why):
    return Answer(target, None, '', '', one_line(why))


def _last(text):
    lines = text.strip().split('\n')
    return lines[-1].strip()
