"""What builds the RPMs is installed by version and SHA-256, and nothing else is.

The index of these tests has packages of the right names and versions, with other bytes.
"""
import hashlib
import json
import os
import re
import shutil
import zipfile

import pytest

from tests.packaging.rpmtools import FPB_PY3, ROOT, run

LISTS = ['tools/requirements-fpb-py3.txt', 'tools/requirements-fpb-sdist.txt']
PIN = re.compile(r'(?m)^([\w-]+)==(\S+)')


def pins():
    """Name -> version."""
    return dict(PIN.findall(''.join((ROOT / name).read_text() for name in LISTS)))


def wheel(folder, name, version):
    """A package that has a module of another name alone; its SHA-256."""
    stem = '{}-{}'.format(name.replace('-', '_'), version)
    path = folder / (stem + '-py3-none-any.whl')
    files = {
        'planted_{}.py'.format(name.replace('-', '_')): '',
        stem + '.dist-info/METADATA': (
            'Metadata-Version: 2.1\nName: {}\nVersion: {}\n'.format(name, version)),
        stem + '.dist-info/WHEEL': 'Wheel-Version: 1.0\nGenerator: x\n'
        'Root-Is-Purelib: true\nTag: py3-none-any\n'}
    files[stem + '.dist-info/RECORD'] = ''.join(one + ',,\n' for one in files)
    with zipfile.ZipFile(str(path), 'w') as archive:
        for one, text in files.items():
            archive.writestr(one, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def index(tmp_path):
    """A folder with a wheel of each package; name -> SHA-256."""
    (tmp_path / 'index').mkdir()
    return {name: wheel(tmp_path / 'index', name, version)
            for name, version in pins().items()}


@pytest.fixture
def builder(tmp_path, index):
    """Run `tools/setup fpb` in a tree of its own, with other hashes if given."""
    tree = tmp_path / 'tree'
    shutil.copytree(str(ROOT / 'tools'), str(tree / 'tools'))

    def builder(hashes=None):
        for name in LISTS if hashes else []:
            text = re.sub(r'(?m) \\\n +--hash=.*$', '', (ROOT / name).read_text())
            (tree / name).write_text(PIN.sub(
                lambda pin: pin.group() + hashes[pin.group(1)], text))
        done = run(tree / 'tools/setup', 'fpb', check=False, env=dict(
            os.environ, PIP_NO_INDEX='1', PIP_FIND_LINKS=str(tmp_path / 'index'),
            PIP_CONFIG_FILE=os.devnull))
        folder = tree / '.cache/fpb-py3'
        return done, {path.name for path in folder.rglob('planted_*.py')}, (
            folder / 'installed').exists()
    return builder


def test_the_builder_has_what_the_lists_name_and_nothing_else():
    found = json.loads(run(FPB_PY3, '-m', 'pip', 'list', '--format', 'json',
                           '--disable-pip-version-check').stdout)

    assert {one['name'].lower().replace('_', '-'): one['version'] for one in found
            if one['name'] != 'pip'} == {
                name.lower(): version for name, version in pins().items()}


def test_an_index_with_other_files_of_the_same_versions_is_refused(builder):
    done, planted, is_done = builder()

    assert done.returncode != 0 and not planted and not is_done
    assert 'DO NOT MATCH THE HASHES' in done.stdout


def test_the_same_index_is_accepted_by_lists_that_have_its_hashes(builder, index):
    """Or these tests would be about something else."""
    done, planted, is_done = builder(
        {name: ' --hash=sha256:' + sha256 for name, sha256 in index.items()})

    assert done.returncode == 0 and is_done, done.stdout
    assert len(planted) == len(index)


@pytest.mark.parametrize('name', ['six', 'fuel-plugin-builder'])
@pytest.mark.parametrize('hashed, words', [
    (' --hash=sha256:' + '0' * 64, 'DO NOT MATCH THE HASHES'),
    ('', 'Hashes are required')])
def test_one_hash_that_is_changed_or_missing_is_refused(
        builder, index, name, hashed, words):
    hashes = {one: ' --hash=sha256:' + sha256 for one, sha256 in index.items()}
    hashes[name] = hashed

    done, planted, is_done = builder(hashes)

    assert done.returncode != 0 and not is_done
    assert words in done.stdout and name in done.stdout
    assert 'planted_{}.py'.format(name.replace('-', '_')) not in planted


@pytest.mark.parametrize('target', ['rpm', 'packages'])
def test_what_goes_into_an_rpm_is_chosen_by_nothing_else(target):
    said = run('make', '-n', target, cwd=str(ROOT)).stdout

    assert 'tools/setup rpm fpb\n' in said and '.cache/fpb-py3/bin/python ' in said
    assert '.venv' not in said
