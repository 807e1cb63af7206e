"""The command line: its subcommands in three groups, their options and examples."""

from __future__ import unicode_literals

import argparse
import textwrap

from calico_fuel import __version__
from calico_fuel.cli import apply, explain, look, refresh, repair
from calico_fuel.cli.task_list import TASKS
from calico_fuel.etcd import backup as etcd_backup

DESCRIPTION = '''\
Calico networking for OpenStack environments that Mirantis Fuel deploys.
calico-fuel reads the metadata that Fuel writes on each node, derives the wanted
state of the node from it, and changes what differs. A second run changes nothing.
'''

METADATA_HELP = '''\
metadata file; default: the newest of /etc/astute.yaml and the role files that
Fuel 6.1-8.0 writes. The list in hiera/nodes.yaml beside it is used instead of its
own, unless it is older. Only render, topology and preflight accept the file of
another node'''

CHECKS = {'preflight': look.preflight, 'verify': look.verify}
LOOK = ('verify', 'explain', 'preflight', 'topology', 'render', 'settings')
REPAIR = ('etcd-recover', 'etcd-backup', 'etcd-restore', 'forget-node', 'remove')
GROUPS = (
    ('check, show (change nothing)', LOOK),
    ('repair', REPAIR),
    ('tasks that Fuel and cron run; each can be run by hand', tuple(
        name for name, _, _ in TASKS if name not in LOOK) + ('refresh',)),
)

EXIT_STATUS = '''\
exit status: 0 good, 1 an error whose message gives the fix, 2 wrong usage.
"calico-fuel SUBCOMMAND --help" shows options and an example.
'''


def parser():
    """The parser of the command line; options.run is the function of a subcommand."""
    top = argparse.ArgumentParser(
        prog='calico-fuel', usage='calico-fuel SUBCOMMAND [OPTION...]',
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument('--version', action='version',
                     version='%(prog)s ' + __version__)
    subcommands = top.add_subparsers(
        prog='calico-fuel', metavar='SUBCOMMAND', dest='subcommand',
        help='one of those below')
    _add_look(subcommands)
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


def _add_look(subcommands):
    render = _of_metadata(
        subcommands, 'render', look.render,
        'Show the configuration files of a node for BIRD, Felix and etcd.',
        'render --file bird.conf', 'render astute.yaml --node node-2',
        'render astute.yaml --all --bird 2 --output configs')
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
        'owner only, with passwords'))
    render.add_argument('--file', metavar='NAME', help=(
        'only the file of this name or path, such as bird.conf'))
    render.add_argument('--show-secrets', action='store_true', help=(
        'do not mask passwords on the terminal'))

    topology = _of_metadata(
        subcommands, 'topology', look.topology,
        'Show the route reflectors, BGP sessions and etcd members.',
        'topology', 'topology astute.yaml --format dot | dot -Tpng > topology.png')
    topology.add_argument('--format', default='table', choices=(
        'table', 'json', 'dot'), help='default: table')

    explain.add(_subcommand(
        subcommands, 'explain', explain.explain,
        'Follow the packets to an instance, and name the first link that is broken.',
        'explain 10.65.0.31', 'explain 10.65.0.12 to 10.65.0.31 --format json'))

    _subcommand(subcommands, 'settings', look.settings,
                "List the plugin's settings with their defaults and meaning.")


def _add_tasks(subcommands):
    for name, _, text in TASKS:
        if name in CHECKS:
            _of_metadata(subcommands, name, CHECKS[name], text, name)
        else:
            _dry_run(_of_metadata(
                subcommands, name, apply.task, text, name + ' --dry-run'))

    again = _subcommand(
        subcommands, 'refresh', refresh.refresh,
        'Run again the tasks that depend on the list of nodes.', 'refresh --all')
    again.set_defaults(metadata=None, nodes=None)
    again.add_argument('--all', action='store_true', help=(
        'also hold-routes, release-routes and cleanup'))


def _add_repair(subcommands):
    recover = _of_metadata(
        subcommands, 'etcd-recover', repair.recover,
        'Rebuild an etcd cluster that lost its quorum for good; without an option only '
        'say which members do not answer.',
        'etcd-recover', 'etcd-recover --from-this-node')
    _dry_run(recover)
    source = recover.add_mutually_exclusive_group()
    source.add_argument('--from-this-node', action='store_true', help=(
        "continue with this node's data alone; only if the data of the members that do "
        'not answer is lost'))
    source.add_argument('--new-cluster', action='store_true', help=(
        'start an empty etcd cluster; only if no member has data any more'))

    _subcommand(
        subcommands, 'etcd-backup', repair.backup,
        "Save etcd's keys in a file in {}.".format(etcd_backup.DIRECTORY))

    restore = _subcommand(
        subcommands, 'etcd-restore', repair.restore,
        'After all members lost their data, write those keys of a backup that are not '
        'in etcd.', 'etcd-restore {}/20151120T061320Z.json --dry-run'.format(
            etcd_backup.DIRECTORY))
    restore.add_argument('backup', metavar='FILE', help='a file of etcd-backup')
    restore.add_argument('--dry-run', action='store_true', help=(
        'name the keys that would be written, and write none'))

    forget = _subcommand(
        subcommands, 'forget-node', repair.forget,
        'Ignore a node until Fuel writes another list of nodes: end its BGP session, '
        'close its ports and remove its etcd member.',
        'forget-node node-7', 'forget-node node-7 --force')
    forget.set_defaults(metadata=None, nodes=None, dry_run=False)
    forget.add_argument('node', metavar='NODE', help='its uid, name or FQDN')
    forget.add_argument('--force', action='store_true', help=(
        'even if the list of nodes has it'))

    remove = _of_metadata(
        subcommands, 'remove', apply.remove,
        'Remove the plugin from this node and restore the files that it changed.',
        'remove --dry-run', 'remove --with-etcd-data')
    _dry_run(remove)
    remove.add_argument('--with-etcd-data', action='store_true', help=(
        "also remove this node's member from the etcd cluster and delete its data; "
        'without it the member keeps running, because others may need it'))


def _dry_run(subcommand):
    subcommand.add_argument('--dry-run', action='store_true', help=(
        'show what would change, passwords masked, and change nothing'))


def _directory(text):
    if not text:
        raise argparse.ArgumentTypeError('is empty: name a directory')
    return text


def _subcommand(subcommands, name, run, text, *examples):
    """A parser for *name*; *examples* are command lines without the program."""
    subcommand = subcommands.add_parser(
        name, description=textwrap.fill(text, 80, break_on_hyphens=False),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='example{}:\n{}'.format('s' * (len(examples) > 1), '\n'.join(
            '  calico-fuel ' + example for example in examples)) if examples else None)
    subcommand.set_defaults(run=run)
    return subcommand


def _of_metadata(subcommands, name, run, text, *examples):
    """One that reads the metadata of a node."""
    subcommand = _subcommand(subcommands, name, run, text, *examples)
    subcommand.add_argument(
        'metadata', nargs='?', metavar='FILE', help=METADATA_HELP)
    subcommand.add_argument('--nodes', metavar='NODES_YAML', help=(
        "a node's /etc/hiera/nodes.yaml, whose list of nodes replaces that "
        'of the metadata file'))
    return subcommand
