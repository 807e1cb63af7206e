"""ovs-vsctl with bridges and ports, and what ip shows of the node's interfaces."""

from __future__ import unicode_literals

from tests.unit.fake.system import UnknownCommand, bad, good


class Ovs(object):
    """``bridges`` maps names to lists of ports.

    ``links``, ``addresses`` and ``routes`` are what ``ip -o`` prints.  While it
    ``is_stopped`` nobody answers.
    """

    def __init__(self, system, **bridges):
        self.system = system
        self.bridges = dict((name.replace('_', '-'), list(ports))
                            for name, ports in bridges.items())
        self.is_stopped = False
        self.links = self.addresses = self.routes = ''
        system.programs['ovs-vsctl'] = self.ovs_vsctl
        system.programs['ip'] = self.ip

    def ovs_vsctl(self, argv, text):
        if not argv[1].startswith('--timeout='):
            raise UnknownCommand('waits for ever: ' + ' '.join(argv))
        if self.is_stopped and argv[2:] != ['--version']:
            return bad('ovs-vsctl: unix:/var/run/openvswitch/db.sock: database '
                       'connection failed')
        commands, rest = [[]], argv[2:]
        for word in rest:
            if word == '--':
                commands.append([])
            else:
                commands[-1].append(word)
        if commands[0][0] in ('--version', 'list-br', 'br-exists', 'list-ports'):
            return self._look(*commands[0])
        self.system.about_to_change()
        for command in commands:
            self._change(*command)
        return good()

    def _look(self, verb, bridge=None):
        if verb == '--version':
            return good('ovs-vsctl (Open vSwitch) 2.3.1\n')
        if verb == 'list-br':
            return good(''.join(name + '\n' for name in sorted(self.bridges)))
        if bridge not in self.bridges:
            return bad('', 2) if verb == 'br-exists' else bad('no bridge named that')
        return good('' if verb == 'br-exists' else
                    ''.join(port + '\n' for port in self.bridges[bridge]))

    def _change(self, option, verb, bridge, port=None):
        if (option, verb) == ('--may-exist', 'add-br'):
            self.bridges.setdefault(bridge, [])
        elif (option, verb) == ('--if-exists', 'del-br'):
            self.bridges.pop(bridge, None)
        elif (option, verb) == ('--if-exists', 'del-port'):
            if port in self.bridges[bridge]:
                self.bridges[bridge].remove(port)
        else:
            raise UnknownCommand('{} {}'.format(option, verb))

    def ip(self, argv, text):
        kinds = {'link': self.links, 'addr': self.addresses, 'route': self.routes}
        if argv[1] != '-o' or argv[3:] != ['show'] or argv[2] not in kinds:
            raise UnknownCommand(' '.join(argv))
        return good(kinds[argv[2]])
