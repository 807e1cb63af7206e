"""Send back what a workload says: a program of the lab, on a workload.

    python echo.py PORT

TCP and UDP on the same port, until it is killed.
"""

import socket
import socketserver
import sys
import threading

# Of ip(7); Python knows the name from 3.12 on.
IP_PKTINFO = 8


class Connection(socketserver.BaseRequestHandler):
    """Sends back what comes on one TCP connection, until the other side ends it."""

    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


class Connections(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def answer_datagrams(one):
    """Send back each datagram, from the address that it was sent to."""
    while True:
        data, addressed_to, _, source = one.recvmsg(100, 100)
        one.sendmsg([data], addressed_to, 0, source)


def main(port):
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    datagrams.bind(('', port))
    threading.Thread(target=answer_datagrams, args=[datagrams], daemon=True).start()
    Connections(('', port), Connection).serve_forever()


if __name__ == '__main__':
    main(int(sys.argv[1]))
