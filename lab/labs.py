"""The labs of this checkout that are up, by name."""

import json
import re

from lab import laboratory
from lab.machine import programs, run

NAME = re.compile('[A-Za-z0-9][A-Za-z0-9-]*$')


def demand_new(name):
    """Refuse a *name* that is no name, or that a lab of this checkout has."""
    if not NAME.match(name):
        raise programs.LabError(
            '--name {}: take letters, digits and hyphens, as in lab-2'.format(name))
    there = run.named().get(name)
    if there:
        raise programs.LabError(
            'a lab called {0} is up: {1}. Remove it by make lab ARGS="down {0}", or '
            'give the new one another name by --name'.format(name, _shown(there)))


def chosen(name=None, command='status --name'):
    """The run of the lab called *name*, which is needed only where there are several.

    *command* is how the message about several says to choose.
    """
    runs = run.named()
    if name and name not in runs:
        raise programs.LabError('no lab is called {}; there is {}'.format(
            name, ', '.join(sorted(runs)) or 'none'))
    if not runs:
        raise programs.LabError('no lab is up: make lab ARGS="up"')
    if not name and len(runs) > 1:
        raise programs.LabError(
            'there are {}. Choose one, as in make lab ARGS="{} {}"'.format(
                ' and '.join('{} ({})'.format(*pair) for pair in _all_shown(runs)),
                command, min(runs)))
    return runs[name or min(runs)]


def kept(name=None):
    """The Laboratory that ``chosen`` chooses; its deployment has ended."""
    this_run = chosen(name)
    if not this_run.is_kept:
        raise programs.LabError('{} is not deployed yet: {}. Wait for its "up"'.format(
            this_run.name, _shown(this_run)))
    return laboratory.Laboratory(this_run).load()


def remove(name=None):
    """Remove the lab that ``chosen`` chooses, and say so."""
    this_run = chosen(name, command='down')
    if not this_run.is_kept:
        raise programs.LabError('{} is {}. Interrupt the program that makes it'.format(
            this_run.name, _shown(this_run)))
    removed = this_run.name
    this_run.remove()
    print('{} is removed'.format(removed))


def lines():
    """A line for each lab."""
    return ['{:12} {}'.format(*pair) for pair in _all_shown(run.named())]


def _all_shown(runs):
    return [(name, _shown(runs[name])) for name in sorted(runs)]


def _shown(this_run):
    since = this_run.begin.strftime('%Y-%m-%d %H:%M')
    if not this_run.is_kept:
        return 'being made since {}'.format(since)
    state = json.loads(laboratory.state_file(this_run).read_text())
    number = len(state['members'])
    return 'Fuel {}, {} node{}, since {}'.format(
        state['release'], number, '' if number == 1 else 's', since)
