"""An open TCP connection between two workloads while something happens."""

from collections import namedtuple

from lab.network import flow

# ssh's, which the security groups of the lab let in.
PORT = 22


class Stream(namedtuple('Stream', 'sent received gap end retransmits')):
    """Bytes that one workload sent, and that came back from the other.

    ``gap`` is the longest time that a block took there and back in seconds, ``end``
    what ended the connection, '' for nothing, ``retransmits`` how many segments the
    first workload sent again.
    """

    @property
    def is_whole(self):
        return not self.end and 0 < self.sent == self.received


def during(run, first, second, event):
    """The Stream of one connection from *first* to *second*, open during *event*."""
    return Stream(**flow.during(run, first, second, 'stream', PORT, event))
