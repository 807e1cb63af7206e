"""What workloads notice while something happens.

Between two of them there are a ping at 20 Hz, an open TCP connection, datagrams at
20 Hz, and connections that end after one answer, as DNS makes them.
"""

import re
import signal
from collections import namedtuple

from lab.machine import programs
from lab.network import fabric, flow, stream

INTERVAL = 0.05
# A packet that is not answered within so many seconds is lost.
LATE = 3
ANSWER = re.compile(r'bytes from .* icmp_seq=(\d+)')
# What ping says when it gets SIGQUIT.
SENT = re.compile(r'\d+/(\d+) packets, ')
# Of datagrams and short connections: the port of DNS.
PORT = 53


class Traffic(namedtuple(
        'Traffic', 'packets datagrams connections resets retransmits gap')):
    """Lost packets of the ping, datagrams and short connections; ``resets``, the open
    connections that ended or lost a byte; ``retransmits`` of segments on them; ``gap``,
    the longest time without an answer in seconds.
    """

    @property
    def lost(self):
        """How much was lost of all kinds; what was only late or sent again was not."""
        return self.packets + self.datagrams + self.connections + self.resets

    def __str__(self):
        return ('{0.packets} packets, {0.datagrams} datagrams and {0.connections} '
                'connections lost, {0.resets} resets, {0.retransmits} retransmits, '
                'longest gap {1:.0f} ms'.format(self, self.gap * 1000))


NOTHING = Traffic(0, 0, 0, 0, 0, 0)


def during(run, pairs, event):
    """The Traffic of all *pairs* of workloads, as one, during *event*.

    LabError if the first of a pair does not reach the second.
    """
    if not pairs:
        event()
        return NOTHING
    (first, second), others, inner = pairs[0], pairs[1:], []

    def of_others():
        inner.append(during(run, others, event))

    def open_connection():
        inner.append(stream.during(run, first, second, of_others))

    def exchanges():
        inner.append(flow.during(
            run, first, second, 'exchanges', PORT, open_connection))
    packets = lost_packets(run, first, second, exchanges)
    rest, one, short = inner
    return Traffic(
        packets + rest.packets, short['lost'] + rest.datagrams,
        short['failed'] + rest.connections, (not one.is_whole) + rest.resets,
        one.retransmits + rest.retransmits, max(one.gap, short['gap'], rest.gap))


def lost_packets(run, first, second, event):
    """How many packets of a ping between two workloads are lost during *event*.

    One that is under way when *event* ends is waited for.
    """
    if not programs.eventually(lambda: fabric.ping(first, second)):
        raise programs.LabError('{} does not reach {}'.format(first.name, second.name))
    log = flow.log_of(run, first, second, 'ping')
    log.unlink(missing_ok=True)

    def answered():
        return set(map(int, ANSWER.findall(log.read_text())))
    with flow.ended(run.start(first.inside(
            'ping', '-n', '-i', INTERVAL, second.address), log)) as ping:
        programs.eventually(answered)
        event()
        ping.send_signal(signal.SIGQUIT)
        sent = int(programs.eventually(lambda: SENT.search(log.read_text())).group(1))
        numbers = set(range(1, sent + 1))
        programs.eventually(lambda: numbers <= answered(), LATE)
        ping.send_signal(signal.SIGINT)
        ping.wait(timeout=10)
    return len(numbers - answered())
