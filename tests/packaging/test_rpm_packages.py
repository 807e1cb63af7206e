"""An RPM with packages for nodes, and one without."""
import gzip
import hashlib
import shutil
import sys

import pytest
import yaml

from tests.packaging.rpmtools import FPB_PY3, ROOT, build, run, unpack

READ_BY_A_BUILD = [
    'metadata.yaml', 'environment_config.yaml', 'tasks.yaml', 'pre_build_hook',
    'LICENSE', 'README.md', 'deployment_scripts', 'calico_fuel', 'calico_fuel_master',
    'fuel9', 'packages', 'tools']
DEB = 'bird_1.6.3-2_amd64.deb'


@pytest.fixture
def tree(tmp_path):
    """What a build reads, with one package, for Fuel 6.1 only."""
    tree = tmp_path / 'tree'
    tree.mkdir()
    for name in READ_BY_A_BUILD:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(str(ROOT / name), str(tree / name))
    for release in ['6.1', '7.0', '8.0', '9']:
        (tree / 'repositories/ubuntu' / release).mkdir(parents=True)
        lock = tree / 'packages' / (release + '.lock')
        if lock.exists():
            lock.unlink()

    control = tmp_path / 'bird/DEBIAN/control'
    control.parent.mkdir(parents=True)
    control.write_text('Package: bird\nVersion: 1.6.3-2\nArchitecture: amd64\n'
                       'Maintainer: a test <a@b.c>\nDescription: a test\n')
    deb = tree / 'repositories/ubuntu/6.1' / DEB
    run('dpkg-deb', '--root-owner-group', '--build', tmp_path / 'bird', deb)
    package = {'name': 'bird', 'version': '1.6.3-2', 'source': 'bird'}
    declared = yaml.safe_load((tree / 'packages/6.1.yaml').read_text())
    declared['packages'] = [package]
    (tree / 'packages/6.1.yaml').write_text(yaml.safe_dump(declared))
    (tree / 'packages/6.1.lock').write_text(yaml.safe_dump([dict(
        package, architecture='amd64',
        sha256=hashlib.sha256(deb.read_bytes()).hexdigest())]))
    return tree


def test_an_rpm_holds_the_packages_of_its_releases_their_index_and_lock(tree, tmp_path):
    """The lock in the only folder that reaches a node; one that is stale is not."""
    stale = tree / 'deployment_scripts/packages/7.0.lock'
    stale.parent.mkdir()
    stale.write_text('of another build')

    rpms = build(tmp_path / 'dist', root=tree)

    plugin = unpack(rpms['fuel-6.1-8.0'], tmp_path / 'rpm')
    repositories = plugin / 'repositories'
    lock, = plugin.rglob('*.lock')
    assert str(lock.relative_to(plugin)) == 'deployment_scripts/packages/6.1.lock'
    assert lock.read_bytes() == (tree / 'packages/6.1.lock').read_bytes()
    index = gzip.decompress((repositories / 'ubuntu/6.1/Packages.gz').read_bytes())
    assert [path.name for path in repositories.rglob('*.deb')] == [DEB]
    assert 'Filename: ./' + DEB in index.decode().splitlines()
    of_fuel_9 = run('rpm', '-qlp', rpms['fuel-9']).stdout
    assert DEB not in of_fuel_9 and '.lock' not in of_fuel_9


def test_a_build_says_what_it_holds_and_what_else_nodes_need(tree, tmp_path):
    done = run(sys.executable, tree / 'tools/build-rpms', '--python', FPB_PY3,
               '--dist', tmp_path / 'dist')

    said = ' '.join(done.stdout.split())
    assert 'Fuel 6.1: holds the 1 packages of packages/6.1.lock.' in said
    rpms = list((tmp_path / 'dist').iterdir())
    assert len(rpms) == 2
    for rpm in rpms:
        assert 'sha256 ' + hashlib.sha256(rpm.read_bytes()).hexdigest() in said
    for release in ['7.0', '8.0', '9']:
        declared = yaml.safe_load((tree / 'packages' / (release + '.yaml')).read_text())
        names = ', '.join(package['name'] for package in declared['packages'])
        assert ('Fuel {0}: holds no packages. Nodes need an apt source with {1}. make '
                'packages FUEL={0} fills repositories/ubuntu/{0}.'.format(
                    release, names)) in said


@pytest.mark.parametrize('name, message', [
    (DEB, DEB + ' is missing or changed'),
    ('stray_1_all.deb', 'stray_1_all.deb is not in it'),
])
def test_a_build_refuses_what_does_not_match_the_lock(tree, tmp_path, name, message):
    (tree / 'repositories/ubuntu/6.1' / name).write_text('changed')

    done = run(sys.executable, tree / 'tools/build-rpms', '--python', FPB_PY3,
               '--dist', tmp_path / 'dist', check=False)

    assert done.returncode == 1
    assert ('repositories/ubuntu/6.1: does not match packages/6.1.lock: ' + message
            in done.stdout)
    assert not (tmp_path / 'dist').exists()
