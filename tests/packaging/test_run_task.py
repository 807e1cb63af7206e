"""run_task of the unpacked RPM, started as Fuel starts it on a node."""
import os
import shutil
import sys

import pytest
import yaml

from tests.packaging.rpmtools import ROOT, run

import calico_fuel
from lab.fuel import fuel_metadata

RUN = '#!/bin/sh\nexec {} "$@"\n'
WORKING_PYTHON = RUN.format(sys.executable)
PYTHONS = pytest.mark.parametrize(
    'python', [sys.executable, ROOT / '.cache/py27/bin/python'],
    ids=['python3', 'python2.7'])
PYTHON_WITHOUT_MODULES = '#!/bin/sh\nexit 1\n'


@pytest.fixture
def scripts(plugin, tmp_path):
    """The folder on a node: a copy, because Python writes byte code into it."""
    return shutil.copytree(plugin / 'deployment_scripts', tmp_path / 'scripts')


@pytest.fixture
def node(scripts, tmp_path):
    """Run ``run_task`` on a node where only the commands given are real."""
    def write(name, text):
        path = tmp_path / name
        path.write_text(text.format(bin=tmp_path))
        path.chmod(0o755)

    def run_task(*args, cwd='/', **commands):
        for name in ['python2.7', 'python3', 'python']:
            write(name, PYTHON_WITHOUT_MODULES)
        write('apt-get', '#!/bin/sh\nexit 100\n')
        for name, text in commands.items():
            write(name.replace('_', '-'), text)
        return run(scripts / 'run_task', *args, check=False, cwd=str(cwd),
                   env={'PATH': '{}:/usr/bin:/bin'.format(tmp_path)})

    return run_task


def test_the_package_of_the_rpm_runs_without_a_home(node):
    done = node('--version', python3=WORKING_PYTHON)

    assert (done.returncode, done.stdout) == (
        0, 'calico-fuel {}\n'.format(calico_fuel.__version__))


def test_the_package_of_the_rpm_has_its_templates(node, tmp_path):
    astute = tmp_path / 'astute.yaml'
    astute.write_text(fuel_metadata.text(
        '6.1', [['primary-controller'], ['compute']], '2'))

    done = node('render', astute, '--file', 'bird.conf', python3=WORKING_PYTHON)

    assert done.returncode == 0
    assert 'protocol bgp' in done.stdout


def test_every_task_of_the_rpm_is_a_command_that_its_package_knows(node, plugin):
    commands = [task['parameters']['cmd'] for path in plugin.glob('*tasks.yaml')
                for task in yaml.safe_load(path.read_text())
                if task.get('type', 'shell') == 'shell']

    assert commands
    for command in commands:
        script, task = command.split()
        assert script == './run_task'
        assert node(task, '--help', python3=WORKING_PYTHON).returncode == 0


@PYTHONS
def test_modules_of_the_working_directory_are_not_taken_for_ours(
        node, tmp_path, python):
    """The command is typed anywhere, as root, and anybody may write to /tmp."""
    (tmp_path / 'open').mkdir()
    for name in 'yaml', 'jinja2', 'runpy', 'calico_fuel':
        (tmp_path / 'open' / (name + '.py')).write_text('raise SystemExit("taken")')

    done = node('settings', python=RUN.format(python), cwd=tmp_path / 'open')

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'as_number' in done.stdout


def test_the_exit_status_reaches_fuel(node):
    assert node('no-such-task', python=WORKING_PYTHON).returncode == 2


@PYTHONS
def test_byte_code_of_a_start_serves_the_next_one_and_follows_its_module(
        node, scripts, python):
    module = scripts / 'calico_fuel/__init__.py'

    def version():
        return node('--version', python=RUN.format(python)).stdout
    first = version()
    assert list(scripts.rglob('arguments*.pyc'))
    times = module.stat()
    module.write_text(module.read_text().replace(calico_fuel.__version__, '9.9.9'))
    # As Fuel 9 copies it from an RPM of the same commit.
    os.utime(module, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert (first, version()) == (
        'calico-fuel {}\n'.format(calico_fuel.__version__), 'calico-fuel 9.9.9\n')


def test_byte_code_that_cannot_be_removed_stops_no_task(node, scripts):
    stuck = scripts / 'calico_fuel/stuck.pyc'
    stuck.mkdir()
    (stuck / 'file').touch()
    os.utime(stuck, (0, 0))

    done = node('--version', python=WORKING_PYTHON)

    assert 'stuck.pyc' in done.stdout
    assert done.returncode == 0, done.stdout


def test_missing_modules_are_installed_without_a_question(node):
    done = node('--version', apt_get='''\
#!/bin/sh
[ "$*" = "install -y python-yaml python-jinja2" ] || exit 1
[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 1
cp {bin}/working {bin}/python2.7
''', working=WORKING_PYTHON)

    assert done.stdout == 'calico-fuel {}\n'.format(calico_fuel.__version__)


def test_modules_that_cannot_be_installed_end_in_one_clear_message(node):
    done = node('--version')

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert 'install python-yaml and python-jinja2' in done.stdout
