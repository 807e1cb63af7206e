"""What tests of members share."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.etcd_environment import Environment


@pytest.fixture
def three():
    """An environment of three members, which are up."""
    env = Environment('123')
    env.run_all()
    return env
