"""The test plan's cases 1, 2, 3, 14 and 15: the plugin on a Fuel master.

Real here: fuel-plugin-builder and its validator, both RPMs and their scriptlets,
rpm, and the clients of Fuel 7.0 and of Fuel 9, which get the same command lines as
an operator types.  Stand-ins: Nailgun and its web page (``tests.plan.nailgun``);
yum, which is not in Debian; a package "fuel", by which a client knows a master.
"""
import contextlib
import os
import re
import shutil
import subprocess
from collections import namedtuple

import pytest
import yaml

from tests.packaging.rpmtools import (
    FPB_PY3, PLUGIN, ROOT, build, run, skip_loudly, unpack)
from tests.plan.nailgun import Nailgun, Section, web_page

import calico_fuel

# Fuel -> its client. That of 7.0 asks for a sync after each installation, which
# Nailgun 6.1 does not know; that of 9.0 asks for the same as that of 6.1 does.
CLIENT = {'6.1': '9.0', '7.0': '7.0', '8.0': '7.0', '9.2': '9.0'}

TITLE = 'Use Calico Virtual Networking'
NAME_AND_VERSION = 'calico-fuel-plugin==' + calico_fuel.__version__
RPM_NAME = 'calico-fuel-plugin-4.0'
# Master -> what `fuel plugins --list` shows of the plugin that is for it.
LISTED = {
    '7.0': {
        'name': 'calico-fuel-plugin', 'version': calico_fuel.__version__,
        'package_version': '2.0.0'},
    '9.2': {
        'name': 'calico-fuel-plugin', 'version': calico_fuel.__version__,
        'package_version': '4.0.0',
        'releases': 'ubuntu (mitaka-9.0)'},
}

# Dependencies and repositories are left out: the RPMs have none, and the client
# hands over one file. rpm refuses what yum calls "Nothing to do", too.
YUM = r'''#!/bin/sh
set -eu
for last; do :; done
case $* in
"-y install "*) exec rpm -U --nodeps "$last" ;;
"-y remove "*) exec rpm -e "$last" ;;
esac
echo "yum: the stand-in does not know: $*" >&2
exit 2
'''
FUEL_SPEC = '''\
Name: fuel
Version: 9.2.0
Release: 1
Summary: Stands for the package that Fuel's client knows a master by
License: Apache-2.0
BuildArch: noarch
%description
Nothing is in it.
%files
'''
IN_ITS_ROOT = ('mount --bind "$0/etc" /etc; mount --bind "$0/var" /var; '
               'cd "$0/root"; exec "$@"')

Done = namedtuple('Done', 'status stdout stderr')


class Master:
    """A Fuel master: /etc, /var and the RPM database are those of the folder *root*.

    What runs in it has a mount namespace of its own; the rest is this machine's.
    """

    def __init__(self, root, nailgun, client):
        self.root = root
        self.nailgun = nailgun
        self.plugin = root / PLUGIN
        self._client = client
        for folder in 'etc/fuel', 'var/tmp', 'var/www/nailgun/plugins', 'root', 'bin':
            (root / folder).mkdir(parents=True)
        (root / 'bin/yum').write_text(YUM)
        (root / 'bin/yum').chmod(0o755)

        release = nailgun.fuel.version
        if release >= '8':
            (root / 'etc/fuel_release').write_text(release + '\n')
        if release < '9':
            (root / 'etc/fuel/version.yaml').write_text(
                'VERSION:\n  release: "{}"\n'.format(release))

    def run(self, *argv):
        done = subprocess.run(
            ['unshare', '--mount', 'sh', '-euc', IN_ITS_ROOT, str(self.root)]
            + [str(argument) for argument in argv],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
            env={'PATH': '{}/bin:/usr/sbin:/usr/bin:/sbin:/bin'.format(self.root),
                 'HOME': str(self.root / 'root'), 'LC_ALL': 'C.UTF-8',
                 'SERVER_ADDRESS': '127.0.0.1',
                 # The name of the port's setting in 9.0.0, and in 7.0.0.
                 'SERVER_PORT': str(self.nailgun.port),
                 'LISTEN_PORT': str(self.nailgun.port)})
        return Done(done.returncode, done.stdout, done.stderr)

    def fuel(self, *argv):
        """What the operator gets from ``fuel ARGV``, whatever it is."""
        return self.run(self._client, *argv)

    def must(self, *argv):
        """Run ``fuel ARGV``, which has to succeed."""
        done = self.fuel(*argv)
        assert done.status == 0, done
        return done.stdout

    def listed(self):
        """The rows of ``fuel plugins --list``, without the id."""
        table = [[cell.strip() for cell in line.split('|')] for line
                 in self.must('plugins', '--list').splitlines() if '|' in line]
        assert table[0][:4] == ['id', 'name', 'version', 'package_version']
        return [dict(zip(table[0][1:], row[1:])) for row in table[2:]]

    def has_rpm(self):
        return self.run('rpm', '-q', RPM_NAME).status == 0

    def create_environment(self):
        """Its id."""
        told = self.must('env', 'create', '--name', 'plan', '--rel', '2')
        return int(re.search(r"Environment 'plan' with id=(\d+)", told).group(1))

    def settings(self, environment):
        """The file that the operator downloads."""
        self.must('--env', environment, 'settings', '--download', '--dir', '/var/tmp')
        return self.root / 'var/tmp/settings_{}.yaml'.format(environment)

    def tick(self, environment):
        """What the tick box on the web page does, by file: the client's Done."""
        path = self.settings(environment)
        settings = yaml.safe_load(path.read_text())
        settings['editable']['calico-fuel-plugin']['metadata']['enabled'] = True
        path.write_text(yaml.safe_dump(settings))
        return self.fuel(
            '--env', environment, 'settings', '--upload', '--dir', '/var/tmp')

    def section(self, environment):
        """What the web page shows of the plugin in the environment."""
        settings = yaml.safe_load(self.settings(environment).read_text())
        _, shown = self.nailgun.show_environment(environment)
        section, = [section for section in web_page(self.nailgun.fuel, shown, settings)
                    if section.label == TITLE]
        return section


