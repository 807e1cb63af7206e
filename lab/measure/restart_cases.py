"""What can happen to the BIRD of a node: the cases of ``lab.measure.restarts``.

An event is a function of the scene.  ``plain`` is what was measured with BIRD's
default timers, without the plugin.
"""

import time
from collections import namedtuple

from lab.machine import programs
from lab.network import bird_network, fabric

COMPUTES = 3
SINGLE = (['primary-controller'],) + COMPUTES * (['compute'],)
PAIR = (['primary-controller'], ['controller']) + COMPUTES * (['compute'],)
RECOVER = '-R'
ADDRESS, MOVED = '203.0.113.61', '203.0.113.62'


class Case(namedtuple(
        'Case', 'title plain event roles settings down edits lacking starts_late')):
    """``down``: nodes whose BIRD never starts; ``lacking``: lines without it."""

    __slots__ = ()

    def __new__(cls, title, plain, event, roles=SINGLE, settings=None, down=(),
                edits=(), lacking=(), starts_late=False):
        return super().__new__(cls, title, plain, event, roles, settings or {},
                               down, edits, lacking, starts_late)


def restart(role, end, *options, away=0):
    """End the BIRD of the first node of *role* by *end*, start it with *options*."""
    def event(scene):
        daemon = scene.birds[getattr(scene, role)[0]]
        getattr(daemon, end)()
        time.sleep(away)
        daemon.start(*options)
    return event


def upgrade(role):
    """From the line of the scene to the other one, as the plugin does it."""
    def event(scene):
        name, line = getattr(scene, role)[0], '2' if scene.line == '1' else '1'
        directory = scene.render(line) / name / 'etc/bird'
        bird_network.edit(directory / 'bird.conf', *bird_network.LOG)
        scene.birds[name].kill()
        scene.birds[name].upgrade(directory, line)
        scene.birds[name].start(RECOVER)
    return event


def restart_all(scene):
    scene.birds[scene.reflectors[0]].birdc('restart', 'all')


def flap(scene, times=10):
    daemon = scene.birds[scene.computes[2]]
    for _ in range(times):
        daemon.kill()
        daemon.start(RECOVER)
        time.sleep(1)


def lose(scene):
    scene.birds[scene.reflectors[0]].kill()


def configure(scene):
    for daemon in scene.birds.values():
        daemon.birdc('configure')


def break_file(scene):
    for name, daemon in scene.birds.items():
        good = daemon.config.read_text()
        daemon.config.write_text(good + 'nonsense;\n')
        daemon.birdc('configure')
        daemon.config.write_text(good)


def add_client(scene):
    grown = scene.render(extra=[['compute']])
    new = sorted(path.name for path in grown.glob('node-*'))[-1]
    scene.network.add(new, grown / new / 'etc/bird')
    scene.birds[new].start(RECOVER)
    _reconfigure(scene, grown, set(scene.birds) - {new})


def add_password(scene):
    _reconfigure(scene, scene.render(bgp_password='new'), scene.birds)


def switch_bfd(value):
    def event(scene):
        _reconfigure(scene, scene.render(bfd=value), scene.birds)
    return event


def _reconfigure(scene, rendered, names):
    for name in names:
        scene.network.reconfigure(name, rendered / name / 'etc/bird/bird.conf')


def stall(seconds):
    """The reflector gets no processor for *seconds*."""
    def event(scene):
        daemon = scene.birds[scene.reflectors[0]]
        daemon.pause()
        time.sleep(seconds)
        daemon.go_on()
    return event


def started(scene):
    """Seconds from the start of the last daemon until all sessions are Established."""
    begin = time.monotonic()
    if not programs.eventually(scene.is_up, 60):
        raise programs.LabError('sessions do not come up')
    return time.monotonic() - begin


def cut(scene):
    """Seconds from a cut cable of a compute until another one has no route to it."""
    scene.network.add_workload('vm-1', scene.computes[0], ADDRESS)
    if not programs.eventually(lambda: scene.sees(ADDRESS)):
        raise programs.LabError('the route is not known before the cut')
    begin = time.monotonic()
    scene.network.fabric.cut(scene.computes[0])
    if not programs.eventually(lambda: not scene.sees(ADDRESS), 60, interval=0.02):
        raise programs.LabError('the route is there 60 s after the cut')
    return time.monotonic() - begin


