"""Commands that ask nodes by ssh: status, verify, explain, diag."""

from __future__ import unicode_literals

import base64
import posixpath
import re

from calico_fuel import system
from calico_fuel.checks import counted, one_line
from calico_fuel.cli import output
from calico_fuel.tasks.command import COMMAND
from calico_fuel_master import explained, nodes, page, remote, reports
from calico_fuel_master.command import Command, add_environment
from calico_fuel_master.errors import MasterError
from calico_fuel_master.nailgun import Nailgun

# An address, the ID of a port or a tap: nothing that a shell would take for more.
END = re.compile(r'[A-Za-z0-9][A-Za-z0-9.:-]{0,63}\Z')
# verify waits for sessions, and diag reads logs.
SECONDS = {'status': 30, 'explain': 60, 'verify': 300, 'diag': 300}
MOST_BYTES = 200000000
# One login for the archive: on standard output as text, and then it is gone.
FETCH = ('d=$(mktemp -d) || exit; ' + COMMAND + ' diag --output "$d/diag.tar.gz" >&2; '
         's=$?; head -c {} "$d/diag.tar.gz" 2>/dev/null | base64; rm -rf "$d"; exit $s')


def _options(name):
    def add(parser):
        add_environment(parser)
        parser.add_argument('--nodes', metavar='FILE', help=(
            'lines NAME [ADDRESS] of nodes, ADDRESS as ssh takes it; then no API is '
            'needed'))
        parser.add_argument('--node', metavar='NODE', action='append', help=(
            'ask this node only; can be given again'))
        parser.add_argument('--timeout', metavar='SECONDS', type=int,
                            default=SECONDS[name], help=(
                                'the longest time for a node; default: {}'.format(
                                    SECONDS[name])))
        parser.add_argument('--ssh-config', metavar='FILE', help=(
            'a file as ssh_config(5), for ssh -F'))
        return parser
    return add


def _targets(options):
    if bool(options.env) == bool(options.nodes):
        raise MasterError('name either an environment (--env) or a file of nodes '
                          '(--nodes)')
    if options.nodes:
        found = nodes.of_text(system.read(options.nodes), options.nodes)
    else:
        found = nodes.of_mappings(Nailgun(options.env).nodes(), options.env)
    return nodes.chosen(found, options.node)


def _ask(options, command):
    if options.timeout < 1:
        raise MasterError('--timeout {}: write a number of seconds from 1'.format(
            options.timeout))
    # Programs are started in "/".
    config = options.ssh_config and posixpath.abspath(options.ssh_config)
    return remote.ask(_targets(options), command, system, options.timeout, config)


def _status_options(parser):
    _options('status')(parser).add_argument(
        '--format', default='table', choices=('table', 'json'), help='default: table')
    parser.add_argument('--html', metavar='FILE', help=(
        'also write all as a web page, which everybody can read'))


def _status(options):
    found = reports.of_answers(_ask(options, COMMAND + reports.STATUS))
    if options.html:
        system.write(options.html, page.page(found, system.now()), 0o644)
    form = {'table': reports.table, 'json': reports.as_json}[options.format]
    output.tell(form(found))
    return int(any(each.result in (reports.SILENT, reports.PROBLEM) for each in found))


def _verify(options):
    answers = _ask(options, COMMAND + ' verify')
    bad = 0
    for answer in answers:
        name, lines = answer.target.name, answer.text.strip().split('\n')
        if answer.why:
            output.warn('{}: no answer: {}'.format(name, answer.why))
        elif answer.status:
            output.warn('\n'.join('{}: {}'.format(name, one_line(line)) for line in (
                answer.errors.strip().split('\n') + lines[-1:]) if line)
                or '{}: said nothing'.format(name))
        else:
            output.tell('{}: {}'.format(name, one_line(lines[-1])))
        bad += answer.status != 0
    output.tell('verify: {}'.format('{} of {}'.format(bad, counted(
        len(answers), 'node')) + ' with problems' if bad else 'good'))
    return int(bad > 0)


def _explain_options(parser):
    _options('explain')(parser)
    parser.add_argument('ends', nargs='+', metavar='ADDRESS', help=(
        'the IPv4 address, ID of the port or tap of the instance that packets go to; '
        'or ADDRESS to ADDRESS, as on a node'))


def _explain(options):
    ends = [end for end in options.ends if end != 'to']
    for end in ends:
        if not END.match(end):
            raise MasterError('{}: is no address, no ID of a port and no tap'.format(
                one_line(end)))
    if len(ends) > 2:
        raise MasterError('explain: write ADDRESS, or ADDRESS to ADDRESS')
    answers = _ask(options, '{} explain {} --format json'.format(
        COMMAND, ' to '.join(ends)))
    links = explained.joined(answers)
    lines, status = explained.text(
        links, [answer for answer in answers if not explained.links_of(answer)])
    if len(ends) == 1:
        others = explained.broken_elsewhere(answers, links)
        lines, status = lines + others, int(bool(status or others))
    for line in lines:
        output.tell(line)
    return status


def _diag_options(parser):
    _options('diag')(parser).add_argument(
        '--output', metavar='DIR', default='calico-fuel-diag', help=(
            'directory for the archives, one for each node; default: %(default)s'))


def _diag(options):
    answers = _ask(options, FETCH.format(MOST_BYTES))
    bad = 0
    for answer in answers:
        name, why = answer.target.name, answer.why
        try:
            content = base64.b64decode(answer.text.encode('ascii', 'replace'))
        except (TypeError, ValueError):
            content = b''
        if not why and not content:
            why = (answer.errors.strip() or 'an empty archive').split('\n')[-1]
        if why:
            output.warn('{}: no archive: {}'.format(name, one_line(why)))
            bad += 1
            continue
        path = '{}/{}.tar.gz'.format(options.output, name)
        system.write(path, content, 0o600)
        output.tell('{}: {} bytes'.format(path, len(content)))
    output.tell('diag: {} of {}'.format(
        len(answers) - bad, counted(len(answers), 'node')))
    return int(bad > 0)


COMMANDS = (
    Command('status', 'Ask every node how it is, worst first.',
            _status_options, _status),
    Command('verify', 'Run verify on every node.', _options('verify'), _verify),
    Command('explain',
            'Follow the packets to an instance, or from one to another: each link by '
            'the node that sees it.', _explain_options, _explain),
    Command('diag', 'Fetch the archive of calico-fuel diag from every node.',
            _diag_options, _diag),
)
