"""argv -> subcommand -> exit status.

0: good.  1: a deliberate error, with a message that names the cure.
2: the command line cannot be understood.
"""

from __future__ import unicode_literals

import argparse
import gc
import sys

from calico_fuel import __version__
from calico_fuel import system
from calico_fuel.cli import apply
from calico_fuel.cli import look
from calico_fuel.cli import output
from calico_fuel.cli import repair
from calico_fuel.errors import CalicoFuelError
from calico_fuel.etcd import backup as etcd_backup
from calico_fuel.tasks import cleanup
from calico_fuel.tasks import compute
from calico_fuel.tasks import cron
from calico_fuel.tasks import etcd
from calico_fuel.tasks import etcd_doors
from calico_fuel.tasks import hiera
from calico_fuel.tasks import hold
from calico_fuel.tasks import networks
from calico_fuel.tasks import neutron_server
from calico_fuel.tasks import packages
from calico_fuel.tasks import preflight
from calico_fuel.tasks import release
from calico_fuel.tasks import route_reflector
from calico_fuel.tasks import verify

DESCRIPTION = '''\
Calico networking for OpenStack environments that Mirantis Fuel deploys.
Reads the metadata that Fuel writes on each node, and derives from it what the
node needs.  Fuel runs the tasks; each can be run by hand too, as often as one
likes: it changes only what differs.
'''

EXAMPLES = '''\
examples:
  on a node:
    calico-fuel preflight                   can the deployment work?
    calico-fuel compute --dry-run           what would this task change here?
    calico-fuel verify                      does it all work?
    calico-fuel backup                      save the keys of etcd
    calico-fuel render --file bird.conf     what BIRD's configuration should be
    calico-fuel topology                    who peers with whom
  anywhere, from a copy of a node's /etc/astute.yaml:
    calico-fuel render astute.yaml --node node-2
    calico-fuel render astute.yaml --all --bird 2 --output configs
    calico-fuel topology astute.yaml --format dot | dot -Tpng > topology.png

exit status: 0 good, 1 an error that the message tells how to mend, 2 usage.
'''

METADATA_HELP = '''\
metadata file; default: the newest of /etc/astute.yaml and the role files that
Fuel 6.1-8.0 writes. hiera/nodes.yaml beside it replaces its list of nodes, if
there is one that is not older. Only render, topology and preflight read that of
another node'''


# In the order in which Fuel runs them: what each does, and its module.
TASKS = (
    ('preflight', preflight, 'Can the deployment work? Tells all problems at '
     'once, changes nothing.'),
    ('hiera', hiera, "Let Fuel's own tasks build no Open vSwitch (Fuel 9)."),
    ('hold', hold, 'Keep the routes of this compute while the deployment makes '
     'its BGP sessions begin anew.'),
    ('packages', packages, "Install the packages, from the plugin's repository."),
    ('etcd-doors', etcd_doors, "Let the node's new neighbors talk to its etcd "
     'member (Fuel 9).'),
    ('etcd', etcd, 'Make this node a member of the etcd cluster, or a proxy.'),
    ('neutron-server', neutron_server, 'Load the Calico mechanism driver into '
     'Neutron, on a controller.'),
    ('route-reflector', route_reflector, 'Make this node a BGP route reflector.'),
    ('compute', compute, 'Make this node a compute that routes.'),
    ('release', release, 'Let go of the routes that "hold" kept and that are no longer '
     'needed.'),
    ('cleanup', cleanup, 'Remove what the traditional set-up left and Calico '
     'does not need.'),
    ('cron', cron, 'Let cron run the tasks of this node again at boot, once an hour, '
     'and when nodes come and go.'),
    ('networks', networks, 'Remove and create Neutron networks as the settings '
     'ask, on the primary controller.'),
    ('verify', verify, 'Does it all work? Tells every failure with its cure, '
     'changes nothing.'),
)
# Those that change nothing.
LOOKS = {'preflight': look.preflight, 'verify': look.verify}


