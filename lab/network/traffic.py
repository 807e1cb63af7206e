"""A ping at 20 Hz between two workloads while something happens."""

import re
import signal

from lab.machine import programs
from lab.network import fabric

INTERVAL = 0.05
# A packet that is not answered within so many seconds is lost.
LATE = 3
ANSWER = re.compile(r'bytes from .* icmp_seq=(\d+)')
# What ping says when it gets SIGQUIT.
SENT = re.compile(r'\d+/(\d+) packets, ')


def lost_packets(run, first, second, event):
    """How many of the packets between two workloads are lost during *event*.

    One that is under way when *event* ends is waited for.
    """
    if not programs.eventually(lambda: fabric.ping(first, second)):
        raise programs.LabError('{} does not reach {}'.format(first.name, second.name))
    log = run.directory / 'ping.log'
    log.unlink(missing_ok=True)
    ping = run.start(first.inside('ping', '-n', '-i', INTERVAL, second.address), log)

    def answered():
        return set(map(int, ANSWER.findall(log.read_text())))
    programs.eventually(answered)
    event()
    ping.send_signal(signal.SIGQUIT)
    sent = int(programs.eventually(lambda: SENT.search(log.read_text())).group(1))
    numbers = set(range(1, sent + 1))
    programs.eventually(lambda: numbers <= answered(), LATE)
    ping.send_signal(signal.SIGINT)
    ping.wait(timeout=10)
    return len(numbers - answered())
