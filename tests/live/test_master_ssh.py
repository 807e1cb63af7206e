"""Commands that ask nodes: a real ssh, and a real sshd with each node's answer."""

import json
import os
import subprocess
import sys

import pytest

from tests.live import ssh_nodes
from tests.unit.master.answers import links, status

STATUS = "cat <<'END'\n{}\nEND\n"


@pytest.fixture
def nodes(tmp_path, demand):
    demand(programs=ssh_nodes.PROGRAMS)
    if os.geteuid() != 0:
        pytest.skip('live test needs root')
    nodes = ssh_nodes.SshNodes(tmp_path)
    (tmp_path / 'nodes.txt').write_text(
        ''.join('node-{0} root@127.0.0.{0}\n'.format(number) for number in (2, 3, 4)))
    nodes.start()
    yield nodes
    nodes.stop()


def run(nodes, command, *argv):
    return subprocess.run(
        [sys.executable, '-m', 'calico_fuel_master', command, '--nodes',
         str(nodes.folder / 'nodes.txt'), '--ssh-config',
         str(nodes.folder / 'ssh_config'), '--timeout', '120'] + list(argv),
        cwd=str(ssh_nodes.ROOT), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True, timeout=400)


def test_status_has_each_nodes_answer_or_why_there_is_none(nodes):
    nodes.says(2, STATUS.format(json.dumps(status('node-2'))))
    nodes.says(3, STATUS.format(json.dumps(status('node-3', 'BGP_DOWN'))) + 'exit 1')
    nodes.says(4, 'sleep 600')

    done = run(nodes, 'status', '--timeout', '30')

    assert done.returncode == 1, done
    assert done.stdout.startswith('3 nodes: 1 problem, 1 node without an answer\n')
    assert 'node-4: no answer: did not end within 30 s' in done.stdout
    assert 'node-3: BGP_DOWN: ' in done.stdout


def test_status_names_a_node_that_cannot_be_reached_or_has_no_plugin(nodes):
    (nodes.folder / 'nodes.txt').write_text('node-9 root@127.0.0.9\n')

    done = run(nodes, 'status')

    assert done.returncode == 1
    assert 'node-9: no answer: ssh: connect to host 127.0.0.9' in done.stdout
    assert 'Connection refused' in done.stdout


def test_a_node_without_the_plugin_or_with_an_older_one_is_named(nodes):
    nodes.says(2, 'echo "sh: 1: /usr/local/sbin/calico-fuel: not found" >&2; exit 127')
    nodes.says(3, 'echo "calico-fuel: error: invalid choice: status" >&2; exit 2')
    nodes.says(4, STATUS.format(json.dumps(status('node-4'))))

    done = run(nodes, 'status')

    assert 'node-2: no answer: /usr/local/sbin/calico-fuel is not there' in done.stdout
    assert 'node-3: no answer: its version of the plugin is older' in done.stdout


def test_explain_joins_what_the_nodes_see(nodes):
    nodes.says(2, STATUS.format(json.dumps(links('node-2', seen=['1', '2']))))
    nodes.says(3, STATUS.format(json.dumps(links('node-3', seen=['3']))))
    nodes.says(4, 'exit 1')

    done = run(nodes, 'explain', '203.0.113.2', '203.0.113.3')

    assert done.returncode == 0, done
    assert done.stdout.endswith('good: 3 of 3 links\n')


def test_verify_shows_the_problems_of_each_node(nodes):
    nodes.says(2, 'echo "verify: good"')
    nodes.says(3, 'echo "calico-fuel: BIRD is dead. Start it" >&2; '
                  'echo "verify: 1 problem"; exit 1')
    nodes.says(4, 'echo "verify: good"')

    done = run(nodes, 'verify')

    assert done.returncode == 1, done
    assert 'node-2: verify: good' in done.stdout
    assert 'node-3: calico-fuel: BIRD is dead. Start it' in done.stderr
    assert done.stdout.endswith('verify: 1 of 3 nodes with problems\n')


def test_diag_fetches_an_archive_byte_by_byte_and_leaves_none(nodes, tmp_path):
    archive = tmp_path / 'archive'
    archive.write_bytes(bytes(range(256)) * 1000)
    for number in 2, 3:
        # $@ is the connection, "--", and then the arguments of calico-fuel.
        nodes.says(number, 'shift 5; [ "$1 $2" = "diag --output" ]; '
                           'cp {} "$3"; echo "$3" >{}/where-{}; exit 1'.format(
                               archive, tmp_path, number))
    nodes.says(4, 'echo "calico-fuel: no room in /tmp" >&2; exit 1')

    done = run(nodes, 'diag', '--output', str(tmp_path / 'out'))

    assert done.returncode == 1, done
    assert 'node-4: no archive: ' in done.stderr and 'no room' in done.stderr
    for number in 2, 3:
        fetched = tmp_path / 'out/node-{}.tar.gz'.format(number)
        assert fetched.read_bytes() == archive.read_bytes()
        assert fetched.stat().st_mode & 0o777 == 0o600
        left = (tmp_path / 'where-{}'.format(number)).read_text().strip()
        assert not os.path.exists(os.path.dirname(left))
