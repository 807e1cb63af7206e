"""Short exchanges of one workload with another: a program of the lab, on a workload.

    python exchanges.py ADDRESS PORT

asks ``echo`` at 20 Hz by a datagram, and at 5 Hz as DNS is asked by TCP: it connects,
asks, reads the answer and closes.  It says "begun" after the first answer to each, and
at SIGTERM what became of them, as JSON.
"""

import json
import signal
import socket
import sys
import threading
import time

DATAGRAMS, CONNECTIONS = 0.05, 0.2
# What has no answer after so many seconds is lost.
LATE = 3


class Datagrams:
    """Numbered questions; ``gap`` is the longest time between two answers, in s."""

    def __init__(self, address):
        self.sent, self.answered, self.gap = 0, set(), 0
        self._latest = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(address)
        self._socket.settimeout(DATAGRAMS)

    def ask(self):
        self.sent += 1
        try:
            self._socket.send(b'%d' % self.sent)
        except OSError:
            # No route, or an ICMP error for one before: it is lost.
            pass

    def receive(self):
        """Take the answers that come within one interval."""
        end = time.monotonic() + DATAGRAMS
        while time.monotonic() < end:
            try:
                self.answered.add(int(self._socket.recv(100)))
            except OSError:
                continue
            now = time.monotonic()
            self.gap = max(self.gap, now - (self._latest or now))
            self._latest = now

    @property
    def lost(self):
        return self.sent - len(self.answered)


class Connections:
    """Connections one after the other; ``gap`` is what the longest took, in s."""

    def __init__(self, address):
        self.address, self.made, self.lost, self.gap = address, 0, 0, 0

    def ask(self):
        begin = time.monotonic()
        try:
            with socket.create_connection(self.address, LATE) as one:
                one.sendall(b'question')
                is_lost = one.recv(100) != b'question'
        except OSError:
            is_lost = True
        self.made += 1
        self.lost += is_lost
        self.gap = max(self.gap, time.monotonic() - begin)


def main(address, port):
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    place = address, port
    datagrams, connections = Datagrams(place), Connections(place)

    def connect():
        while not stop.wait(CONNECTIONS):
            connections.ask()
    connecting = threading.Thread(target=connect)
    connecting.start()
    has_begun = False
    while not stop.is_set():
        datagrams.ask()
        datagrams.receive()
        if not has_begun and datagrams.answered and (
                connections.lost < connections.made):
            has_begun = True
            print('begun', flush=True)
    end = time.monotonic() + LATE
    while datagrams.lost and time.monotonic() < end:
        datagrams.receive()
    connecting.join()
    print(json.dumps({
        'datagrams': datagrams.sent, 'lost': datagrams.lost,
        'connections': connections.made, 'failed': connections.lost,
        'gap': max(datagrams.gap, connections.gap)}))


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
