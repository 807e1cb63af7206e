"""An open TCP connection of one workload to another: a program of the lab.

    python stream.py ADDRESS PORT

sends ``echo`` a block 20 times a second and reads it again.  It says "begun" when it is
connected, and at SIGTERM what became of the connection, as JSON.
"""

import json
import signal
import socket
import sys
import time

# After so many seconds without an answer the connection has ended.
SILENCE = 15
BLOCK = bytes(1000)
# Of struct tcp_info in linux/tcp.h: bytes up to tcpi_total_retrans, its last four.
RETRANSMITS = 104


def main(address, port):
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    sent = received = gap = retransmits = 0
    end = ''
    one = socket.create_connection((address, port), SILENCE)
    print('begun', flush=True)
    try:
        while not stop:
            begin = time.monotonic()
            one.sendall(BLOCK)
            sent += len(BLOCK)
            while received < sent:
                data = one.recv(4096)
                if not data:
                    raise EOFError('closed by the other side')
                received += len(data)
            gap = max(gap, time.monotonic() - begin)
            retransmits = int.from_bytes(one.getsockopt(
                socket.IPPROTO_TCP, socket.TCP_INFO, RETRANSMITS)[-4:], sys.byteorder)
            time.sleep(0.05)
    except (OSError, EOFError) as error:
        end = str(error)
    print(json.dumps({'sent': sent, 'received': received, 'gap': gap, 'end': end,
                      'retransmits': retransmits}))


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
