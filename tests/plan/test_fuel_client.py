"""The test plan's cases 2, 14 and 15: the plugin on a Fuel master, by Fuel's client.

Real are both RPMs and their scriptlets, rpm, and the clients of Fuel 7.0 and 9.
Stand-ins: Nailgun (``tests.plan.nailgun``), yum, and a package "fuel".
"""

import pytest

from tests.packaging.rpmtools import PLUGIN
from tests.plan.fuel_master import NEWER, edition

import calico_fuel

NAME_AND_VERSION = 'calico-fuel-plugin==' + calico_fuel.__version__
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


@pytest.mark.plan('install_plugin')
def test_an_installed_plugin_is_listed_and_on_the_disk(master, fuel, rpm):
    """Fuel's client says that the plugin was installed. The list has its name, version
    and package version, and its scripts are on the master.

    Steps: Run `fuel plugins --install RPM` on a master. Run `fuel plugins --list`.
    """
    done = master.fuel('plugins', '--install', rpm)

    assert done.status == 0, done
    assert 'was successfully installed' in done.stdout
    row, = master.listed()
    assert row == dict(row, **LISTED[fuel])
    assert (master.plugin / 'deployment_scripts/run_task').stat().st_mode & 0o111


@pytest.mark.plan('install_plugin')
@pytest.mark.parametrize('fuel', ['7.0', '8.0'])
def test_the_rpm_for_fuel_9_leaves_an_older_master_as_it_was(make_master, fuel, rpms):
    """Fuel's client fails, and the RPM says which Fuel the master is. No plugin is
    listed, and no file is left.

    Steps: On a master of Fuel 7.0, and on one of 8.0, install the RPM for Fuel 9.
    """
    master = make_master(fuel)

    done = master.fuel('plugins', '--install', rpms['fuel-9'])

    assert done.status != 0
    assert 'this master is Fuel {}.'.format(fuel) in done.stdout + done.stderr
    assert master.listed() == []
    assert not master.plugin.exists()


@pytest.mark.plan('install_plugin')
def test_on_fuel_9_the_right_rpm_takes_the_place_of_the_wrong_one(make_master, rpms):
    """The list has the package version of the right RPM, and the tasks of the wrong one
    are gone.

    Steps: On a master of Fuel 9.2, install the RPM for Fuel 6.1 to 8.0. Install the RPM
    for Fuel 9.
    """
    master = make_master('9.2')
    master.must('plugins', '--install', rpms['fuel-6.1-8.0'])

    master.must('plugins', '--install', rpms['fuel-9'])

    row, = master.listed()
    assert row == dict(row, **LISTED['9.2'])
    assert not (master.plugin / 'tasks.yaml').exists()


@pytest.mark.plan('uninstall_plugin_with_deployed_env')
def test_a_plugin_that_nailgun_keeps_stays_whole(master, rpm):
    """Nailgun refuses. Fuel's client fails, and removes neither the RPM nor its files.

    Steps: Install the plugin. Enable it in an environment. Run `fuel plugins --remove
    NAME==VERSION`.
    """
    master.must('plugins', '--install', rpm)
    enable(master)

    refused = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert refused.status != 0
    assert master.has_rpm() and (master.plugin / 'deployment_scripts').exists()


@pytest.mark.plan('uninstall_plugin')
def test_a_removed_plugin_leaves_nothing_on_the_master(master, rpm):
    """Fuel's client says that the plugin was removed. It is not listed, and the master
    has no file of it.

    Steps: Install the plugin. Run `fuel plugins --remove NAME==VERSION`.
    """
    master.must('plugins', '--install', rpm)
    assert len(master.listed()) == 1 and master.has_rpm()

    done = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert done.status == 0, done
    assert 'was successfully removed' in done.stdout
    assert master.listed() == []
    assert not master.has_rpm()
    assert list((master.root / 'var/www/nailgun/plugins').iterdir()) == []


@pytest.mark.plan('plugin installed and not enabled: the master')
def test_an_installation_asks_for_nothing_but_plugins(master, rpm):
    """Fuel's client asks Nailgun about plugins only, and about no environment. Every
    other file of the master is as it was.

    Steps: Install the plugin. Enable it nowhere.
    """
    before = master.files()

    master.must('plugins', '--install', rpm)

    assert {path.partition('/')[0] for _, path in master.nailgun.asked} == {
        'version', 'plugins'}
    others = {path: content for path, content in master.files().items()
              if not path.startswith(PLUGIN)}
    assert others == before


@pytest.mark.plan('plugin updated on the master')
def test_a_newer_version_takes_the_place_of_one_that_is_enabled(
        master, rpm, fuel, newer_rpms):
    """The list has the new version in the place of the old one, with the same id. The
    master has the files of the new one.

    Steps: Install the plugin. Enable it in an environment. Run `fuel plugins --update
    RPM` with a newer version.
    """
    master.must('plugins', '--install', rpm)
    old, = master.nailgun.plugins
    enable(master)

    master.must('plugins', '--update', newer_rpms[edition(fuel)])

    assert [row['version'] for row in master.listed()] == [NEWER]
    assert list(master.nailgun.plugins) == [old] and master.has_rpm()
    assert NEWER in (master.plugin / 'metadata.yaml').read_text()


@pytest.mark.plan('master updated under the plugin')
def test_an_update_of_the_master_leaves_the_plugin_enabled_and_whole(
        make_master, rpms, newer_rpms):
    """The plugin is listed as before, and each of its files is the same. Fuel's client
    asks Nailgun about no environment. A newer version installs on the updated master.

    Steps: Install the plugin on a master of Fuel 9.0. Enable it in an environment.
    Update the master to Fuel 9.2. Run `fuel plugins --sync`. Run `fuel plugins --update
    RPM` with a newer version.
    """
    master = make_master('9.0')
    master.must('plugins', '--install', rpms['fuel-9'])
    enable(master)
    rows, files = master.listed(), plugin_files(master)

    master.update('9.2')
    master.must('plugins', '--sync')

    assert (master.listed(), plugin_files(master)) == (rows, files)
    master.must('plugins', '--update', newer_rpms['fuel-9'])
    assert [row['version'] for row in master.listed()] == [NEWER]
    assert {path.partition('/')[0] for _, path in master.nailgun.asked} == {
        'version', 'plugins'}


def enable(master):
    """As in an environment: Nailgun no longer deletes the plugin."""
    master.nailgun.refusal = "Can't delete plugin which is enabled"


def plugin_files(master):
    return {path: content for path, content in master.files().items()
            if path.startswith(PLUGIN)}
