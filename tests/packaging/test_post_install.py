"""fuel2 on a master of Fuel 9 with the RPM, and without it: rpm runs its scriptlets."""
import os
import re
import shutil

import pytest

from calico_fuel import __version__
from tests.packaging.rpmtools import PLUGIN, ROOT, run, skip_loudly

SITE = 'usr/lib/python2.7/site-packages'
# The scriptlets ask it for one folder.
PYTHON = '#!/bin/sh\n[ "$1 $2" = "-s -c" ] && echo /{}\n'.format(SITE)


@pytest.fixture
def master(tmp_path):
    """A root folder with /bin/sh, four programs, and a fuel2 of some Python."""
    if os.geteuid() != 0:
        skip_loudly('rpm --root needs root')
    for name in 'sh', 'mkdir', 'cp', 'rm':
        program = shutil.which(name)
        for library in re.findall(r'(/\S+) \(0x', run('ldd', program).stdout):
            copy_into(tmp_path, library, library)
        copy_into(tmp_path, program, '/bin/' + name)
    write(tmp_path, 'etc/fuel_release', '9.2\n')
    write(tmp_path, 'usr/bin/python2', PYTHON)
    write(tmp_path, 'usr/bin/fuel2', '#!/usr/bin/python2 -s\nimport fuelclient\n')
    return tmp_path


def copy_into(root, source, target):
    path = root / target.lstrip('/')
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, str(path))


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def files_of_site(master):
    site = master / SITE
    return sorted(str(path.relative_to(site)) for path in site.rglob('*')
                  if path.is_file()) if site.exists() else []


def test_fuel2_gets_the_commands_and_loses_them_with_the_plugin(master, rpms):
    run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-9'])

    assert files_of_site(master) == [
        'calico_fuel_master.egg-info/PKG-INFO',
        'calico_fuel_master.egg-info/entry_points.txt', 'calico_fuel_master.pth']
    for name in 'PKG-INFO', 'entry_points.txt':
        assert (master / SITE / 'calico_fuel_master.egg-info' / name).read_text() == (
            ROOT / 'calico_fuel_master' / name).read_text()
    folders = (master / SITE / 'calico_fuel_master.pth').read_text().split()
    assert [(master / folder.lstrip('/') / package).is_dir() for folder, package in zip(
        folders, ('calico_fuel_master', 'calico_fuel'))] == [True, True]

    assert 'Version: ' + __version__ in (
        master / SITE / 'calico_fuel_master.egg-info/PKG-INFO').read_text()

    # As fuel2 may leave it.
    write(master, PLUGIN + '/calico_fuel_master/__init__.pyc', '')
    run('rpm', '--root', master, '--nodeps', '-e', 'calico-fuel-plugin-4.0')

    assert files_of_site(master) == []
    assert not (master / PLUGIN).exists()


def test_what_another_version_brought_stays(master, rpms):
    run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-9'])
    write(master, SITE + '/calico_fuel_master.pth', '/of/version-4.1\n')

    run('rpm', '--root', master, '--nodeps', '-e', 'calico-fuel-plugin-4.0')

    assert 'calico_fuel_master.pth' in files_of_site(master)


def test_a_python_that_is_broken_fails_no_installation(master, rpms):
    write(master, 'usr/bin/python2', '#!/bin/sh\nexit 1\n')

    done = run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-9'])

    assert 'Run this instead: /usr/bin/python2 -s /var/www/' in done.stdout
    assert (master / PLUGIN / 'calico_fuel_master/__main__.py').exists()
    run('rpm', '--root', master, '--nodeps', '-e', 'calico-fuel-plugin-4.0')
    assert not (master / PLUGIN).exists()


def test_the_rpm_for_older_masters_has_the_program_and_no_scriptlet(master, rpms):
    run('rpm', '--root', master, '--nodeps', '-i', rpms['fuel-6.1-8.0'])

    assert files_of_site(master) == []
    assert (master / PLUGIN / 'calico_fuel_master/__main__.py').exists()