@pytest.fixture(scope='session')
def rpms(tmp_path_factory):
    return build(tmp_path_factory.mktemp('dist'))


@pytest.fixture(scope='session')
def fuel_package(tmp_path_factory):
    folder = tmp_path_factory.mktemp('fuel')
    (folder / 'fuel.spec').write_text(FUEL_SPEC)
    run('rpmbuild', '-bb', '--define', '_topdir {}'.format(folder),
        folder / 'fuel.spec')
    return next(folder.glob('RPMS/noarch/*.rpm'))


@pytest.fixture
def make_master(tmp_path, fuel_package, record_property):
    """Set up a master of the Fuel *fuel*; its Nailgun answers until the test ends."""
    if os.geteuid() != 0:
        skip_loudly('a master needs root, for a mount namespace')
    record_property('stand_in', 'Nailgun, yum')

    def make_master(fuel):
        nailgun = stack.enter_context(Nailgun(fuel, tmp_path))
        version = CLIENT[nailgun.fuel.version]
        client = ROOT / '.cache/fuelclient-{}-py27/bin/fuel'.format(version)
        if not client.exists():
            skip_loudly('no {}: run tools/setup python fuelclient'.format(client))
        record_property('client', 'python-fuelclient {}.0'.format(version))
        master = Master(tmp_path, nailgun, client)
        installed = master.run('rpm', '-i', fuel_package)
        assert installed.status == 0, installed
        return master

    with contextlib.ExitStack() as stack:
        yield make_master


@pytest.fixture(params=sorted(LISTED))
def fuel(request):
    return request.param


@pytest.fixture
def master(make_master, fuel):
    """A master of each Fuel that has an RPM of its own."""
    return make_master(fuel)


@pytest.fixture
def rpm(rpms, fuel):
    return rpms[edition(fuel)]


def edition(fuel):
    return 'fuel-9' if fuel.startswith('9') else 'fuel-6.1-8.0'


@pytest.mark.plan('build_plugin')
def test_fpb_builds_the_plugin_from_a_clone(tmp_path, record_property):
    """`fpb --build` in a clone says "Plugin is built", and the RPM exists."""
    record_property('stand_in', 'none')
    clone = tmp_path / 'calico-fuel-plugin'
    for name in run('git', 'ls-files', '--cached', '--others', '--exclude-standard',
                    cwd=str(ROOT)).stdout.splitlines():
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(ROOT / name), str(clone / name))

    done = run(FPB_PY3, clone / 'tools/fpb', '--build', '.', cwd=str(clone))

    assert 'Plugin is built' in done.stdout
    assert [path.name for path in clone.glob('*.rpm')] == [
        '{}-{}-1.noarch.rpm'.format(RPM_NAME, calico_fuel.__version__)]


@pytest.mark.plan('build_plugin')
@pytest.mark.parametrize('edition', ['fuel-6.1-8.0', 'fuel-9'])
def test_the_validator_of_fuel_finds_no_fault_in_what_make_rpm_builds(
        rpms, edition, tmp_path, record_property):
    """`make rpm` builds an RPM for each Fuel, and fpb's validator finds no fault."""
    record_property('stand_in', 'none')

    assert rpms[edition].name == '{}-{}.{}.noarch.rpm'.format(
        RPM_NAME, calico_fuel.__version__, edition)
    done = run(FPB_PY3, ROOT / 'tools/fpb', '--check',
               unpack(rpms[edition], tmp_path / 'unpacked'))
    assert 'Plugin is valid' in done.stdout


@pytest.mark.plan('install_plugin')
def test_an_installed_plugin_is_listed_and_on_the_disk(master, fuel, rpm):
    """After `fuel plugins --install`, `--list` shows name, version, package version."""
    done = master.fuel('plugins', '--install', rpm)

    assert done.status == 0, done
    assert 'was successfully installed' in done.stdout
    row, = master.listed()
    assert row == dict(row, **LISTED[fuel])
    assert (master.plugin / 'deployment_scripts/run_task').stat().st_mode & 0o111


