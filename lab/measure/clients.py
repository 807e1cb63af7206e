"""Many clients of one route reflector as one process, which speaks BGP (RFC 4271).

    python -m lab.measure.clients REFLECTOR FIRST NUMBER ROUTES [PASSWORD]

Client n has the address FIRST + n, which the namespace has, and so many ROUTES to
instances.  It listens, offers the capabilities that the reflector offers, announces its
routes and notes those that it learns.  The process says when all are Established and
when each has the routes of all others, each time: ``established 12.345``, ``complete``
alike, by CLOCK_MONOTONIC.

A BIRD for each client would say the same, but hundreds on one machine take ten times
the processor that their reflector takes, and are what is measured then.
"""

import ipaddress
import selectors
import socket
import struct
import sys
import time

PORT = 179
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = 1, 2, 3, 4, 5
MARKER = 16 * b'\xff'
HEADER = 19
# Seconds: of what is said, and between KEEPALIVEs at most.
RESOLUTION, LONGEST = 0.02, 10
TCP_MD5SIG = 14
FIRST_ROUTE = int(ipaddress.ip_address('10.0.0.0'))
ROUTE = struct.Struct('!BI')
# ORIGIN IGP, an empty AS_PATH, LOCAL_PREF 100; then NEXT_HOP.
ATTRIBUTES = bytes.fromhex('40010100' '400200' '40050400000064' '400304')


class Client:
    """The session of the client with the address *packed*, which has *routes*."""

    def __init__(self, packed, routes):
        self.packed, self.routes = packed, routes
        self.connection = None
        self.forget()

    def forget(self):
        """As before the session."""
        self.rest, self.is_established, self.hold_time = b'', False, 0
        self.learned, self.received, self.has_all = bytearray(), 0, False

    def send(self, kind, body=b''):
        self.connection.sendall(
            MARKER + struct.pack('!HB', HEADER + len(body), kind) + body)

    def read(self, total):
        """Take what the reflector has sent; False at the end of the session."""
        try:
            data = self.connection.recv(1 << 18)
        except ConnectionError:
            return False
        if not data:
            return False
        data, begin = self.rest + data, 0
        while len(data) - begin >= HEADER:
            length, kind = struct.unpack_from('!HB', data, begin + len(MARKER))
            if len(data) - begin < length:
                break
            self.take(kind, data[begin + HEADER:begin + length], total)
            begin += length
        self.rest = data[begin:]
        return True

    def take(self, kind, body, total):
        if kind == UPDATE:
            self.update(body, total)
        elif kind == OPEN:
            self.hold_time = struct.unpack_from('!H', body, 3)[0]
            self.send(OPEN, body[:5] + self.packed + body[9:])
            self.send(KEEPALIVE)
        elif kind == KEEPALIVE and not self.is_established:
            self.is_established, self.learned = True, bytearray(total)
            self.announce()
        elif kind == ROUTE_REFRESH:
            self.announce()
        elif kind == NOTIFICATION:
            print('NOTIFICATION', body.hex(), flush=True)

    def announce(self):
        attributes = ATTRIBUTES + self.packed
        routes = b''.join(ROUTE.pack(32, FIRST_ROUTE + n) for n in self.routes)
        self.send(UPDATE, struct.pack('!HH', 0, len(attributes)) + attributes + routes)
        # End-of-RIB (RFC 4724).
        self.send(UPDATE, bytes(4))

    def update(self, body, total):
        begin = 2 + struct.unpack_from('!H', body)[0]
        for _, address in ROUTE.iter_unpack(body[2:begin]):
            self.learned[address - FIRST_ROUTE] = 0
        begin += 2 + struct.unpack_from('!H', body, begin)[0]
        for _, address in ROUTE.iter_unpack(body[begin:]):
            self.learned[address - FIRST_ROUTE] = 1
        self.received += (len(body) - begin) // ROUTE.size
        wanted = total - len(self.routes)
        # A route may come twice, so what is received is a bound, and not the answer.
        self.has_all = self.received >= wanted and sum(self.learned) == wanted


STATES = {'established': lambda client: client.is_established,
          'complete': lambda client: client.has_all}


def main(reflector, first, number, routes, password=''):
    number, routes, first = int(number), int(routes), ipaddress.ip_address(first)
    clients = {str(first + n): Client(
        (first + n).packed, range(n * routes, (n + 1) * routes)) for n in range(number)}
    poll = selectors.DefaultSelector()
    listening = listening_socket(reflector, password)
    poll.register(listening, selectors.EVENT_READ)
    print('listening', flush=True)
    said, next_check, next_keepalives = set(), 0, 0
    while True:
        for key, _ in poll.select(RESOLUTION):
            if key.fileobj is listening:
                connection = listening.accept()[0]
                client = clients[connection.getsockname()[0]]
                if client.connection:
                    poll.unregister(client.connection)
                    client.connection.close()
                client.connection = connection
                client.forget()
                poll.register(connection, selectors.EVENT_READ, client)
            elif not key.data.read(number * routes):
                poll.unregister(key.fileobj)
                key.fileobj.close()
                key.data.connection = None
                key.data.forget()
        if time.monotonic() >= next_check:
            for word in tell(said, clients.values()):
                print(word, time.monotonic(), flush=True)
            next_check = time.monotonic() + RESOLUTION
        if time.monotonic() >= next_keepalives:
            next_keepalives = time.monotonic() + send_keepalives(clients.values())


def tell(said, clients):
    """What is true of all *clients* now and was not before; *said* is what is true."""
    true = {word for word, is_so in STATES.items() if all(map(is_so, clients))}
    new = sorted(true - said, reverse=True)
    said.clear()
    said.update(true)
    return new


def send_keepalives(clients):
    """Send one in each session; the seconds until the next are due."""
    up = [client for client in clients if client.is_established]
    for client in up:
        client.send(KEEPALIVE)
    return min([LONGEST] + [client.hold_time / 3 for client in up if client.hold_time])


def listening_socket(reflector, password):
    """With the key of TCP MD5 (RFC 2385) for connections of the reflector, if any."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if password:
        listening.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG, struct.pack(
            '=HH4s120xBBHI80s', socket.AF_INET, 0, socket.inet_aton(reflector),
            0, 0, len(password), 0, password.encode()))
    listening.bind(('', PORT))
    listening.listen(4096)
    return listening


if __name__ == '__main__':
    main(*sys.argv[1:])
