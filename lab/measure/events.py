"""What happens to the BIRD of a node: each event is a function of a restarts.Scene."""

import time

from lab.machine import programs
from lab.network import bird_network

RECOVER = '-R'
ADDRESS, MOVED = '203.0.113.61', '203.0.113.62'


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
    if not programs.eventually(scene.is_up, 60, 0.05):
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
    if not programs.eventually(lambda: programs.succeeds(source.inside(
            'ping', '-n', '-c', 1, '-W', 1, target.address)), 150, 0.05):
        raise programs.LabError('is not reached any more')
    return time.monotonic() - begin
