"""What everything else on this machine used while something was measured."""

import math
import os
import resource
import time
from pathlib import Path

TICKS = os.sysconf('SC_CLK_TCK')
IDLE = slice(3, 5)


class Load:
    """A context manager; ``others``: the processors that others kept busy meanwhile.

    ``own``: seconds of CPU of this process and of its children that have ended.  What
    does not end before, such as a daemon, counts as others'.
    """

    def __enter__(self):
        self._begin, self._own, self._all = (
            time.monotonic(), cpu_of_this_process(), cpu_of_machine())
        return self

    def __exit__(self, *exception):
        self.seconds = time.monotonic() - self._begin
        self.own = cpu_of_this_process() - self._own
        self.others = max(0, cpu_of_machine() - self._all - self.own) / self.seconds


def cpu_of_this_process():
    return sum(used.ru_utime + used.ru_stime for used in map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def cpu_of(pid):
    """Seconds that the first thread of a process has used, in nanoseconds' steps."""
    return int(Path('/proc/{}/schedstat'.format(pid)).read_text().split()[0]) / 1e9


def cpu_of_machine():
    """Seconds that all processes have used."""
    fields = list(map(int, Path('/proc/stat').read_text().split('\n')[0].split()[1:9]))
    return (sum(fields) - sum(fields[IDLE])) / TICKS


def exponent(few, cost_of_few, many, cost_of_many):
    """By which a cost grows between two numbers of something: 1 is linear."""
    return math.log(cost_of_many / cost_of_few) / math.log(many / few)