def parser():
    """The command line."""
    top = argparse.ArgumentParser(
        prog='calico-fuel', description=DESCRIPTION, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument('--version', action='version',
                     version='%(prog)s ' + __version__)
    subcommands = top.add_subparsers(metavar='SUBCOMMAND', dest='subcommand')

    render = _subcommand(subcommands, 'render', look.render, (
        'Show the files of a node: BIRD, Felix, etcd. Passwords are masked '
        'on the terminal and real in files.'))
    which = render.add_mutually_exclusive_group()
    which.add_argument('--node', metavar='NODE', help=(
        'uid, name or FQDN of the node; default: the node that the metadata '
        'is of'))
    which.add_argument('--all', action='store_true', help=(
        'every node of the environment with a Calico role'))
    render.add_argument('--bird', type=int, choices=(1, 2), help=(
        'write for BIRD 1.x or 2.x; default: the installed one, else 1'))
    render.add_argument('--output', metavar='DIR', type=_directory, help=(
        'write the files under DIR (with --all: DIR/NODE), readable by their '
        'owner only'))
    render.add_argument('--file', metavar='NAME', help=(
        'only the file of this name or path, such as bird.conf'))
    render.add_argument('--show-secrets', action='store_true', help=(
        'do not mask passwords on the terminal'))

    topology = _subcommand(subcommands, 'topology', look.topology, (
        'Show the route reflectors, BGP sessions and etcd members.'))
    topology.add_argument('--format', default='table', choices=(
        'table', 'json', 'yaml', 'dot'), help='default: table')

    for name, module, text in TASKS:
        task = _subcommand(subcommands, name, LOOKS.get(name, apply.task), text)
        task.set_defaults(task=module)
        if name not in LOOKS:
            _dry_run(task)

    remove = _subcommand(subcommands, 'remove', apply.remove, (
        'Take away what the plugin brought to this node, and put back what was '
        'there before. Tells what it cannot put back.'))
    _dry_run(remove)
    remove.add_argument('--with-etcd-data', action='store_true', help=(
        "also let this node's etcd member leave, and delete its data for good; "
        'without it a member goes on, because others may need it'))

    refresh = subcommands.add_parser('refresh', help=(
        'Run the tasks again that depend on the list of nodes; cron does.'))
    refresh.set_defaults(
        run=apply.refresh, metadata=None, nodes=None, dry_run=False)
    refresh.add_argument('--all', action='store_true', help=(
        'also hold, release, cleanup, and on a node with an etcd member backup'))

    forget = subcommands.add_parser('forget', help=(
        'Leave a compute that was removed out of the list of nodes, until Fuel writes '
        'another: Fuel 6.1 tells nothing to the nodes that stay.'))
    forget.set_defaults(run=repair.forget, metadata=None, nodes=None, dry_run=False)
    forget.add_argument('node', metavar='NODE', help='uid, name or FQDN of the compute')
    forget.add_argument('--force', action='store_true', help=(
        'even if it still shows signs of life'))

    revive = _subcommand(subcommands, 'revive', repair.revive, (
        'Let the etcd cluster go on where so many members lost their data for good '
        'that those that are left are no quorum. Without an option it changes nothing, '
        'and says who does not answer.'))
    _dry_run(revive)
    what_is_left = revive.add_mutually_exclusive_group()
    what_is_left.add_argument('--force', action='store_true', help=(
        'with the data of this node alone: you know that the data of those who do not '
        'answer is gone'))
    what_is_left.add_argument('--empty', action='store_true', help=(
        'with no data, because no member has any more'))

    backup = subcommands.add_parser('backup', help=(
        'Save the keys of etcd on this node, under {}.'.format(etcd_backup.DIRECTORY)))
    backup.set_defaults(run=repair.backup)

    restore = subcommands.add_parser('restore', help=(
        'Write back what etcd lacks and only a backup has, after the loss of all etcd '
        'members.'))
    restore.set_defaults(run=repair.restore)
    restore.add_argument('backup', metavar='FILE', help=(
        'a backup, or "latest": the newest one of the etcd cluster before this one'))
    restore.add_argument('--overwrite', action='store_true', help=(
        'write keys too that have another value in etcd now'))
    restore.add_argument('--dry-run', action='store_true', help=(
        'name the keys that would be written, and write none'))

    settings = subcommands.add_parser(
        'settings', help='List the settings with their defaults and meaning.')
    settings.set_defaults(run=look.settings)
    return top


def _dry_run(subcommand):
    subcommand.add_argument('--dry-run', action='store_true', help=(
        'show what would change, passwords masked, and change nothing'))


def _directory(text):
    if not text:
        raise argparse.ArgumentTypeError('is empty: name a directory')
    return text


def _subcommand(subcommands, name, run, text):
    subcommand = subcommands.add_parser(name, help=text, description=text)
    subcommand.set_defaults(run=run)
    subcommand.add_argument(
        'metadata', nargs='?', metavar='FILE', help=METADATA_HELP)
    subcommand.add_argument('--nodes', metavar='NODES_YAML', help=(
        "a node's /etc/hiera/nodes.yaml, whose list of nodes replaces that "
        'of the metadata file'))
    return subcommand


def main(argv=None):
    top = parser()
    options = top.parse_args(argv)
    if not getattr(options, 'run', None):
        top.error('which subcommand? Try calico-fuel --help')
    # Nothing here lives long, and collecting garbage takes a third of the time
    # that the metadata of a thousand nodes needs to load.
    gc.disable()
    try:
        return options.run(options, system)
    except CalicoFuelError as error:
        for line in error.args[0].split('\n'):
            output.warn(line)
        return 1
    finally:
        gc.enable()


def program():
    """The entry point: like main, with this process's own arguments."""
    output.behave_as_a_program()
    status = main([output.argument(value) for value in sys.argv[1:]])
    output.drop_what_cannot_be_written()
    sys.exit(status)


if __name__ == '__main__':
    program()
