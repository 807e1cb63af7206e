"""The cases of ``lab.measure.restarts``, in the order of its tables."""

import dataclasses
from collections.abc import Callable

from lab.measure.events import (
    RECOVER, add_client, add_password, break_file, configure, cut, flap, lose, move,
    restart, restart_all, stall, started, switch_bfd, upgrade)

COMPUTES = 3
SINGLE = (['primary-controller'],) + COMPUTES * (['compute'],)
PAIR = (['primary-controller'], ['controller']) + COMPUTES * (['compute'],)


@dataclasses.dataclass(frozen=True)
class Case:
    """An event, and what it lost with BIRD's default timers, without the plugin.

    ``down``: nodes whose BIRD never starts; ``lacking``: lines without it.
    """

    title: str
    event: Callable
    plain: str = 'not measured'
    roles: tuple = SINGLE
    settings: dict = dataclasses.field(default_factory=dict)
    down: tuple = ()
    edits: tuple = ()
    lacking: str = ''
    starts_late: bool = False


BFD = {'bfd': True}
ONE_DOWN = ('node-4',)
LOSSES = (
    Case('`birdc configure`, nothing changed', configure, '0'),
    Case('`birdc configure`, a compute added', add_client, '0'),
    Case('`birdc configure`, a broken file', break_file, '0'),
    Case('`birdc configure` that adds a password on all nodes', add_password, '4-5 s',
         settings={'bgp_password': 'none'}),
    Case('single reflector, crash and start `-R`; upstart; an upgrade by the plugin',
         restart('reflectors', 'kill', RECOVER), '0'),
    Case('same, with a compute that is down',
         restart('reflectors', 'kill', RECOVER), '11-13 s', down=ONE_DOWN),
    Case('single reflector, killed, away for 20 s (a reboot), start `-R`',
         restart('reflectors', 'kill', RECOVER, away=20)),
    Case('single reflector, upgrade to the other major version', upgrade('reflectors')),
    Case('single reflector, `birdc graceful restart` + start `-R`',
         restart('reflectors', 'graceful_restart', RECOVER), '0', lacking='1'),
    Case('single reflector, SIGTERM + start `-R` (a SysV script)',
         restart('reflectors', 'stop', RECOVER), '7-13 s'),
    Case('same, with a compute that is down',
         restart('reflectors', 'stop', RECOVER), down=ONE_DOWN),
    Case('single reflector, SIGTERM + start', restart('reflectors', 'stop'), '4 s'),
    Case('single reflector, SIGKILL + start', restart('reflectors', 'kill'), '4-6 s'),
    Case('single reflector, `birdc restart all`', restart_all, '4-8 s'),
    Case('one of two reflectors, crash and start `-R`',
         restart('reflectors', 'kill', RECOVER), '0', PAIR),
    Case('one of two reflectors, SIGTERM + start `-R`',
         restart('reflectors', 'stop', RECOVER), '0', PAIR),
    Case('one of two reflectors, crash, and it stays away', lose, '0', PAIR),
    Case('compute, crash and start `-R`; upstart; an upgrade by the plugin',
         restart('computes', 'kill', RECOVER), '0'),
    Case('compute, upgrade to the other major version', upgrade('computes')),
    Case('compute, `birdc graceful restart` + start `-R`',
         restart('computes', 'graceful_restart', RECOVER), lacking='1'),
    Case('compute, SIGTERM + start `-R` (a SysV script)',
         restart('computes', 'stop', RECOVER), '3-4 s'),
    Case('compute, SIGTERM + start', restart('computes', 'stop'), '3-4 s'),
    Case('a third compute crashes every second for 10 s', flap),
    Case('BFD on: single reflector, crash and start `-R`',
         restart('reflectors', 'kill', RECOVER), settings=BFD),
    Case('BFD on: one of two reflectors, crash and start `-R`',
         restart('reflectors', 'kill', RECOVER), roles=PAIR, settings=BFD),
    Case('BFD on: compute, crash and start `-R`',
         restart('computes', 'kill', RECOVER), settings=BFD),
    Case('BFD on: single reflector stalls for 0.6 s', stall(0.6), settings=BFD),
    Case('BFD on: single reflector stalls for 1.2 s', stall(1.2), settings=BFD),
    Case('BFD is switched on on all nodes', switch_bfd(True)),
    Case('BFD is switched off on all nodes', switch_bfd(False), settings=BFD),
)
STARTS = (
    Case('all daemons started, until all sessions are Established', started, '4-13 s',
         starts_late=True),
    Case('one of two reflectors away, an instance moves, until it is reached', move,
         roles=PAIR),
)
CUTS = (
    Case('cable of a compute cut, BFD on, until its routes are gone elsewhere', cut,
         settings=BFD),
    Case('same, with 3 packets in place of 5', cut, '0.6 s', settings=BFD,
         edits=(('multiplier 5', 'multiplier 3'),)),
    Case('same, BFD off (the hold time)', cut),
)