@pytest.mark.plan('install_plugin')
@pytest.mark.parametrize('fuel', ['7.0', '8.0'])
def test_the_rpm_for_fuel_9_leaves_an_older_master_as_it_was(make_master, fuel, rpms):
    """`fuel plugins --install` of the RPM for Fuel 9 is refused by an older master.

    The operator is told why, and can still create environments.
    """
    master = make_master(fuel)

    done = master.fuel('plugins', '--install', rpms['fuel-9'])

    assert done.status != 0
    assert 'this master is Fuel {}.'.format(fuel) in done.stdout + done.stderr
    assert master.listed() == []
    assert not master.plugin.exists()
    assert master.create_environment()


@pytest.mark.plan('install_plugin')
def test_on_fuel_9_the_right_rpm_takes_the_place_of_the_wrong_one(make_master, rpms):
    """On Fuel 9 the right RPM and `--sync` cure an installation of the wrong one."""
    master = make_master('9.2')
    master.must('plugins', '--install', rpms['fuel-6.1-8.0'])

    master.must('plugins', '--install', rpms['fuel-9'])
    master.must('plugins', '--sync')

    row, = master.listed()
    assert row == dict(row, **LISTED['9.2'])
    assert not (master.plugin / 'tasks.yaml').exists()
    ticking = master.tick(master.create_environment())
    assert ticking.status == 0, ticking


@pytest.mark.plan('verify_calico_in_fuel_web_ui')
@pytest.mark.parametrize('fuel, tab', [
    ('6.1', 'Settings'),
    ('7.0', 'Settings, ' + TITLE),
    ('8.0 with updates', 'Networks, Other'),
    ('9.2', 'Networks, Other'),
])
def test_the_page_has_the_tick_box_and_every_setting(
        make_master, rpms, fuel, tab, record_property):
    """A new environment has the tick box "Use Calico Virtual Networking".

    It is not ticked, it can be, and every setting is drawn below it.
    """
    record_property('stand_in', 'web page')
    master = make_master(fuel)
    master.must('plugins', '--install', rpms[edition(fuel)])
    environment = master.create_environment()

    shown = master.section(environment)
    ticking = master.tick(environment)

    assert (shown.tab, shown.ticked, shown.blocked) == (tab, False, '')
    assert shown.settings == [
        'AS number', 'BGP password', 'Failure detection by BFD', 'External BGP peers',
        'Workload prefixes', 'Workload gateway', 'Remove default networks',
        'Calico network', 'Calico network CIDR', 'Calico network gateway',
        'Clean up Open vSwitch']
    assert ticking.status == 0, ticking
    assert master.section(environment).ticked


@pytest.mark.plan('verify_calico_in_fuel_web_ui')
def test_fuel_8_0_without_updates_has_the_tick_box_alone(
        make_master, rpms, record_property):
    """Fuel 8.0 without updates shows no settings: Launchpad bug 1587134.

    It reads none of a plugin with a format older than 3.0.0, and ours has 2.0.0,
    for Fuel 6.1; nor does it learn that the plugin asks for the tab Networks.  This
    is the limit written down, not a wish.
    """
    record_property('stand_in', 'web page')
    master = make_master('8.0')
    master.must('plugins', '--install', rpms['fuel-6.1-8.0'])
    environment = master.create_environment()

    assert master.section(environment) == Section(
        'Settings, Other', TITLE, ticked=False, blocked='', settings=[])
    assert master.tick(environment).status == 0


@pytest.mark.plan('uninstall_plugin_with_deployed_env')
def test_a_plugin_in_use_stays_whole_until_its_environment_is_gone(
        master, rpm, record_property):
    """When Nailgun refuses `--remove`, Fuel's client fails and removes no RPM."""
    record_property('stand_in', "deployment, Nailgun's refusal")
    master.must('plugins', '--install', rpm)
    environment = master.create_environment()
    assert master.tick(environment).status == 0
    master.nailgun.deployed(environment)

    refused = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert refused.status != 0
    assert master.has_rpm() and (master.plugin / 'deployment_scripts').exists()

    master.must('--env', environment, 'env', '--force', 'delete')
    removed = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert removed.status == 0, removed
    assert master.listed() == []
    assert not master.has_rpm() and not master.plugin.exists()


@pytest.mark.plan('uninstall_plugin')
def test_a_removed_plugin_leaves_nothing_on_the_master(master, rpm):
    """An installed plugin is listed; a removed one is not, and leaves no file."""
    master.must('plugins', '--install', rpm)
    assert len(master.listed()) == 1 and master.has_rpm()

    done = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert done.status == 0, done
    assert 'was successfully removed' in done.stdout
    assert master.listed() == []
    assert not master.has_rpm()
    assert list((master.root / 'var/www/nailgun/plugins').iterdir()) == []
