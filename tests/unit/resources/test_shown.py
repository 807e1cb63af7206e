"""A difference of files is for people, and shows no secret."""

from __future__ import unicode_literals

import pytest

from calico_fuel.resources.file import File
from tests.unit.fake.system import FakeSystem

CONF = '/etc/bird/bird.conf'


def test_a_difference_shows_no_password():
    system = FakeSystem({CONF: '  password "old one";\n  multihop;\n'})

    both = File(CONF, '  password "new one";\n  direct;\n').difference(system)
    alone = File(CONF, '  password "new one";\n  multihop;\n').difference(system)

    assert '+  direct;' in both and '-  multihop;' in both
    assert alone == CONF + ': a password changes'
    assert 'one' not in both + alone


@pytest.mark.parametrize('line', [
    'password\t"S3cret";', 'neighbor 192.0.2.1 as 1; password "S3cret"; multihop;',
    '  password "S3cret"; # of the border', 'define op = "S3cret";',
    '  password  "S3cret";', '  password"S3cret";', '  "S3cret";',
    'password "S3cret" { id 1; };', "key 'S3cret';", 'RABBIT_PASSWORD=S3cret',
    'auth_token: S3cret', 'define op = S3cret', 'password "S3cret'])
def test_a_difference_shows_no_password_that_somebody_else_wrote(line):
    system = FakeSystem({CONF: 'router id 192.0.2.9;\n' + line + '\n'})

    shown = File(CONF, '  password "N3w";\n').difference(system)

    assert 'S3cret' not in shown and 'N3w' not in shown
    assert '-router id 192.0.2.9;' in shown
