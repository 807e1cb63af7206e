"""Build the RPMs with the real fuel-plugin-builder and look inside.

Needs the Debian packages rpm, rpm2cpio, cpio, createrepo-c and dpkg-dev, and
.cache/fpb-py3, which tools/setup makes.
"""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
FPB_PY3 = ROOT / '.cache/fpb-py3/bin/python'
FPB_PY27 = ROOT / '.cache/fpb-py27/bin/python'

EDITIONS = ['fuel-6.1-8.0', 'fuel-9']
# All that a build reads.
SOURCES = ['metadata.yaml', 'environment_config.yaml', 'tasks.yaml', 'pre_build_hook',
           'LICENSE', 'README.md', 'deployment_scripts', 'repositories', 'calico_fuel',
           'calico_fuel_master', 'fuel9', 'packages', 'tools']
PLUGIN = 'var/www/nailgun/plugins/calico-fuel-plugin-4.0'


def run(*argv, **kwargs):
    """Run *argv*; give status and output, or fail with both."""
    check = kwargs.pop('check', True)
    done = subprocess.run([str(arg) for arg in argv], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True, **kwargs)
    assert not check or done.returncode == 0, '{}\n{}'.format(argv, done.stdout)
    return done


def build(dist, root=ROOT, python=FPB_PY3, **env):
    """Build both RPMs of the tree at *root*: edition -> path."""
    run(sys.executable, root / 'tools/build-rpms', '--dist', dist, '--python', python,
        env=dict(os.environ, **env))
    return {edition: path for edition in EDITIONS
            for path in dist.glob('*.{}.noarch.rpm'.format(edition))}


def copy_of_sources(tree):
    """*tree*, a new folder with a clean copy of all that a build reads."""
    tree.mkdir()
    leftovers = shutil.ignore_patterns('__pycache__', '*.pyc')
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(str(ROOT / name), str(tree / name), ignore=leftovers)
        else:
            shutil.copy2(str(ROOT / name), str(tree / name))
    shutil.rmtree(str(tree / 'deployment_scripts/calico_fuel'), ignore_errors=True)
    return tree


def unpack(rpm, folder):
    """The plugin's folder, as *rpm* would put it on a master."""
    folder.mkdir()
    run('sh', '-c', 'rpm2cpio "$1" | cpio -idm --quiet', 'sh', rpm, cwd=str(folder))
    return folder / PLUGIN


def query(rpm, *args):
    return subprocess.check_output(['rpm', '-qp'] + list(args) + [str(rpm)],
                                   universal_newlines=True)


def files_below(folder):
    """Relative paths of all files, byte code excepted."""
    return {str(path.relative_to(folder)) for path in folder.rglob('*')
            if path.is_file() and path.suffix != '.pyc'}


def skip_loudly(reason):
    """Skip, or fail where LIVE=required says that nothing may be skipped."""
    if os.environ.get('LIVE') == 'required':
        pytest.fail(reason)
    pytest.skip(reason)
