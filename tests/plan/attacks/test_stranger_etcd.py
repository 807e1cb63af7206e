"""A stranger on the management network who has a compute's address, against etcd."""

import pytest

from tests.plan.attacks import says
from tests.plan.nodes import CONTROLLERS, KEYS, ask_etcd, members

# Prints each request that is served: of clients that write, and of a peer.
ASK = '''
import http.client, socket, ssl, sys
where = sys.argv[1], int(sys.argv[2])
trusting = ssl._create_unverified_context()
for method, path, kind, body in (
        ('PUT', '/v2/keys/stranger', 'application/x-www-form-urlencoded', 'value=here'),
        ('POST', '/v2/members', 'application/json',
         '{"peerURLs": ["http://192.0.2.250:2380"]}'),
        ('GET', '/v2/machines', 'text/plain', None),
        ('GET', '/members', 'text/plain', None)):
    for connect in (lambda: http.client.HTTPConnection(*where, timeout=3),
                    lambda: http.client.HTTPSConnection(
                        *where, timeout=3, context=trusting)):
        try:
            one = connect()
            one.request(method, path, body, {'Content-Type': kind})
            if one.getresponse().status < 300:
                print(method, path)
        except socket.timeout:
            sys.exit()
        except (OSError, http.client.HTTPException):
            pass
'''
PORTS = 2379, 2380, 2389, 2390, 4001, 7001


@pytest.mark.plan('attack S6: a stranger speaks to etcd from the address of a compute')
def test_no_member_serves_a_stranger(lab, impostor, machine):
    """No request is served. etcd has no new key and no new member.

    Steps: Take the place of a compute, with its IP address and its hardware address.
    Send requests of clients and of members to each port of etcd, by HTTP, and by TLS
    without a certificate.
    """
    served = {port: says(impostor, ASK, machine('node-1').address, port)
              for port in PORTS}

    assert served == dict.fromkeys(PORTS, '')
    assert 'here' not in ask_etcd(lab, 'node-1', KEYS, '', 'GET', check=True)
    assert members(lab, 'node-1') == [*CONTROLLERS]