def move(scene):
    """Seconds until a workload is reached that moves while a reflector is away.

    The others keep what they learned from that reflector; the old compute forwards.
    """
    first, old, new = scene.computes
    source = scene.network.add_workload('vm-1', first, ADDRESS)
    scene.network.add_workload('vm-2', old, MOVED)
    if not programs.eventually(lambda: scene.sees(ADDRESS) and 'via' in scene.nodes[
            first].routes(MOVED)):
        raise programs.LabError('the routes are not known before the move')
    lose(scene)
    scene.nodes[old].configure('route del {}/32'.format(MOVED))
    target = scene.network.add_workload('vm-3', new, MOVED)
    begin = time.monotonic()
    if not programs.eventually(lambda: fabric.ping(source, target), 150):
        raise programs.LabError('is not reached any more')
    return time.monotonic() - begin


BFD = {'bfd': True}
THREE = [('multiplier 5', 'multiplier 3')]
ONE_DOWN = ('node-4',)
LOSSES = (
    Case('`birdc configure`, nothing changed', '0', configure),
    Case('`birdc configure`, a compute added', '0', add_client),
    Case('`birdc configure`, a broken file', '0', break_file),
    Case('`birdc configure` that adds a password on all nodes', '4-5 s', add_password),
    Case('single reflector, crash and start `-R`; upstart; an upgrade by the plugin',
         '0', restart('reflectors', 'kill', RECOVER)),
    Case('same, with a compute that is down', '11-13 s',
         restart('reflectors', 'kill', RECOVER), down=ONE_DOWN),
    Case('single reflector, killed, away for 20 s (a reboot), start `-R`',
         'not measured', restart('reflectors', 'kill', RECOVER, away=20)),
    Case('single reflector, upgrade to the other line of BIRD', 'not measured',
         upgrade('reflectors')),
    Case('single reflector, `birdc graceful restart` + start `-R`', '0',
         restart('reflectors', 'graceful_restart', RECOVER), lacking='1'),
    Case('single reflector, SIGTERM + start `-R` (a SysV script)', '7-13 s',
         restart('reflectors', 'stop', RECOVER)),
    Case('same, with a compute that is down', 'not measured',
         restart('reflectors', 'stop', RECOVER), down=ONE_DOWN),
    Case('single reflector, SIGTERM + start', '4 s', restart('reflectors', 'stop')),
    Case('single reflector, SIGKILL + start', '4-6 s', restart('reflectors', 'kill')),
    Case('single reflector, `birdc restart all`', '4-8 s', restart_all),
    Case('one of two reflectors, crash and start `-R`', '0',
         restart('reflectors', 'kill', RECOVER), roles=PAIR),
    Case('one of two reflectors, SIGTERM + start `-R`', '0',
         restart('reflectors', 'stop', RECOVER), roles=PAIR),
    Case('one of two reflectors, crash, and it stays away', '0', lose, roles=PAIR),
    Case('compute, crash and start `-R`; upstart; an upgrade by the plugin', '0',
         restart('computes', 'kill', RECOVER)),
    Case('compute, upgrade to the other line of BIRD', 'not measured',
         upgrade('computes')),
    Case('compute, `birdc graceful restart` + start `-R`', 'not measured',
         restart('computes', 'graceful_restart', RECOVER), lacking='1'),
    Case('compute, SIGTERM + start `-R` (a SysV script)', '3-4 s',
         restart('computes', 'stop', RECOVER)),
    Case('compute, SIGTERM + start', '3-4 s', restart('computes', 'stop')),
    Case('a third compute crashes every second for 10 s', 'not measured', flap),
    Case('BFD on: single reflector, crash and start `-R`', 'not measured',
         restart('reflectors', 'kill', RECOVER), settings=BFD),
    Case('BFD on: one of two reflectors, crash and start `-R`', 'not measured',
         restart('reflectors', 'kill', RECOVER), roles=PAIR, settings=BFD),
    Case('BFD on: compute, crash and start `-R`', 'not measured',
         restart('computes', 'kill', RECOVER), settings=BFD),
    Case('BFD on: single reflector stalls for 0.6 s', 'not measured', stall(0.6),
         settings=BFD),
    Case('BFD on: single reflector stalls for 1.2 s', 'not measured', stall(1.2),
         settings=BFD),
    Case('BFD is switched on on all nodes', 'not measured', switch_bfd(True)),
    Case('BFD is switched off on all nodes', 'not measured', switch_bfd(False),
         settings=BFD),
)
STARTS = (
    Case('all daemons started, until all sessions are Established', '4-13 s',
         started, starts_late=True),
    Case('one of two reflectors away, a workload moves, until it is reached',
         'not measured', move, roles=PAIR),
)
CUTS = (
    Case('cable of a compute cut, BFD on, until its routes are gone elsewhere',
         'not measured', cut, settings=BFD),
    Case('same, with 3 packets in place of 5', '0.6 s', cut, settings=BFD,
         edits=THREE),
    Case('same, BFD off (the hold time)', 'not measured', cut),
)
