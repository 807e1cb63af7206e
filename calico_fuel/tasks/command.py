"""The command calico-fuel, which messages say to run, its man page and its completion.

Fuel copies the plugin's scripts to a folder with the plugin's version in its name, and
starts them there. The other files are there too; those here lead to them.
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

# Where man and bash find what leads to the folder.
MAN_PAGE = '/usr/local/share/man/man8/calico-fuel.8'
COMPLETION = '/etc/bash_completion.d/calico-fuel'


def resources():
    return [
        File(COMMAND, (
            '#!/bin/sh\n'
            '# Written by calico-fuel-plugin: its run_task, from any directory.\n'
            'exec {} "$@"\n'.format(PROGRAM)), 0o755),
        File(MAN_PAGE, '.so {}calico-fuel.8\n'.format(FOLDER), 0o644),
        File(COMPLETION, '[ ! -r {0} ] || . {0}\n'.format(
            FOLDER + 'calico-fuel.bash'), 0o644)]
