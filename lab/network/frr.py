"""Debian's FRR in the namespace of a node: zebra and bgpd, with one configuration."""

import json

from lab.machine import programs
from lab.network.bird import PROJECT

FOLDER = PROJECT / '.cache/frr'
ZEBRA, BGPD = [FOLDER / 'usr/lib/frr' / name for name in ('zebra', 'bgpd')]
# They are linked with a library that Debian keeps in a folder of FRR's.
LIBRARIES = ':'.join(map(str, FOLDER.glob('usr/lib/*/frr')))
# FRR insists on this group.  "ip netns exec" gives a mount namespace of its own.
AS_ROOT = ('mount --bind "$0" /etc/group && export LD_LIBRARY_PATH={} && '
           'exec "$@"'.format(LIBRARIES))


class Frr:
    """FRR on *node*, with the text of *configuration*."""

    def __init__(self, run, node, configuration):
        self.node, self._run = node, run
        self.directory = run.directory / (node.name + '-frr')
        self.directory.mkdir()
        self._file('frr.conf').write_text(configuration)
        # Its shell is to ask no PAM.
        self._file('vtysh.conf').write_text('username root nopassword\n')
        with open('/etc/group') as group:
            self._file('group').write_text(group.read() + 'frrvty:x:65531:root\n')

    def _file(self, name):
        return self.directory / name

    def start(self):
        socket = self._file('zserv.api')
        for program, configuration in (
                (ZEBRA, '/dev/null'), (BGPD, self._file('frr.conf'))):
            self._run.start(self._inside(
                program, '-u', 'root', '-g', 'root', '-f', configuration, '-z', socket,
                '--vty_socket', self.directory, '-i',
                self._file(program.name + '.pid'), '--log', 'stdout'),
                self._file(program.name + '.log'))
            if not programs.eventually(self._file(program.name + '.vty').exists):
                raise programs.LabError('{} does not start: {}'.format(
                    program.name, self._file(program.name + '.log').read_text()))

    def _inside(self, *argv):
        return self.node.inside('sh', '-c', AS_ROOT, self._file('group'), *argv)

    def vtysh(self, *commands):
        """What FRR's shell answers; empty when it does not."""
        return programs.run(self._inside(
            FOLDER / 'usr/bin/vtysh', '--config_dir', self.directory, '--vty_socket',
            self.directory, *(part for one in commands for part in ('-c', one))),
            check=False)

    def established(self):
        """The addresses of the neighbors with an Established session."""
        answer = self.vtysh('show bgp ipv4 unicast summary json')
        peers = json.loads(answer or '{}').get('peers', {})
        return sorted(address for address, peer in peers.items()
                      if peer['state'] == 'Established')

    def routes(self):
        """{prefix: (AS path, next hop)} of the best routes that it learned."""
        answer = json.loads(self.vtysh('show bgp ipv4 unicast json') or '{}')
        return {prefix: (path['path'], path['nexthops'][0]['ip'])
                for prefix, paths in answer.get('routes', {}).items()
                for path in paths if path.get('bestpath')}
