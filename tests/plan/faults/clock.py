"""The wall clock of a run on a node, which libfaketime sets."""

from lab.machine.programs import LabError
from lab.network.bird import PROJECT
from tests.plan.faults import holding, run

FOLDER = PROJECT / '.cache/faketime'
LIBRARY, CLOCK = '/usr/local/lib/libfaketime.so.1', '/run/clock'
# Of the run and what it starts, but for daemons.  No clock that counts seconds jumps.
START = ('LD_PRELOAD={} FAKETIME_TIMESTAMP_FILE={} FAKETIME_NO_CACHE=1 '
         'FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1'.format(LIBRARY, CLOCK))
JUMPS = '''
import itertools, os, time
for offset in itertools.cycle(('+1h', '-1h')):
    with open('{0}.new', 'w') as clock:
        clock.write(offset)
    os.rename('{0}.new', '{0}')
    print('held', flush=True)
    time.sleep(0.4)
'''.format(CLOCK)


def run_with_jumps(machine, task):
    """The Attempt of a task, during which the clock is an hour fast, an hour slow."""
    libraries = list(FOLDER.glob('usr/lib/*/faketime/libfaketime.so.1'))
    if not libraries:
        raise LabError('no libfaketime: run tools/setup faketime')
    machine.copy(libraries[0], LIBRARY)
    with holding(machine, JUMPS):
        attempt = run(machine, task, START)
        seconds = machine.run('env', *START.split(), 'date', '+%s')
    if abs(int(seconds) - int(machine.run('date', '+%s'))) < 3000:
        raise LabError('{}: the clock of programs does not jump'.format(machine.name))
    return attempt
