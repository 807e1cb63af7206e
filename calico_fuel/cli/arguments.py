"""The command line: its subcommands in three groups; options of tasks and repairs."""

from __future__ import unicode_literals

import textwrap

from calico_fuel import __version__
from calico_fuel.cli import show_arguments
from calico_fuel.cli.show_arguments import CHANGE_NOTHING
from calico_fuel.cli.subcommand import dry_run, of_metadata, program, subcommand
from calico_fuel.cli.task_list import TASKS

DESCRIPTION = '''\
Calico networking for OpenStack environments that Mirantis Fuel deploys.
calico-fuel reads the metadata that Fuel writes on each node, derives the wanted
state of the node from it, and changes what differs. A second run changes nothing.
'''

CHECKS = 'preflight', 'verify'
# Of etcd/backup, which only a few commands import.
BACKUPS = '/var/lib/calico-fuel/etcd-backups'
REPAIR = ('etcd-recover', 'etcd-backup', 'etcd-restore', 'forget-node', 'remove')
GROUPS = (
    ('check, show (change nothing)', CHANGE_NOTHING),
    ('repair', REPAIR),
    ('tasks that Fuel and cron run; each can be run by hand', tuple(
        name for name, _ in TASKS if name not in CHANGE_NOTHING) + ('refresh',)),
)

EXIT_STATUS = '''\
exit status: 0 good, 1 an error whose message gives the fix, 2 wrong usage;
"diff" and "status --format nagios" have their own.
"calico-fuel SUBCOMMAND --help" shows options and an example.
'''


def parser():
    """The parser of the command line; options.run names the function of a command."""
    top = program('calico-fuel', 'calico-fuel SUBCOMMAND [OPTION...]', DESCRIPTION)
    top.add_argument('--version', action='version',
                     version='%(prog)s ' + __version__)
    subcommands = top.add_subparsers(
        prog='calico-fuel', metavar='SUBCOMMAND', dest='subcommand',
        help='one of those below')
    show_arguments.add(subcommands)
    _add_tasks(subcommands)
    _add_repair(subcommands)
    top.epilog = '\n'.join(
        ['{}:\n{}\n'.format(title, '\n'.join(
            _row(name, subcommands.choices[name].description) for name in names))
         for title, names in GROUPS] + [EXIT_STATUS])
    return top


def _row(name, text):
    return textwrap.fill(
        text, 80, initial_indent='  {:16} '.format(name), subsequent_indent=' ' * 19,
        break_on_hyphens=False)


def _add_tasks(subcommands):
    for name, text in TASKS:
        if name in CHECKS:
            of_metadata(subcommands, name, 'show.' + name, text, name)
        else:
            dry_run(of_metadata(
                subcommands, name, 'apply.task', text, name + ' --dry-run'))

    again = subcommand(
        subcommands, 'refresh', 'refresh.refresh',
        'Run again the tasks that depend on the list of nodes.', 'refresh --all')
    again.set_defaults(metadata=None, nodes=None)
    again.add_argument('--all', action='store_true', help=(
        'also hold-routes, release-routes and cleanup'))


def _add_repair(subcommands):
    recover = of_metadata(
        subcommands, 'etcd-recover', 'repair.recover',
        'Rebuild an etcd cluster that lost its quorum for good; without an option only '
        'say which members do not answer.',
        'etcd-recover', 'etcd-recover --from-this-node')
    dry_run(recover)
    source = recover.add_mutually_exclusive_group()
    source.add_argument('--from-this-node', action='store_true', help=(
        "continue with this node's data alone; only if the data of the members that do "
        'not answer is lost'))
    source.add_argument('--new-cluster', action='store_true', help=(
        'start an empty etcd cluster; only if no member has data any more'))

    subcommand(
        subcommands, 'etcd-backup', 'repair.backup',
        "Save etcd's keys in a file in {}.".format(BACKUPS))

    restore = subcommand(
        subcommands, 'etcd-restore', 'repair.restore',
        'After all members lost their data, write those keys of a backup that are not '
        'in etcd.', 'etcd-restore {}/20151120T061320Z.json --dry-run'.format(BACKUPS))
    restore.add_argument('backup', metavar='FILE', help='a file of etcd-backup')
    restore.add_argument('--dry-run', action='store_true', help=(
        'name the keys that would be written, and write none'))

    forget = subcommand(
        subcommands, 'forget-node', 'repair.forget',
        'Ignore a node until Fuel writes another list of nodes: end its BGP session, '
        'close its ports and remove its etcd member.',
        'forget-node node-7', 'forget-node node-7 --force')
    forget.set_defaults(metadata=None, nodes=None, dry_run=False)
    forget.add_argument('node', metavar='NODE', help='its uid, name or FQDN')
    forget.add_argument('--force', action='store_true', help=(
        'even if the list of nodes has it'))

    remove = of_metadata(
        subcommands, 'remove', 'repair.remove',
        'Remove the plugin from this node and restore the files that it changed.',
        'remove --dry-run', 'remove --with-etcd-data')
    dry_run(remove)
    remove.add_argument('--with-etcd-data', action='store_true', help=(
        "also remove this node's member from the etcd cluster and delete its data; "
        'without it the member keeps running, because others may need it'))
