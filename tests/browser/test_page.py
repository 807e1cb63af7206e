"""The page of ``status --html`` in a real browser: Debian's Chromium.

Not a part of ``make test``, because Chromium is large: ``make test-page``.
"""

import re
import shutil
import subprocess

import pytest

from calico_fuel_master import page
from tests.unit.master.answers import environment
from tests.unit.master.test_reports import of

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync']
PHONE, DESKTOP = 500, 1280
DARK = '--blink-settings=preferredColorScheme=0'
# What the browser has made of the page, in the place of its title.
REPORT = '''<script>
document.title=[document.documentElement.scrollWidth<=innerWidth,
getComputedStyle(document.body).backgroundColor,
document.querySelector("[data-time]").textContent].join("|")</script>'''
CLICK = '<script>document.querySelectorAll("{}")[{}].click()</script>'


@pytest.fixture
def seen(tmp_path):
    """The document as the browser has it, after some more script."""
    program = shutil.which('chromium')
    if not program:
        pytest.fail('no chromium: run tools/setup chromium')

    def seen(script, width=DESKTOP, *flags):
        path = tmp_path / 'page.html'
        path.write_text(page.page(of(*environment(computes=9, down=4, silent=5)), 1) +
                        script)
        return subprocess.run(
            [program] + FLAGS + list(flags) + [
                '--user-data-dir={}'.format(tmp_path / 'profile'), '--dump-dom',
                '--window-size={},900'.format(width), path.as_uri()],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            universal_newlines=True, timeout=120).stdout
    return seen


def title(document):
    return re.search('<title>(.*?)</title>', document).group(1).split('|')


def nodes(document):
    table = document.partition('<h2>Nodes</h2>')[2].partition('</table>')[0]
    return re.findall(r'<td>(node-\d+)</td>', table)


@pytest.mark.parametrize('width', [PHONE, DESKTOP])
def test_nothing_is_wider_than_the_window_and_the_age_is_told(seen, width):
    fits, _, age = title(seen(REPORT, width))

    assert fits == 'true'
    assert re.match(r'\d+ h old$', age)


def test_light_and_dark_are_the_readers_choice(seen):
    light, dark = [title(seen(REPORT, DESKTOP, *flags))[1] for flags in ([], [DARK])]

    assert (light, dark) == ('rgb(251, 251, 250)', 'rgb(20, 24, 28)')


def test_a_table_sorts_by_the_column_that_is_clicked(seen):
    """node-10 after node-9; the second click turns the order."""
    in_nodes = 'h2:nth-of-type(3) + .scroll th button'
    up = nodes(seen(CLICK.format(in_nodes, 1)))
    down = nodes(seen(CLICK.format(in_nodes, 1) * 2))

    assert up == ['node-{}'.format(number) for number in range(1, 12)]
    assert down == up[::-1]
    assert nodes(seen(''))[:2] == ['node-5', 'node-4']
