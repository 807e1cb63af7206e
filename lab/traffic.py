"""A ping at 20 Hz between two workloads while something happens."""

import re
import signal

from lab import commands, fabric

INTERVAL = 0.05


def lost_packets(run, first, second, event):
    """How many of the packets between two workloads are lost during *event*."""
    if not commands.eventually(lambda: fabric.ping(first, second)):
        raise commands.LabError('{} does not reach {}'.format(first.name, second.name))
    log = run.directory / 'ping.log'
    log.unlink(missing_ok=True)
    ping = run.start(first.inside(
        'ping', '-n', '-q', '-i', INTERVAL, second.address), log)
    event()
    ping.send_signal(signal.SIGINT)
    ping.wait(timeout=10)
    sent, received = re.search(
        r'(\d+) packets transmitted, (\d+) received', log.read_text()).groups()
    return int(sent) - int(received)
