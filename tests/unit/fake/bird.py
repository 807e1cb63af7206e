"""BIRD and birdc, of 1.6 or 2.0: a daemon that loads /etc/bird/bird.conf."""

from __future__ import unicode_literals

from calico_fuel.errors import CommandError
from tests.unit.fake.system import UnknownCommand, bad, good

CONF = '/etc/bird/bird.conf'


class Bird(object):
    """``loaded`` is the configuration that the daemon runs with, None if stopped.

    The parser refuses a text that holds ``refused``; ``sessions`` is what
    ``show protocols`` lists below its header, ``routes`` what ``show route all`` does.
    ``kills`` counts SIGKILLs; with ``respawns`` init starts it again at once.
    ``is_announced`` is whether the neighbors have its routes, as they have those of
    one that was killed.
    """

    def __init__(self, system, version='1.6.8', refused='nonsense'):
        self.system = system
        self.version = version
        # BIRD looks again only when it loads.
        self.port_is_taken = self.lacks_socket = False
        # Its process as ps shows it, while it answers nobody.
        self.hangs = None
        self.refused = refused
        self.loaded = None
        # After a start it waits for its neighbors.
        self.recovers = False
        self.running_version = version
        self.reloads = 0
        self.sessions = ''
        self.routes = ''
        # Of "show route filtered all" and of "show protocols all".
        self.filtered = self.details = ''
        # Session -> what "show route export" lists.
        self.exports = {}
        self.kills = 0
        self.respawns = False
        self.is_announced = False
        system.programs['bird'] = self.bird
        system.programs['birdc'] = self.birdc
        system.programs['start-stop-daemon'] = self.kill
        system.programs['ps'] = lambda argv, text: good(self.hangs)

    def start(self):
        self.loaded = self.system.text(CONF)
        self.running_version = self.version
        self.is_announced = True
        self.lacks_socket = self.port_is_taken

    def stop(self):
        self.loaded = None
        self.is_announced = False

    def kill(self, argv, text):
        assert argv == ['start-stop-daemon', '--stop', '--oknodo', '--quiet',
                        '--signal', 'KILL', '--exec', '/usr/sbin/bird']
        self.system.about_to_change()
        self.kills += 1
        self.loaded = None
        if self.respawns:
            self.start()
        return good()

    def bird(self, argv, text):
        if argv[1:] == ['--version']:
            return bad('BIRD version {}\n'.format(self.version), 0)
        if argv[1:3] == ['-p', '-c']:
            if self.refused in self.system.text(argv[3]):
                return bad('{}:1:1 syntax error'.format(argv[3]))
            return good()
        raise UnknownCommand(' '.join(argv))

    def birdc(self, argv, text):
        if self.hangs is not None:
            raise CommandError(argv, -9, 'took longer')
        if self.loaded is None:
            return bad('Unable to connect to server control socket')
        if argv[1:] == ['show', 'status']:
            return good('BIRD {}\n{}Daemon is up and running\n'.format(
                self.running_version,
                'Graceful restart recovery in progress\n' * self.recovers))
        if argv[1:] == ['-v', 'configure']:
            self.system.about_to_change()
            if self.refused in self.system.text(CONF):
                # birdc 1.x exits with 0 all the same.
                return good('0001 BIRD {} ready.\n0002-Reading configuration from {}\n'
                            '8002 {}, line 1: syntax error\n'.format(
                                self.version, CONF, CONF))
            self.loaded = self.system.text(CONF)
            self.reloads += 1
            self.lacks_socket = self.port_is_taken
            return good('0001 BIRD {} ready.\n0002-Reading configuration from {}\n'
                        '0003 Reconfigured\n'.format(self.version, CONF))
        if argv[1:] == ['disable', 'all']:
            self.system.about_to_change()
            self.is_announced = False
            return good('bird1: disabled\n')
        if argv[1:] == ['show', 'route', 'all']:
            return good('BIRD {} ready.\n{}'.format(self.version, self.routes))
        if argv[1:4] == ['show', 'route', 'export']:
            return good('BIRD {} ready.\n{}'.format(
                self.version, self.exports.get(argv[4], '')))
        if argv[1:] == ['show', 'route', 'filtered', 'all']:
            return good('BIRD {} ready.\n{}'.format(self.version, self.filtered))
        if argv[1:] == ['show', 'protocols', 'all']:
            return good('BIRD {} ready.\n{}'.format(
                self.version, self.details or self.sessions))
        if argv[1:] == ['show', 'protocols']:
            return good('BIRD {} ready.\nname     proto    table    state  since       '
                        'info\n{}{}'.format(self.version, self.sessions, (
                            'reflector_node_1 BGP master down 12:00:03  Error: No '
                            'listening socket\n') * self.lacks_socket))
        raise UnknownCommand(' '.join(argv))
