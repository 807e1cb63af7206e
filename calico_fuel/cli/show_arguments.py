"""The command lines of what changes nothing."""

from __future__ import unicode_literals

from calico_fuel.cli.subcommand import of_metadata, place, subcommand

# In the order of the help; the command lines of verify and preflight are with tasks.
CHANGE_NOTHING = ('status', 'verify', 'explain', 'diff', 'preflight', 'topology',
                  'render', 'settings', 'diag')
FORMATS = ('table', 'json', 'nagios', 'prometheus')


def add(subcommands):
    _add_node(subcommands)
    _add_environment(subcommands)


def _add_node(subcommands):
    seen = of_metadata(
        subcommands, 'status', 'status.status',
        'Show in a second what this node is like now, worst first.',
        'status', 'status --format nagios')
    seen.add_argument('--format', default='table', choices=FORMATS, help=(
        'default: table; nagios: one line, exit status 0 good, 1 a note, 2 a problem, '
        '3 unknown; prometheus: for the textfile collector of node_exporter'))
    seen.add_argument('--output', metavar='FILE', type=place, help=(
        'write into FILE, at once and for all to read, instead of printing'))

    of_metadata(
        subcommands, 'diff', 'status.diff',
        'Show what all tasks would change, passwords masked; exit status 0 nothing, 1 '
        'something, 2 trouble.', 'diff')

    way = subcommand(
        subcommands, 'explain', 'explain.explain',
        'Follow the packets to an instance, and name the first link that is broken.',
        'explain 10.65.0.31', 'explain 10.65.0.12 to 10.65.0.31 --format json')
    way.set_defaults(metadata=None, nodes=None, refuse=way.error)
    way.add_argument('receiver', metavar='ADDRESS', help=(
        'the IPv4 address of the instance, the ID of its port, or its tap; before '
        '"to": of the sender'))
    way.add_argument('rest', nargs='*', metavar='to ADDRESS', help=(
        'the instance that packets go to'))
    way.add_argument('--format', default='table', choices=('table', 'json'),
                     help='default: table')

    archive = subcommand(
        subcommands, 'diag', 'diag.diag', 'Write an archive about this node for those '
        'who can help, without passwords.', 'diag', 'diag --output /root/node-5.tar.gz')
    archive.set_defaults(metadata=None, nodes=None)
    archive.add_argument('--output', metavar='FILE', help=(
        'the archive, which must not exist; default: '
        '/var/tmp/calico-fuel-diag-NODE-TIME.tar.gz'))


def _add_environment(subcommands):
    render = of_metadata(
        subcommands, 'render', 'show.render',
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
    render.add_argument('--output', metavar='DIR', type=place, help=(
        'write the files under DIR (with --all: DIR/NODE), readable by their '
        'owner only, with passwords'))
    render.add_argument('--file', metavar='NAME', help=(
        'only the file of this name or path, such as bird.conf'))
    render.add_argument('--show-secrets', action='store_true', help=(
        'do not mask passwords on the terminal'))

    topology = of_metadata(
        subcommands, 'topology', 'show.topology',
        'Show the route reflectors, BGP sessions and etcd members.',
        'topology', 'topology astute.yaml --format dot | dot -Tpng > topology.png')
    topology.add_argument('--format', default='table', choices=(
        'table', 'json', 'dot'), help='default: table')

    subcommand(subcommands, 'settings', 'show.settings',
               "List the plugin's settings with their defaults and meaning.")
