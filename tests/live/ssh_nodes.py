"""Nodes behind a real sshd: a name of each, and what its calico-fuel says.

sshd listens on addresses of loopback, in a mount namespace of its own; what a node
says is a file, in place of calico-fuel.
"""

import os
import pathlib
import socket
import subprocess

from lab.machine.programs import eventually

ROOT = pathlib.Path(__file__).parents[2]
SSHD = ROOT / '.cache/sshd/usr/sbin/sshd'
PROGRAMS = ['ssh', 'ssh-keygen', 'unshare', 'setpriv', str(SSHD)]
SECONDS = 10
SSHD_CONFIG = '''\
ListenAddress 127.0.0.2:{port}
ListenAddress 127.0.0.3:{port}
ListenAddress 127.0.0.4:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
'''
SSH_CONFIG = '''\
Host *
Port {port}
IdentityFile {folder}/key
IdentitiesOnly yes
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
'''
# sshd wants a user and a folder of its own. No file of root's home is read. The node's
# answer lies in a file with the address that the client has connected to.
IN_A_NAMESPACE = '''\
sed 's|^root:.*|root:x:0:0:root:/run:/bin/sh|' /etc/passwd >passwd
echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >>passwd
mount --bind passwd /etc/passwd
mount -t tmpfs tmpfs /run
mkdir /run/sshd
mkdir -p sbin
cp calico-fuel sbin/
mount --bind sbin /usr/local/sbin
exec "$@"
'''
CALICO_FUEL = '''\
#!/bin/sh
set -- $SSH_CONNECTION -- "$@"
exec sh {folder}/nodes/$3 "$@"
'''


class SshNodes:
    """``says`` lets the node at 127.0.0.N answer by a shell script."""

    def __init__(self, folder):
        self.folder = folder
        # The kernel gives no such port to a connection, nor another run this one.
        self.port = 20000 + os.getpid() % 10000
        (folder / 'nodes').mkdir()
        self._process = None
        for name, text in (('sshd_config', SSHD_CONFIG), ('ssh_config', SSH_CONFIG),
                           ('calico-fuel', CALICO_FUEL)):
            (folder / name).write_text(text.format(folder=folder, port=self.port))
        (folder / 'calico-fuel').chmod(0o755)
        for name in 'host_key', 'key':
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '',
                            '-f', str(folder / name)], check=True)

    def says(self, number, script):
        (self.folder / 'nodes/127.0.0.{}'.format(number)).write_text(script)

    def start(self):
        self._process = subprocess.Popen(
            ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount-proc', '--pid',
             '--fork', '--kill-child', 'sh', '-euc',
             IN_A_NAMESPACE, 'sh', str(SSHD), '-D', '-e', '-f',
             str(self.folder / 'sshd_config')], cwd=str(self.folder),
            stderr=(self.folder / 'log').open('w'))
        assert eventually(lambda: self._process.poll() is not None or (
            self._listens()), SECONDS) and self._process.poll() is None, (
                self.folder / 'log').read_text()

    def _listens(self):
        try:
            socket.create_connection(('127.0.0.4', self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self._process:
            # With the namespace of its processes all that it has started ends.
            self._process.kill()
            self._process.wait(SECONDS)
