"""What a program on a node asks etcd."""

PROGRAM = '''
import sys, urllib.error, urllib.request
method, url, body = sys.argv[1:]
try:
    print(urllib.request.urlopen(urllib.request.Request(
        url, body.encode() or None, method=method), timeout=3).read().decode())
except urllib.error.HTTPError as error:
    print(error.read().decode())
'''


def ask(node, method, url, body='', **options):
    """What etcd says, errors too, to a program on *node*: a Clone or a fabric.Node.

    Raises LabError where there is no answer, but with ``check=False``; *options* are
    those of ``node.run``.
    """
    return node.run('python3', '-c', PROGRAM, method, url, body, **options)
