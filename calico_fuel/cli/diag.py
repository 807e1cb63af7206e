"""The command diag: one archive about this node, without its secrets."""

from __future__ import unicode_literals

import datetime

from calico_fuel import __version__, checks
from calico_fuel.cli import formats, output, report, source
from calico_fuel.cli.task_list import COMPARED
from calico_fuel.diag import pieces, secrets
from calico_fuel.diag.bounded import Bounded
from calico_fuel.errors import CalicoFuelError, FileError
from calico_fuel.fuel import yaml_values
from calico_fuel.tasks import compared, status, verify

DIRECTORY = '/var/tmp'
SUMMARY = 'summary.txt'


def diag(options, system):
    """Write the archive, and say where it is."""
    if options.output and system.exists(options.output):
        # Nobody waits two minutes for this.
        raise FileError(
            options.output, 'exists', 'Name a file that does not exist yet')
    system, time = Bounded(system), system.now()
    metadata, environment, missing = _metadata(options, system)
    values = pieces.secret_values(metadata, environment, system)
    host = environment.this_node.name if environment else system.host_name()
    texts, more = pieces.collected(environment, values, system)
    checked = _checked(environment, system)
    if environment:
        texts.append(('topology.json', report.topology_json(environment)))
    missing = [secrets.masked(one, values) for one in missing] + more
    summary = '\n'.join(
        ['{} at {:%Y-%m-%d %H:%M:%S} UTC, calico-fuel-plugin {}'.format(
            host, _utc(time), __version__), '', secrets.masked(checked, values), '',
         'Could not be read, or not all of it:']
        + ['  ' + checks.one_line(one) for one in missing or ['nothing']]
        + ['', 'Files, with their characters:']
        + ['  {:9} {}'.format(len(text), name) for name, text in texts] + [''])
    name = 'calico-fuel-diag-{}-{:%Y%m%dT%H%M%SZ}'.format(
        checks.one_line(host).replace('/', '_'), _utc(time))
    path = options.output or '{}/{}.tar.gz'.format(DIRECTORY, name)
    system.write_archive(path, name, [(SUMMARY, summary)] + texts, int(time))
    output.tell('{}: {}, passwords masked; {} could not be read in full, see {} in '
                'it. Look through it before you send it'.format(
                    path, checks.counted(len(texts) + 1, 'file'), len(missing),
                    SUMMARY))
    return 0


def _metadata(options, system):
    """The mapping of the metadata, its Environment, and what is wrong with them."""
    metadata = {}
    try:
        path, _ = source.paths(options, system)
        metadata = yaml_values.load(system.read(path), path)
        return metadata, source.environment(options, system), []
    except CalicoFuelError as error:
        return metadata, None, ['metadata: ' + error.args[0]]


def _checked(environment, system):
    """What status, verify and diff find now, as text."""
    if environment is None:
        return 'verify: not without metadata'
    found = []
    for title, part in (('status', _status), ('verify', _verify), ('diff', _diff)):
        try:
            text = part(environment, environment.this_node, system, COMPARED)
        except CalicoFuelError as error:
            text = error.args[0]
        found.append('---- calico-fuel {}\n{}\n'.format(title, text))
    return '\n'.join(found)


def _status(*of):
    return formats.table(status.of_node(*of))


def _verify(*of):
    return '\n'.join(text for _, text in checks.report(verify.checks_of(*of)))


def _diff(*of):
    return '\n'.join(
        one.error or one.difference for one in compared.compared(*of)
        if one.error or one.difference) or 'nothing differs'


def _utc(time):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time)
