"""The texts of the archive, masked and cut to size, and what could not be read."""

from __future__ import unicode_literals

from calico_fuel import roles
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.calico import keys
from calico_fuel.diag import contents, secrets
from calico_fuel.errors import CalicoFuelError, NodeError, SlowError
from calico_fuel.etcd import client
from calico_fuel.openstack.neutron import CREDENTIALS
from calico_fuel.openstack.options import NEUTRON_CONF, NOVA_CONF

# In bytes: of one text, of all, and of a log that is searched for lines.
MOST_OF_ONE, MOST_IN_ALL, MOST_SEARCHED = 2000000, 40000000, 16000000
# Their passwords may stand in logs.
WITH_PASSWORDS = (BIRD_CONF, CREDENTIALS, NEUTRON_CONF, NOVA_CONF)
# dash counts blocks of 512 bytes.  A program cannot fill the disk with its output.
LIMITED = ('sh', '-c', 'ulimit -f {}; exec "$@"'.format(MOST_OF_ONE // 512), 'sh')
OUT_OF_TIME = 'left out: the time is over'
FULL = 'left out: the archive is full'


def secret_values(metadata, environment, system):
    """The secrets in the mapping *metadata* and in files of the node."""
    found = secrets.in_metadata(metadata, environment)
    for path in WITH_PASSWORDS:
        try:
            found |= secrets.in_file(system.read_if_exists(path) or '')
        except CalicoFuelError:
            # Then nothing of it is in the archive, either.
            pass
    return found


def collected(environment, values, system):
    """Pairs of a name and a text, and sentences about what is missing.

    *system* is a Bounded one.  *environment* is None without metadata.
    """
    texts, missing, size = [], [], 0
    for name, read in _all(environment, system):
        if not system.left() or size >= MOST_IN_ALL:
            missing.append('{}: {}'.format(
                name, OUT_OF_TIME if not system.left() else FULL))
            continue
        try:
            text, remark = read()
        except CalicoFuelError as error:
            # Without the fix: the reader cannot make files appear.
            missing.append('{}: {}'.format(name, secrets.masked(
                error.args[0].partition('. ')[0], values)))
            continue
        text = secrets.masked(text, values)
        texts.append((name, text))
        missing += ['{}: {}'.format(name, remark)] * bool(remark)
        size += len(text)
    return texts, missing


def _all(environment, system):
    """Pairs of a name, and a function that gives a text and a remark, or ''."""
    hanging = set()
    # Files first: they cost no time, and the time has a bound.
    for piece in sorted(contents.of_node(environment, system), key=lambda one: (
            one.kind != contents.FILE)):
        yield piece.name, (lambda piece=piece: _read(piece, system, hanging))
    if environment is None:
        return
    if roles.uses_etcd(environment, environment.this_node):
        yield 'etcd/members.txt', lambda: (_members(system), '')
        yield 'etcd/keys.txt', lambda: (_keys(environment.this_node, system), '')


def _read(piece, system, hanging):
    """The text of a Piece, and a remark; no program of *hanging* is asked again."""
    if piece.kind == contents.FILE:
        most = MOST_SEARCHED if piece.only else MOST_OF_ONE
        text = system.tail(piece.what, most)
        # A secret in half a line would not be known.
        is_cut = len(text.encode('utf-8')) >= most
        text = text.partition('\n')[2] if is_cut else text
        return _lines(text, piece.only), 'only its end' * is_cut
    if piece.what[0] in hanging:
        raise NodeError('{} hung before'.format(piece.what[0]))
    try:
        answer = system.run(list(LIMITED + piece.what), accept=None)
    except SlowError:
        hanging.add(piece.what[0])
        raise NodeError('"{}" took too long, and was ended'.format(
            ' '.join(piece.what)))
    is_cut = len(answer.stdout) >= MOST_OF_ONE // 512 * 512 - 1
    text = answer.stdout.rpartition('\n')[0] + '\n' if is_cut else answer.stdout
    if answer.status and not is_cut:
        text += '{}\n(exit status {})\n'.format(answer.stderr.strip(), answer.status)
    return _lines(text, piece.only), 'only its beginning' * is_cut


def _lines(text, only):
    """The lines that hold *only*, the last so many; all of them without it."""
    return text if only is None else ''.join(
        line for line in text.splitlines(True) if only in line)[-MOST_OF_ONE:]


def _members(system):
    found = client.members(system)
    if found is None:
        return 'etcd on this node does not answer\n'
    lines = ['{} {} {} {}\n'.format(
        one.id, one.name, ' '.join(one.peer_urls), ' '.join(one.client_urls))
        for one in found]
    return ''.join(lines + ['{} healthy: {}\n'.format(client.LOCAL, client.health(
        system, client.LOCAL))])


def _keys(node, system):
    """The keys about Calico itself, and those of this host."""
    found = keys.about_itself(system)
    if found is None:
        return 'etcd on this node does not answer\n'
    for directory in keys.of_host(node):
        found.update((entry.key, entry.value or '') for entry in client.entries(
            system, directory, client.SECONDS_TO_ASK) or ())
    return ''.join('{} {}\n'.format(*one) for one in sorted(found.items()))
