"""What runs on the Fuel master or a workstation: nothing here is on a node.

Metadata is read, checked and rendered by ``calico_fuel``; there is no second parser.
A module imports only modules that are listed before it:

errors      what Fuel's API refuses, and other deliberate errors
facts       facts, which become each node's metadata -> Environments
difference  what a deployment would change: nodes, settings, sessions, files
preview     the report of all that before a deployment
nailgun     Fuel's API, by the client that every Fuel master has
plugin_section
            the plugin's settings as Nailgun stores them: shown, checked, changed
nodes       which nodes to ask, and their addresses
remote      a command on many nodes at once, by ssh
reports     what nodes say of themselves -> the environment
picture     the topology as a picture
page        the environment as a web page
explained   the links between instances, each by the node that sees it
command     a command: its options, and what runs it
before      commands before a deployment: preview, settings
now         commands that ask nodes: status, verify, explain, diag
program     all commands, and the program of them: calico-fuel-master
fuel2       the same as subcommands "fuel2 calico ..."
__main__    that program, also run from its folder
"""

import sys

# On a master the nodes get calico_fuel from its folder: it stays as it was installed.
sys.dont_write_bytecode = True
