"""The command calico-fuel, which messages tell operators to run."""

from __future__ import unicode_literals

import pytest

from calico_fuel.tasks import packages
from tests.unit.builders import environment, roles
from tests.unit.fake.system import FakeSystem


@pytest.mark.parametrize('uid', '123')
def test_it_is_on_every_node_of_ours_before_any_package(uid):
    of = environment(roles(1, 1, [['calico-rr']]), '9.2', uid)

    program, man_page, completion = packages.resources(
        of, of.this_node, FakeSystem())[:3]

    assert (program.path, program.mode) == ('/usr/local/sbin/calico-fuel', 0o755)
    assert program.text.endswith(
        '\nexec /etc/fuel/plugins/calico-fuel-plugin-4.0/run_task "$@"\n')
    folder = '/etc/fuel/plugins/calico-fuel-plugin-4.0/'
    assert man_page.path == '/usr/local/share/man/man8/calico-fuel.8'
    assert man_page.text == '.so {}calico-fuel.8\n'.format(folder)
    assert completion.path == '/etc/bash_completion.d/calico-fuel'
    assert completion.text == '[ ! -r {0} ] || . {0}\n'.format(
        folder + 'calico-fuel.bash')
