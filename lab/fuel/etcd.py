"""What a program on a node asks etcd.

No program is started, for tests ask again and again: a thread enters the network of
the node, as root.
"""

import concurrent.futures
import ctypes
import http.client
import os
import urllib.parse

from lab.machine import programs

# Of setns(2); Python knows it from 3.12 on.
CLONE_NEWNET = 0x40000000
HEADERS = {'Content-Type': 'application/x-www-form-urlencoded'}
SECONDS = 3


def ask(node, method, url, body='', check=True):
    """What etcd says, errors too, at a URL of http as a fabric.Node reaches it.

    Where there is no answer in SECONDS: LabError if *check*, else ''.
    """
    # A thread that was in another network is used for nothing else.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(_ask, node.namespace, method, url, body).result()
        except (OSError, http.client.HTTPException) as error:
            if check:
                raise programs.LabError('{}: {} {}: {}'.format(
                    node.name, method, url, error)) from error
            return ''


def _ask(namespace, method, url, body):
    with open('/run/netns/' + namespace) as network:
        if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), namespace)
    at = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(at.netloc, timeout=SECONDS)
    try:
        connection.request(
            method, urllib.parse.urlunsplit(('', '', *at[2:])), body or None, HEADERS)
        return connection.getresponse().read().decode()
    finally:
        connection.close()
