"""What the tests of the plan share: environments, Fuel masters, and the report.

``FUEL`` in the environment is the release that they are of (6.1 by default),
``FELIX`` the path of a real Felix;
``--report FILE`` writes what became of every case.
"""

import contextlib
import datetime
import os
import pathlib
import platform
import re
import time
from collections import namedtuple

import pytest

from lab import laboratory
from lab.fuel.fuel_metadata import RELEASES
from lab.machine import needs, run
from lab.network import traffic
from tests.packaging.rpmtools import ROOT, build, copy_of_sources, skip_loudly
from tests.plan import fuel_master
from tests.plan.nailgun import served

# So that a failed assertion there shows its values.
pytest.register_assert_rewrite('tests.plan.faults', 'tests.plan.attacks')
FUEL = os.environ.get('FUEL', '6.1')
if FUEL not in RELEASES:
    raise pytest.UsageError('FUEL={}: the lab has none. Take one of {}'.format(
        FUEL, ', '.join(RELEASES)))
FELIX = os.environ.get('FELIX')
SETTINGS = {'workload_prefixes': '203.0.113.0/24'}
collect_ignore = ([] if FUEL.startswith('9') else ['test_fuel9.py']) + (
    [] if FUEL == '8.0' else ['test_fuel8.py'])
FAULT = 'fault: '
# Properties that have columns of their own.
LOST, DATA, SAID = 'packets lost', 'data lost', 'what the run said'
TRAFFIC = 'traffic'
COLUMNS = (LOST, DATA, SAID)
_outcomes = {}


class Row(namedtuple('Row', 'text seconds properties what')):
    """What became of a test; ``properties`` are pairs of a name and a text."""

    __slots__ = ()

    def said(self, name):
        """All that was recorded under a name that begins so, or '-'."""
        return '; '.join(dict.fromkeys(
            value for key, value in self.properties if key.startswith(name))) or '-'


def pytest_addoption(parser):
    parser.addoption('--report', metavar='FILE', help=(
        'write what became of the cases of the test plan'))


def pytest_collection_modifyitems(config, items):
    if not config.getoption('--report'):
        items[:] = [item for item in items if not item.get_closest_marker('report')]


@contextlib.contextmanager
def environments(rpms):
    """Make and deploy an environment from a role for each node."""
    missing = needs.missing(['1'], laboratory.PROGRAMS)
    if missing:
        pytest.fail('the test plan needs ' + ', '.join(missing))
    run.remove_remains()
    with run.Run() as this_run:
        def make_lab(*roles, **settings):
            lab = laboratory.Laboratory(this_run, felix=FELIX)
            lab.set_up(FUEL, rpm=rpms[fuel_master.edition(FUEL)],
                       **dict(SETTINGS, **settings))
            for role in roles:
                lab.fuel.add(role)
            lab.fuel.deploy()
            return lab
        yield make_lab


@pytest.fixture(scope='class')
def make_lab(rpms):
    """See environments; once a test or a class."""
    with environments(rpms) as make_lab:
        yield make_lab


@pytest.fixture
def traffic_during(record_property):
    """The Traffic of two workloads during an event: see traffic.during.

    And that of the first of them with ``lab.outside``, a host behind a border router,
    where a test gives its lab one.  The report gets all figures.
    """
    def traffic_during(lab, first, second, event):
        outside = getattr(lab, 'outside', None)
        seen = traffic.during(lab.run, [(first, second)] + (
            [(first, outside)] if outside else []), event)
        record_property(TRAFFIC, seen)
        return seen
    return traffic_during


@pytest.fixture
def lost_packets(traffic_during):
    """How much two workloads lose during an event."""
    return lambda *arguments: traffic_during(*arguments).lost


@pytest.fixture
def lose_nothing(lost_packets, record_property):
    """Let an event happen while the first two workloads of a lab talk."""
    def lose_nothing(lab, event):
        first, second = [workload for _, workload in lab.workloads.values()][:2]
        lost = lost_packets(lab, first, second, event)
        record_property(LOST, lost)
        assert lost == 0
    return lose_nothing


@pytest.fixture(scope='session')
def rpms(tmp_path_factory):
    return build(tmp_path_factory.mktemp('dist'))


@pytest.fixture(scope='session')
def newer_rpms(tmp_path_factory):
    """The RPMs of NEWER, with the same contents."""
    tree = copy_of_sources(tmp_path_factory.mktemp('newer') / 'tree')
    for name in 'calico_fuel/__init__.py', 'metadata.yaml', 'fuel9/metadata.yaml':
        text = (tree / name).read_text(encoding='utf-8')
        (tree / name).write_text(re.sub(
            r"(?m)^(version: |__version__ = )'[\d.]+'",
            r"\1'{}'".format(fuel_master.NEWER), text), encoding='utf-8')
    return build(tmp_path_factory.mktemp('newer-dist'), root=tree)


@pytest.fixture(scope='session')
def fuel_package(tmp_path_factory):
    return fuel_master.fuel_package(tmp_path_factory.mktemp('fuel'))


