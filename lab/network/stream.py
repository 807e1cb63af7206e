"""An open TCP connection between two workloads while something happens."""

import json
import sys
from collections import namedtuple

from lab.machine import programs

# ssh's, which the security groups of the lab let in.
PORT = 22
# After so many seconds without an answer the connection has ended.
SILENCE = 15
# Sends back what one client after the other sends.
SERVER = '''
import socket, sys
listening = socket.create_server(('', int(sys.argv[1])))
while True:
    one = listening.accept()[0]
    while True:
        data = one.recv(4096)
        if not data:
            break
        one.sendall(data)
    one.close()
'''
# 20 times a second it sends a block and reads it again, until SIGTERM.
CLIENT = '''
import json, signal, socket, sys, time
begin, stop, block = time.monotonic(), [], bytes(1000)
signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
sent = received = gap = 0
end = ''
one = socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))
print('connected', flush=True)
try:
    while not stop:
        begin = time.monotonic()
        one.sendall(block)
        sent += len(block)
        while received < sent:
            data = one.recv(4096)
            if not data:
                raise EOFError('closed by the other side')
            received += len(data)
        gap = max(gap, time.monotonic() - begin)
        time.sleep(0.05)
except (OSError, EOFError) as error:
    end = str(error)
print(json.dumps({'sent': sent, 'received': received, 'gap': gap, 'end': end}))
'''


class Stream(namedtuple('Stream', 'sent received gap end')):
    """Bytes that one workload sent, and that came back from the other.

    ``gap`` is the longest time that a block took there and back in seconds, ``end``
    what ended the connection, '' for nothing.
    """

    @property
    def is_whole(self):
        return not self.end and 0 < self.sent == self.received


def during(run, first, second, event):
    """The Stream of one connection from *first* to *second*, open during *event*."""
    run.serve(second, PORT, sys.executable, '-c', SERVER, str(PORT))
    log = run.directory / 'stream.log'
    log.unlink(missing_ok=True)
    client = run.start(first.inside(
        sys.executable, '-c', CLIENT, second.address, PORT, SILENCE), log)
    programs.eventually(
        lambda: 'connected' in log.read_text() or client.poll() is not None)
    if client.poll() is not None:
        raise programs.LabError('{} does not connect to {}: {}'.format(
            first.name, second.name, log.read_text().strip()))
    event()
    client.terminate()
    client.wait(timeout=2 * SILENCE)
    return Stream(**json.loads(log.read_text().splitlines()[-1]))
