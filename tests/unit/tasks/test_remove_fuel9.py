"""What a removal from a node of Fuel 9 takes away, and promises."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import converge
from calico_fuel.render import CRON_FILE
from calico_fuel.tasks import hiera, remove
from tests.unit.fake.system import FakeSystem
from tests.unit.tasks.test_remove import wanted


@pytest.mark.parametrize('l23network, release, told', [
    ('patch-', '9.2', 'the Linux bridges that this node has in place of Open vSwitch'),
    ('', '9.0', 'Open vSwitch bridges that were removed: the next boot makes them')])
def test_nothing_is_promised_that_no_deployment_does(l23network, release, told):
    of_all = wanted(release=release)
    node = FakeSystem({hiera.NETWORK_SCHEME: l23network})

    said = '\n'.join(resource.label for resource in remove.resources(
        of_all, of_all.this_node, node))

    assert told in said and 'no deployment of this environment makes them' in said
    assert 'the next deployment by Fuel' not in said


def test_cron_saves_no_keys_any_more():
    of_all = wanted(release='9.2')
    node = FakeSystem({CRON_FILE: 'ours'})

    list(converge([one for one in remove.resources(of_all, of_all.this_node, node)
                   if CRON_FILE in one.label], node))

    assert not node.exists(CRON_FILE)
