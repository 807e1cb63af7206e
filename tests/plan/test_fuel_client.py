"""The test plan's cases 2, 14 and 15: the plugin on a Fuel master, by Fuel's client.

Real are both RPMs and their scriptlets, rpm, and the clients of Fuel 7.0 and 9.
Stand-ins: Nailgun (``tests.plan.nailgun``), yum, and a package "fuel".
"""

import pytest

from tests.plan.fuel_master import edition

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

    The operator is told why.
    """
    master = make_master(fuel)

    done = master.fuel('plugins', '--install', rpms['fuel-9'])

    assert done.status != 0
    assert 'this master is Fuel {}.'.format(fuel) in done.stdout + done.stderr
    assert master.listed() == []
    assert not master.plugin.exists()


@pytest.mark.plan('install_plugin')
def test_on_fuel_9_the_right_rpm_takes_the_place_of_the_wrong_one(make_master, rpms):
    """On Fuel 9 the right RPM fixes an installation of the wrong one."""
    master = make_master('9.2')
    master.must('plugins', '--install', rpms['fuel-6.1-8.0'])

    master.must('plugins', '--install', rpms['fuel-9'])

    row, = master.listed()
    assert row == dict(row, **LISTED['9.2'])
    assert not (master.plugin / 'tasks.yaml').exists()


@pytest.mark.plan('uninstall_plugin_with_deployed_env')
def test_a_plugin_that_nailgun_keeps_stays_whole(master, rpm):
    """When Nailgun refuses `--remove`, Fuel's client fails and removes no RPM."""
    master.must('plugins', '--install', rpm)
    # As it does while an environment has the plugin enabled.
    master.nailgun.refusal = "Can't delete plugin which is enabled"

    refused = master.fuel('plugins', '--remove', NAME_AND_VERSION)

    assert refused.status != 0
    assert master.has_rpm() and (master.plugin / 'deployment_scripts').exists()


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
