"""`make docs` refuses pages that would lead a reader nowhere.

That it takes the pages of this project is the rest of the part `docs` of tools/test.
"""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FAULTS = {
    '[a page](nowhere.md)': "'nowhere.md'",
    '[a heading](other.md#nowhere)': "'nowhere'",
    '[a heading here](#nowhere-here)': "'nowhere-here'",
    '[a file of the repository](../tools/nowhere)': "'../tools/nowhere'",
    '![a picture](pictures/nowhere.png)': 'nowhere.png',
    '```{graphviz} pictures/nowhere.dot\n```': 'nowhere.dot'}
GOOD = ['[other](other.md#a-heading)', '[here](#faults)', '[code](../Makefile)']


def test_each_link_and_picture_has_to_lead_somewhere(tmp_path):
    """And each page has to be in the contents; all faults are named at once."""
    for name in ('Makefile', 'calico_fuel/__init__.py', 'docs/conf.py',
                 'docs/site/site.css', 'docs/site/index.html'):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(str(ROOT / name), str(tmp_path / name))
    (tmp_path / '.cache').symlink_to(ROOT / '.cache')
    (tmp_path / 'tools').mkdir()
    (tmp_path / 'tools/setup').write_text('#!/bin/sh\n')
    (tmp_path / 'tools/setup').chmod(0o755)
    pages = tmp_path / 'docs'
    (pages / 'index.md').write_text(
        '# Faults\n\n```{toctree}\nother\n```\n\n' + '\n\n'.join(GOOD + list(FAULTS)))
    (pages / 'other.md').write_text('# Other\n\n## A heading\n')
    (pages / 'alone.md').write_text('# Alone\n')

    made = subprocess.run(['make', 'docs'], cwd=str(tmp_path), timeout=120,
                          stderr=subprocess.PIPE, universal_newlines=True)

    warnings = [line for line in made.stderr.splitlines() if 'WARNING' in line]
    assert made.returncode != 0
    for named in list(FAULTS.values()) + ['alone.md']:
        assert [line for line in warnings if named in line], made.stderr
    assert len(warnings) == len(FAULTS) + 1, made.stderr