@pytest.fixture
def make_master(tmp_path, fuel_package, record_property):
    """Set up a master of the Fuel *fuel*, with a Nailgun until the test ends."""
    if os.geteuid() != 0:
        skip_loudly('a master needs root, for a mount namespace')
    record_property('stand_in', 'Nailgun, yum')

    def make_master(fuel):
        nailgun = stack.enter_context(served(fuel))
        version = fuel_master.CLIENT[fuel]
        client = ROOT / '.cache/fuelclient-{}-py27/bin/fuel'.format(version)
        if not client.exists():
            skip_loudly('no {}: run tools/setup python fuelclient'.format(client))
        record_property('client', 'python-fuelclient {}.0'.format(version))
        master = fuel_master.Master(tmp_path, nailgun, client)
        installed = master.run('rpm', '-i', fuel_package)
        assert installed.status == 0, installed
        return master

    with contextlib.ExitStack() as stack:
        yield make_master


@pytest.fixture
def case(request, lost_packets):
    """A step of a story, which has a row of its own in the report.

    Its value is the traffic of the first two workloads of a lab during an event;
    nothing may be lost.
    """
    @contextlib.contextmanager
    def case(name, what):
        row, begin = Row('failed', 0, [], what), time.monotonic()

        def bear(lab, event):
            first, second = [workload for _, workload in lab.workloads.values()][:2]
            lost = lost_packets(lab, first, second, event)
            row.properties.append((LOST, str(lost)))
            assert lost == 0
        rows = _outcomes.setdefault(name, {})
        rows[request.node.nodeid] = row
        yield bear
        rows[request.node.nodeid] = row._replace(
            text='passed', seconds=time.monotonic() - begin)
    return case


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep the outcome of each case for the report."""
    outcome = yield
    report = outcome.get_result()
    marker = item.get_closest_marker('plan')
    if marker and (report.when == 'call' or report.outcome != 'passed'):
        _outcomes.setdefault(marker.args[0], {})[item.nodeid] = _row(item, report)


def _row(item, report):
    text = report.outcome
    if report.skipped and isinstance(report.longrepr, tuple):
        text = report.longrepr[-1].replace('Skipped: ', '')
    properties = [(name.replace('_', ' '), _as_text(value))
                  for name, value in report.user_properties]
    # The first paragraph says what is expected.
    expected = (item.obj.__doc__ or item.name.replace('_', ' ')).partition('\n\n')[0]
    return Row(text, report.duration, properties, ' '.join(expected.split()))


def _as_text(value):
    """A list as its items; nothing that would end a cell of a table."""
    text = ', '.join(map(str, value)) if isinstance(value, list) else str(value)
    return text.replace('|', '/')


def _together(rows):
    """One row of all tests of a case: the worst outcome, all that was seen."""
    worst = next((row.text for row in rows if row.text != 'passed'), 'passed')
    if any(row.text == 'failed' for row in rows):
        worst = 'failed'
    seen = list(dict.fromkeys(row.what for row in rows))
    more = ' And {} more.'.format(len(seen) - 1) if seen[1:] else ''
    return Row(worst, sum(row.seconds for row in rows),
               [pair for row in rows for pair in row.properties], seen[0] + more)


def pytest_sessionfinish(session):
    path = session.config.getoption('--report')
    if path and _outcomes:
        report = pathlib.Path(path)
        old = report.read_text() if report.exists() else ''
        # The sections of other releases stay.
        sections = dict(re.findall(r'(?ms)^## Fuel (\S+)\n(.*?)(?=^## |\Z)', old))
        sections[FUEL] = section_text()
        report.write_text('# Test report\n\nWritten by `make test-plan FUEL=...`.\n\n' +
                          '\n'.join('## Fuel {}\n{}'.format(name, text.rstrip() + '\n')
                                    for name, text in sorted(sections.items())))


def section_text():
    """What became of the cases, for the report."""
    lines = [
        '', 'On {}, kernel {}, Python {}.'.format(
            datetime.date.today(), platform.release(), platform.python_version()),
        laboratory.stand_ins(FELIX) + '.', '',
        '| Case | Result | Seconds | What was seen | Packets lost | Other figures and '
        'stand-ins |', '|---|---|---|---|---|---|']
    cases = {name: _together(list(rows.values())) for name, rows in _outcomes.items()}
    for name, row in cases.items():
        others = sorted({'{}: {}'.format(*pair) for pair in row.properties
                         if not pair[0].startswith(COLUMNS)})
        lines.append('| {} | {} | {:.0f} | {} | {} | {} |'.format(
            name, row.text, row.seconds, row.what, row.said(LOST), ', '.join(others)))
    counts = [row.text for row in cases.values()]
    lines += ['', '{} passed, {} failed, {} need what this machine lacks.'.format(
        counts.count('passed'), counts.count('failed'),
        len(counts) - counts.count('passed') - counts.count('failed')), '']
    return '\n'.join(lines + fault_list(cases))


def fault_list(cases):
    """Lines: each fault, what it cost, and what told the operator what to do."""
    rows = ['| {} | {} | {} | {} | {} |'.format(
        name[len(FAULT):] + ('' if row.text == 'passed' else ' ({})'.format(row.text)),
        row.what, row.said(TRAFFIC), row.said(DATA), row.said(SAID))
        for name, row in cases.items() if name.startswith(FAULT)]
    return rows and [
        '### Faults', '', 'Each during all kinds of traffic between two workloads, and '
        'between one and a host behind a border router. Data are the keys of etcd and '
        'the files that the plugin writes on all nodes, compared before and after.', '',
        '| Fault | What was seen | Traffic | Data lost | What the run said |',
        '|---|---|---|---|---|'] + rows + ['']
