"""What everything else on this machine used while something was measured."""

import resource
import time

from lab.measure.reflector import cpu_of_machine


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
