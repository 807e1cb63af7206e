"""Delay, lose and disorder the packets that a node gets from the management network.

    python bad_network.py DELAY JITTER LOSS RATE

in the node's network namespace, until SIGTERM.  DELAY and JITTER are in ms: a packet
is late by DELAY and a random part of JITTER.  LOSS is in percent, RATE in kbit/s (0:
any).  The kernel gives it packets by the target NFQUEUE, because many kernels have no
netem; its messages are those of linux/netfilter/nfnetlink_queue.h.  It says "bound"
once it is, and at its end how many packets it dropped, as JSON: a list of [source,
destination, protocol, number].
"""

import collections
import heapq
import json
import random
import select
import signal
import socket
import struct
import sys
import time

QUEUE = 1
NETLINK_NETFILTER = 12
PACKET, VERDICT, CONFIG = (3 << 8 | number for number in (0, 1, 2))
REQUEST, ACK = 1, 4
DROP, ACCEPT = 0, 1
PACKET_HEADER, VERDICT_HEADER, PAYLOAD = 1, 2, 10
COMMAND, PARAMETERS, LENGTH = 1, 2, 3
BIND, COPY_PACKET = 1, 2
# As much of a packet as is an IPv4 header.
BYTES = 20
MOST_WAITING = 10000
# A line of RATE drops what would wait for longer.
SECONDS_IN_LINE = 1


class Packet(collections.namedtuple('Packet', 'number size what')):
    """``what`` is (source, destination, protocol)."""


def attribute(kind, data):
    return struct.pack('=HH', 4 + len(data), kind) + data + bytes(-len(data) % 4)


def message(kind, data, flags=REQUEST):
    body = struct.pack('=BB', socket.AF_UNSPEC, 0) + struct.pack('>H', QUEUE) + data
    return struct.pack('=IHHII', 16 + len(body), kind, flags, 0, 0) + body


def attributes(data):
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from('=HH', data)
        found[kind & 0x7fff] = data[4:size]
        data = data[size + -size % 4:]
    return found


def packets(data):
    """The Packets in what the kernel sent."""
    while data:
        size, kind = struct.unpack_from('=IH', data)
        if kind == PACKET:
            found = attributes(data[20:size])
            length, protocol, source, destination = struct.unpack_from(
                '>2xH5xB2x4s4s', found[PAYLOAD])
            yield Packet(
                struct.unpack_from('>I', found[PACKET_HEADER])[0], length,
                (socket.inet_ntoa(source), socket.inet_ntoa(destination), protocol))
        data = data[size + -size % 4:]


def bound():
    """A socket that the kernel sends packets of QUEUE to."""
    queue = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    queue.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    queue.bind((0, 0))
    for data in (attribute(COMMAND, struct.pack('>BxH', BIND, socket.AF_INET)),
                 attribute(PARAMETERS, struct.pack('>IB', BYTES, COPY_PACKET)),
                 attribute(LENGTH, struct.pack('>I', MOST_WAITING))):
        queue.send(message(CONFIG, data, REQUEST | ACK))
        error, = struct.unpack_from('=i', queue.recv(4096), 16)
        if error:
            sys.exit('the kernel refuses a queue: error {}'.format(error))
    return queue


def main(delay, jitter, loss, rate):
    """Returns {what: packets dropped}."""
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    queue, dropped = bound(), collections.Counter()
    print('bound', flush=True)

    def give(number, verdict):
        queue.send(message(VERDICT, attribute(
            VERDICT_HEADER, struct.pack('>II', verdict, number))))
    waiting, line_is_free = [], 0
    while waiting or not stop:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            give(heapq.heappop(waiting)[1], ACCEPT)
        pause = min(0.1, waiting[0][0] - now) if waiting else 0.1
        if not select.select([queue], [], [], pause)[0]:
            continue
        for packet in packets(queue.recv(1 << 17)):
            line_is_free = max(line_is_free, time.monotonic())
            if random.random() * 100 < loss or (
                    line_is_free - time.monotonic() > SECONDS_IN_LINE):
                give(packet.number, DROP)
                dropped[packet.what] += 1
                continue
            line_is_free += packet.size * 8 / rate / 1000 if rate else 0
            heapq.heappush(waiting, (
                line_is_free + (delay + random.uniform(0, jitter)) / 1000,
                packet.number))
    return dropped


if __name__ == '__main__':
    print(json.dumps([[*what, number] for what, number in main(
        *map(float, sys.argv[1:])).items()]))
