"""A stranger on the management network who has a compute's address, against BGP."""

import pytest

from tests.plan.attacks import says
from tests.plan.nodes import CONTROLLERS

# RFC 4271, 4.2: version 4, AS 64512, hold time 90 s, a BGP identifier, no option.
OPEN = '''
import socket, struct, sys
try:
    one = socket.create_connection((sys.argv[1], 179), 3)
    one.sendall(b'\\xff' * 16 + struct.pack('!HBBHH4sB', 29, 1, 4, 64512, 90,
                                            socket.inet_aton(sys.argv[2]), 0))
    print(one.recv(4096).hex() or 'closed')
except OSError as error:
    print(error)
'''


@pytest.mark.plan('attack S7: a stranger speaks BGP from the address of a neighbor')
@pytest.mark.parametrize('name', CONTROLLERS)
def test_no_route_reflector_answers_a_stranger(impostor, machine, name):
    """No route reflector answers.

    Steps: Take the place of a compute, with its IP address and its hardware address.
    Send a BGP OPEN with the right AS number to each route reflector.
    """
    assert says(impostor, OPEN, machine(name).address, impostor.address) == 'timed out'
