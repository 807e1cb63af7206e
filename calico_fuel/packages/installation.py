"""One installation by apt, within a bounded time.

It waits for the locks of apt and dpkg, repeats failures that may pass, finishes an
interrupted run, starts no service, and changes no package that it was not asked for.
"""

from __future__ import unicode_literals

import contextlib
import operator

from calico_fuel.errors import AtWorkError, CommandError, NodeError, SlowError
from calico_fuel.packages import apt, lock_file

# For the whole installation, except for a dpkg that still runs: Fuel 9.0 and 9.1 kill
# an attempt of a task after 300 s.
SECONDS = 180
SECONDS_BETWEEN_TRIES = 5
# invoke-rc.d runs this before a package starts, stops or restarts its service.
POLICY = '/usr/sbin/policy-rc.d'
FORBID = '''\
#!/bin/sh
# Written by calico-fuel-plugin while it installs packages, and removed by it:
# no service starts before it is configured.
exit 101
'''
# Felix's chains would be frozen into rules.v4; the plugin edits it as text.
ANSWERS = '''\
iptables-persistent iptables-persistent/autosave_v4 boolean false
iptables-persistent iptables-persistent/autosave_v6 boolean false
'''


def was_cut_short(system):
    """Whether a killed run has left its ban on starting services."""
    return system.read_if_exists(POLICY) == FORBID


def lift_ban(system):
    if was_cut_short(system):
        system.remove(POLICY)


class Installation(object):
    """Changes of a node's packages; the time starts with the object."""

    def __init__(self, system, fuel_release):
        self._system = system
        self._fuel_release = fuel_release
        self._end = system.uptime() + SECONDS

    def finish(self):
        """Configure the packages of an interrupted run, and install what they lack.

        A package without a dependency cannot be configured, and until it is, apt
        installs nothing else.
        """
        try:
            self._try(lambda: self._without_services(apt.finish), apt.LOCKED)
        except SlowError:
            raise
        except CommandError:
            self.install(())

    def update(self):
        """Read the indexes again -> why not all could be read, or ''.

        A source may fail if no package from it is needed.
        """
        try:
            self._try(lambda: apt.update(self._system, self._left()), apt.LOCKED)
        except CommandError as error:
            return error.args[0]
        return ''

    def install(self, wanted):
        """Install pairs of a name and a version, None for the one apt takes.

        Without any, install what the packages on the node lack.  NodeError, before
        any change, if another package would be changed, or one is not as locked.
        """
        specifications = [name if version is None else '{}={}'.format(name, version)
                          for name, version in wanted]
        plan = apt.simulate(self._system, specifications)
        refuse_others(self._system, plan.steps, dict(wanted))
        if 'iptables-persistent' in dict(wanted):
            self._try(lambda: self._system.run(
                ['debconf-set-selections'], ANSWERS), apt.LOCKED)
        self._try(lambda: apt.download(
            self._system, specifications, plan.downgrades, self._left()),
            apt.LOCKED, apt.PASSING)
        lock_file.compare(self._system, self._fuel_release, plan.steps)
        self._try(lambda: self._without_services(
            apt.install, specifications, plan.downgrades), apt.LOCKED)

    def _without_services(self, action, *arguments):
        with _services_held_back(self._system):
            action(self._system, *(arguments + (self._left(),)))

    def _left(self):
        return max(1, self._end - self._system.uptime())

    def _try(self, action, *passing):
        """Repeat *action* until it works.

        A CommandError with one of the texts *passing* is repeated, and becomes a
        NodeError at the end; any other is raised at once.
        """
        def failure():
            try:
                action()
            except CommandError as error:
                if not any(kind.search(error.stderr) for kind in passing):
                    raise
                return error
            return None
        last = self._system.eventually(
            failure, self._left(), SECONDS_BETWEEN_TRIES, until=operator.not_)
        if last:
            raise NodeError(
                'gave up after {} s: {}. If another program has the lock, find it '
                'with "fuser -v /var/lib/dpkg/lock" and let it end; if a source '
                'does not answer, fix it; then run this again'.format(
                    SECONDS, last.args[0]))


def refuse_others(system, steps, wanted):
    """NodeError if a package of others would be removed or change its version.

    Ours are the *wanted* ones, and their dependencies in the plugin's repository.
    """
    changed = [step for step in steps
               if step.verb == 'Inst' and step.old and step.name not in wanted]
    offers = apt.offers(system, [s.name for s in changed]) if changed else {}
    reasons = ['{} would go from {} to {}'.format(step.name, step.old, step.new)
               for step in changed
               if offers[step.name].ours != step.new]
    reasons += ['{} would be removed'.format(step.name)
                for step in steps if step.verb != 'Inst']
    if reasons:
        raise NodeError(
            'nothing is installed, because with {} {}. The plugin changes no '
            'package that is not its own: build the RPM with packages that fit '
            'this release of Fuel, or change those packages by hand, and run this '
            'again'.format(', '.join(sorted(wanted)) or 'what is lacking',
                           ', '.join(reasons)))


@contextlib.contextmanager
def _services_held_back(system):
    """Keep packages from starting their services; a policy-rc.d of others stays.

    Our policy-rc.d exists only while dpkg works: packages that other programs install
    at other times may start their services.  While a dpkg still runs the ban stays, and
    the next run lifts it.
    """
    if system.exists(POLICY) and not was_cut_short(system):
        yield
        return
    system.write(POLICY, FORBID, 0o755)
    is_over = True
    try:
        yield
    except AtWorkError:
        is_over = False
        raise
    finally:
        if is_over:
            system.remove(POLICY)
