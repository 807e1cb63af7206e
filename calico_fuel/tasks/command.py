"""The command calico-fuel, which messages say to run.

Fuel copies the plugin's scripts to a folder with the plugin's version in its name, and
starts them there.
"""

from __future__ import unicode_literals

from calico_fuel import __version__
from calico_fuel.fuel.model import PLUGIN_NAME
from calico_fuel.resources.file import File

# X.Y of the version.
FOLDER = '/etc/fuel/plugins/{}-{}/'.format(PLUGIN_NAME, __version__.rpartition('.')[0])
PROGRAM = FOLDER + 'run_task'
# In root's PATH on each release of Ubuntu.
COMMAND = '/usr/local/sbin/calico-fuel'


def resources():
    return [File(COMMAND, (
        '#!/bin/sh\n'
        '# Written by calico-fuel-plugin: its run_task, from any directory.\n'
        'exec {} "$@"\n'.format(PROGRAM)), 0o755)]
