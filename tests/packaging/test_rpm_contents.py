"""What the RPMs hold, and who can read them."""
import pytest
import yaml

from tests.packaging.rpmtools import ROOT, files_below, query

import calico_fuel

PACKAGE = 'deployment_scripts/calico_fuel'
EVERYWHERE = {
    'LICENSE', 'README.md', 'metadata.yaml', 'environment_config.yaml',
    'deployment_scripts/run_task', 'deployment_scripts/refresh',
    'deployment_scripts/calico-fuel.8', 'deployment_scripts/calico-fuel.bash',
    # Written by fpb.
    'checksums.sha1',
}
# A tasks.yaml cannot be enabled on Fuel 9.1, and Fuel 6.1 knows nothing newer.
OF_EDITION = {
    'fuel-6.1-8.0': {'tasks.yaml'},
    'fuel-9': {'deployment_tasks.yaml', 'node_roles.yaml', 'volumes.yaml',
               'components.yaml', 'pre_install.sh', 'post_install.sh', 'uninstall.sh'},
}
# The folders below repositories/ubuntu.
REPOSITORIES = {'fuel-6.1-8.0': ['6.1', '7.0', '8.0'], 'fuel-9': ['9']}
# The versions of openstack.yaml in Nailgun; 9.1 and 9.2 keep that of 9.0.
RELEASES = {
    'fuel-6.1-8.0': ['2014.2.2-6.1', '2015.1.0-7.0', 'liberty-8.0'],
    'fuel-9': ['mitaka-9.0'],
}
# What the rpm 4.8 of CentOS 6 provides and this RPM may need.
RPMLIB_OF_CENTOS_6 = {
    'rpmlib(CompressedFileNames) <= 3.0.4-1',
    'rpmlib(FileDigests) <= 4.6.0-1',
    'rpmlib(PayloadFilesHavePrefix) <= 4.0-1',
}


def indexes(edition):
    """Written by fpb into each repository."""
    return {'repositories/ubuntu/{}/{}'.format(release, name)
            for release in REPOSITORIES[edition] for name in ['Packages.gz', 'Release']}


def package_files():
    of_master = ROOT / 'calico_fuel_master'
    return {PACKAGE + '/' + name for name in files_below(ROOT / 'calico_fuel')} | {
        'calico_fuel_master/' + name for name in files_below(of_master)}


@pytest.mark.parametrize('edition', sorted(OF_EDITION))
def test_an_rpm_holds_what_a_master_needs_and_nothing_else(plugins, edition):
    """Packages for nodes aside: who runs `make packages` has them."""
    held = {str(path.relative_to(plugins[edition])) for path in
            plugins[edition].rglob('*')
            if not path.is_dir() and path.suffix not in ['.deb', '.lock']}

    assert held == (
        EVERYWHERE | package_files() | OF_EDITION[edition] | indexes(edition))


@pytest.mark.parametrize('edition', sorted(OF_EDITION))
def test_every_file_of_an_rpm_equals_its_source(plugins, edition):
    sources = {PACKAGE: 'calico_fuel'}
    if edition == 'fuel-9':
        sources.update({name: 'fuel9/' + name
                        for name in OF_EDITION['fuel-9'] | {'metadata.yaml'}})

    for name in EVERYWHERE - {'checksums.sha1'} | package_files() | OF_EDITION[edition]:
        source = sources.get(name, name.replace(PACKAGE, 'calico_fuel'))
        held = plugins[edition] / name
        assert held.read_bytes() == (ROOT / source).read_bytes(), name


@pytest.mark.parametrize('edition', sorted(RELEASES))
def test_an_rpm_names_the_releases_as_nailgun_does(plugins, edition):
    metadata = yaml.safe_load((plugins[edition] / 'metadata.yaml').read_text())

    assert [r['version'] for r in metadata['releases']] == RELEASES[edition]
    assert {r['os'] for r in metadata['releases']} == {'ubuntu'}


@pytest.mark.parametrize('edition', sorted(REPOSITORIES))
def test_each_release_has_a_repository_of_its_own(plugins, edition):
    metadata = yaml.safe_load((plugins[edition] / 'metadata.yaml').read_text())

    assert [r['repository_path'] for r in metadata['releases']] == [
        'repositories/ubuntu/' + release for release in REPOSITORIES[edition]]


def test_both_rpms_are_the_same_plugin_in_the_version_of_the_package(plugin):
    metadata = yaml.safe_load((plugin / 'metadata.yaml').read_text())

    assert metadata['name'] == 'calico-fuel-plugin'
    assert metadata['title'] == 'Use Calico Virtual Networking'
    assert metadata['version'] == calico_fuel.__version__


def test_the_settings_stand_on_the_networks_tab(plugin):
    config = yaml.safe_load((plugin / 'environment_config.yaml').read_text())

    assert config['attributes']['metadata']['group'] == 'network'


def test_the_rpm_of_centos_6_knows_all_that_reading_takes(rpm):
    requires = set(query(rpm, '--requires').splitlines())

    assert requires <= RPMLIB_OF_CENTOS_6 | {'/bin/sh'}
    assert query(rpm, '--qf', '%{PAYLOADCOMPRESSOR} %{PAYLOADFORMAT}') == 'gzip cpio'


def test_fuels_client_reads_name_and_version_of_the_file(rpm):
    assert query(rpm, '--qf', '%{NAME} %{VERSION}') == (
        'calico-fuel-plugin-{} {}'.format(
            calico_fuel.__version__.rpartition('.')[0], calico_fuel.__version__))


def test_all_files_belong_to_root_whoever_built(rpm):
    owners = query(rpm, '--qf', '[%{FILEUSERNAME}:%{FILEGROUPNAME} ]').split()

    assert set(owners) == {'root:root'}
