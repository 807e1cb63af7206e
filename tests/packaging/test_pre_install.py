"""The RPM for Fuel 9 on masters of every release: rpm runs its real scriptlet."""
import os
import re
import shutil

import pytest

from tests.packaging.rpmtools import PLUGIN, run, skip_loudly

VERSION_YAML = '''\
VERSION:
  feature_groups:
    - mirantis
  production: "docker"
  release: "{0}"
  openstack_version: "2014.2.2-{0}"
  api: "1.0"
'''


@pytest.fixture(params=['dash', 'bash'])
def master(request, tmp_path):
    """A root folder with nothing but /bin/sh. That of CentOS is bash."""
    if os.geteuid() != 0:
        skip_loudly('rpm --root needs root')
    shell = shutil.which(request.param)
    for library in re.findall(r'(/\S+) \(0x', run('ldd', shell).stdout):
        copy_into(tmp_path, library, library)
    copy_into(tmp_path, shell, '/bin/sh')
    return tmp_path


def copy_into(root, source, target):
    path = root / target.lstrip('/')
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, str(path))


def write(master, version_yaml=None, fuel_release=None):
    """The files that a master of Fuel tells its release by."""
    (master / 'etc/fuel').mkdir(parents=True)
    if version_yaml:
        (master / 'etc/fuel/version.yaml').write_text(VERSION_YAML.format(version_yaml))
    if fuel_release:
        (master / 'etc/fuel_release').write_text(fuel_release + '\n')


def install(master, rpms):
    return run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-9'], check=False)


@pytest.mark.parametrize('release, files', [
    ('6.1', {'version_yaml': '6.1'}),
    ('7.0', {'version_yaml': '7.0'}),
    ('8.0', {'version_yaml': '8.0', 'fuel_release': '8.0'}),
])
def test_an_older_master_is_told_which_rpm_to_take(master, rpms, release, files):
    write(master, **files)

    done = install(master, rpms)

    assert done.returncode != 0
    assert 'this master is Fuel {}.'.format(release) in done.stdout
    assert ('fuel plugins --install calico-fuel-plugin-*.fuel-6.1-8.0.noarch.rpm'
            in done.stdout)
    assert not (master / PLUGIN).exists()


@pytest.mark.parametrize('files', [
    {'fuel_release': '9.0'},
    {'fuel_release': '9.2'},
    {'fuel_release': '10.0'},
    {'fuel_release': '9.0', 'version_yaml': '8.0'},
    {},
], ids=['9.0', '9.2', '10.0', '9.0 restored from a backup of 8.0', 'no file tells'])
def test_a_master_of_fuel_9_or_newer_takes_the_rpm(master, rpms, files):
    write(master, **files)

    done = install(master, rpms)

    assert done.returncode == 0
    assert 'calico-fuel-plugin' not in done.stdout
    assert (master / PLUGIN / 'deployment_tasks.yaml').exists()


def test_on_fuel_9_the_right_rpm_replaces_the_wrong_one(master, rpms):
    write(master, fuel_release='9.0')
    run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-6.1-8.0'])

    run('rpm', '--root', master, '--nodeps', '-U', rpms['fuel-9'])

    assert (master / PLUGIN / 'deployment_tasks.yaml').exists()
    assert not (master / PLUGIN / 'tasks.yaml').exists()
