"""Commands, codes and pages that a text names exist.

``make docs`` checks the links between pages.
"""

from __future__ import unicode_literals

import glob
import io
import os
import re

import pytest

from calico_fuel.cli import arguments
from calico_fuel.codes import registry
from calico_fuel.tasks import status
from tests.unit.fuel.test_settings_page import ROOT

PAGES = sorted(os.path.relpath(path, ROOT) for pattern in (
    '*.md', 'docs/*.md', 'docs/*/*.md', 'lab/*.md')
    for path in glob.glob(os.path.join(ROOT, pattern)))
CODE = ['calico_fuel', 'calico_fuel_master', 'deployment_scripts', 'fuel9', 'lab',
        'tests', 'tools', 'Makefile', 'environment_config.yaml']
PAGE = re.compile(r'\b((?:\.\./)*docs/[a-z0-9_/-]+\.md)\b')


def text_of(path):
    with io.open(os.path.join(ROOT, path), encoding='utf-8') as stream:
        return stream.read()


@pytest.mark.parametrize('path', PAGES)
def test_each_command_of_a_page_exists(path):
    named = set(re.findall(r'(?:^ +|`)calico-fuel ([a-z][a-z-]+)', text_of(path), re.M))
    known = re.findall(r'(?m)^  ([a-z-]+) ', arguments.parser().format_help())

    assert sorted(named - set(known)) == []


def test_each_code_of_the_symptoms_exists():
    named = set(re.findall(r'`([A-Z]+_[A-Z_]+)`', text_of('docs/troubleshooting.md')))

    assert len(named) > 20 and named <= set(registry.CODES)


def test_status_can_find_the_codes_of_the_symptoms_that_ask_for_it():
    rows = [row.split('|')[2:4] for row in text_of(
        'docs/troubleshooting.md').splitlines() if row.count('|') == 5]
    named = set(name for asked, found in rows if '`calico-fuel status`' in asked
                for name in re.findall(r'`([A-Z]+_[A-Z_]+)`', found))

    assert len(named) > 20
    assert sorted(named & set(one.name for one in status.NOT_CHECKED)) == []


def files_of_code():
    for name in CODE:
        path = os.path.join(ROOT, name)
        if os.path.isfile(path):
            yield path
        for folder, _, files in os.walk(path):
            for one in files:
                if not one.endswith(('.pyc', '.rpm', '.deb')):
                    yield os.path.join(folder, one)


def test_each_page_that_code_or_a_message_names_exists():
    lost = []
    for path in files_of_code():
        with io.open(path, encoding='utf-8', errors='replace') as stream:
            lost += [(os.path.relpath(path, ROOT), page)
                     for page in PAGE.findall(stream.read())
                     if not os.path.exists(os.path.join(ROOT, page.lstrip('./')))]

    assert lost == []
