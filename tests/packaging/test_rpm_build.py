"""The builder: same commit, same bytes, whatever machine and Python."""
import os
import shutil
import sys

import pytest

from calico_fuel import __version__
from tests.packaging.rpmtools import (
    FPB_PY3, FPB_PY27, PLUGIN, ROOT, build, copy_of_sources, run, skip_loudly)


@pytest.fixture
def tree(tmp_path):
    return copy_of_sources(tmp_path / 'tree')


def content(rpms):
    return {edition: rpm.read_bytes() for edition, rpm in rpms.items()}


def test_another_machine_builds_the_same_bytes_from_a_littered_tree(tmp_path, tree):
    """A closed umask, a zstd payload by default, leftovers of tests and editors."""
    for litter in ['.swp', 'stale.pyc', '__pycache__/x.pyc', 'calico_fuel/gone.py']:
        path = tree / 'deployment_scripts' / litter
        path.parent.mkdir(exist_ok=True)
        path.write_text('litter')
    (tree / 'calico_fuel/.hidden.py.swp').write_text('litter')
    run('chmod', '-R', 'go=', tree)
    (tmp_path / '.rpmmacros').write_text('%_binary_payload w19.zstdio\n')

    here = build(tmp_path / 'here', SOURCE_DATE_EPOCH='1500000000')
    umask = os.umask(0o077)
    try:
        there = build(tmp_path / 'there', root=tree, SOURCE_DATE_EPOCH='1500000000',
                      HOME=str(tmp_path), TZ='Asia/Kathmandu')
    finally:
        os.umask(umask)

    assert {edition: path.name for edition, path in here.items()} == {
        edition: 'calico-fuel-plugin-4.0-{}.{}.noarch.rpm'.format(__version__, edition)
        for edition in ('fuel-6.1-8.0', 'fuel-9')}
    assert content(here) == content(there)


def test_fpb_on_python_2_builds_the_same_bytes(tmp_path, rpms):
    if not FPB_PY27.exists():
        skip_loudly('no {}: the RPMs of Python 2.7 are not compared'.format(FPB_PY27))

    assert content(build(tmp_path / 'dist', python=FPB_PY27)) == content(rpms)


def test_a_build_leaves_the_tree_as_it_was(tmp_path, tree):
    def listing():
        return sorted((str(path), path.stat().st_mtime) for path in tree.rglob('*')
                      if '__pycache__' not in str(path))

    before = listing()
    build(tmp_path / 'dist', root=tree)

    assert listing() == before


def test_fpb_finds_no_fault_in_an_unpacked_rpm(plugin):
    done = run(FPB_PY3, ROOT / 'tools/fpb', '--check', plugin)

    assert 'Plugin is valid' in done.stdout


def test_fpb_names_the_file_with_a_fault(tree):
    (tree / 'tasks.yaml').write_text('- role: [compute]\n')

    done = run(FPB_PY3, tree / 'tools/fpb', '--check', tree, check=False)

    assert done.returncode != 0
    assert 'tasks.yaml' in done.stdout


def test_a_failed_build_shows_what_fpb_said(tmp_path, tree):
    (tree / 'tasks.yaml').write_text('- role: [compute]\n')

    done = run(sys.executable, tree / 'tools/build-rpms', '--python', FPB_PY3,
               '--dist', tmp_path / 'dist', check=False)

    assert done.returncode == 1
    assert "tasks.yaml', 'parameters' is a required property" in done.stdout
    assert not (tmp_path / 'dist').exists()


@pytest.mark.parametrize('tool, package', [
    ('rpmbuild', 'rpm'), ('rpm', 'rpm'), ('createrepo_c', 'createrepo-c'),
    ('dpkg-scanpackages', 'dpkg-dev'), ('gzip', 'gzip')])
def test_a_missing_tool_is_named_with_its_package(tmp_path, tool, package):
    others = {'rpmbuild', 'rpm', 'createrepo_c', 'dpkg-scanpackages', 'gzip'} - {tool}
    for name in others:
        (tmp_path / name).symlink_to(shutil.which(name))

    done = run(sys.executable, ROOT / 'tools/build-rpms', check=False,
               env={'PATH': str(tmp_path)})

    assert done.returncode == 1
    assert done.stdout == (
        'build-rpms: missing: {}. On Debian or Ubuntu: apt-get install {}\n'
        .format(tool, package))


def test_all_missing_tools_are_named_at_once():
    done = run(sys.executable, ROOT / 'tools/build-rpms', check=False, env={'PATH': ''})

    assert done.returncode == 1
    for tool in ['rpmbuild', 'rpm', 'createrepo_c', 'dpkg-scanpackages', 'gzip']:
        assert tool in done.stdout
    assert done.stdout.endswith('apt-get install createrepo-c dpkg-dev gzip rpm\n')


def test_a_python_without_fpb_is_told_what_to_install(tmp_path):
    bare = tmp_path / 'python'
    bare.write_text('#!/bin/sh\nexec {} -S "$@"\n'.format(sys.executable))
    bare.chmod(0o755)

    done = run(sys.executable, ROOT / 'tools/build-rpms', '--dist', tmp_path,
               '--python', bare, check=False)

    assert done.returncode == 1
    assert 'tools/requirements-fpb-py3.txt' in done.stdout


def test_the_rpm_for_6_1_installs_and_leaves_nothing_when_removed(tmp_path, rpms):
    if os.geteuid() != 0:
        skip_loudly('rpm --root needs root')
    root = tmp_path / 'master'
    root.mkdir()

    run('rpm', '--root', root, '--nodeps', '-i', rpms['fuel-6.1-8.0'])
    assert (root / PLUGIN / 'metadata.yaml').exists()

    run('rpm', '--root', root, '-e', 'calico-fuel-plugin-4.0')
    assert not (root / PLUGIN).exists()
