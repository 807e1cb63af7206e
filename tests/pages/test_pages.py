"""What is generated is what the code says today, and each use of it works."""

import re
import shutil
import subprocess

import pytest

from calico_fuel.cli import arguments
from calico_fuel_master import program
from tests.packaging.rpmtools import ROOT, skip_loudly
from tools.pages.__main__ import PAGES

MAN_PAGE = ROOT / 'deployment_scripts/calico-fuel.8'
COMPLETE = '''
. "$0"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_calico_fuel
echo "${COMPREPLY[@]}"
'''


@pytest.mark.parametrize('name', sorted(PAGES))
def test_what_is_in_git_is_what_is_generated(name):
    """After a change: make pages."""
    assert (ROOT / name).read_text(encoding='utf-8') == PAGES[name]()


def subcommands(parser):
    choices, = [action.choices for action in parser._actions
                if isinstance(action.choices, dict)]
    return choices


@pytest.mark.parametrize('parser', [arguments.parser(), program.parser()],
                         ids=['node', 'master'])
def test_the_page_has_each_command_with_each_option_of_its_help(parser):
    chapter, = [chapter for chapter in PAGES['docs/commands.md']().split('\n## ')
                if chapter.startswith(parser.prog + '\n')]
    sections = dict(re.findall(r'(?ms)^####? (\S+)\n(.*?)(?=^##|\Z)', chapter))
    for name, command in subcommands(parser).items():
        options = re.findall(r'--[a-z-]+', command.format_usage())
        assert [one for one in options if one not in sections[name]] == [], name


def test_the_man_page_is_shown_without_a_warning():
    if not shutil.which('groff'):
        skip_loudly('there is no groff: run tools/setup python')
    done = subprocess.run(
        ['groff', '-man', '-ww', '-Tascii', '-P-c', '-P-b', '-P-u', str(MAN_PAGE)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)

    assert (done.returncode, done.stderr) == (0, '')
    assert 'NAME\n       calico-fuel - Calico' in done.stdout
    for name, command in subcommands(arguments.parser()).items():
        assert '\n   {}\n       calico-fuel {}'.format(name, name) in done.stdout
        for line in (command.epilog or '').splitlines()[1:]:
            assert line.strip() in done.stdout


@pytest.mark.parametrize('words, completed', [
    (['etcd-b'], 'etcd-backup'),
    (['re'], 'render release-routes refresh remove'),
    (['status', '--fo'], '--format'),
    (['status', '--format', ''], 'table json nagios prometheus'),
    (['topology', 'astute.yaml', '--format', 'd'], 'dot'),
    (['render', '--all', '--bird', ''], '1 2'),
    (['explain', '10.65.0.1', 'to', '10.65.0.2', '--'], '--format --help'),
    # Names of files, which bash itself completes.
    (['render', '--output', ''], ''), (['topology', 'ast'], ''),
    (['no-such-command', '--'], '')])
def test_bash_completes_commands_options_and_their_values(words, completed):
    said = subprocess.check_output(
        ['bash', '-euc', COMPLETE, str(ROOT / 'deployment_scripts/calico-fuel.bash'),
         'calico-fuel'] + words, universal_newlines=True)

    assert said.strip() == completed
