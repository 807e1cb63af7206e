"""What tests of the master's commands share."""

from __future__ import unicode_literals

import pytest

from calico_fuel_master import nailgun
from tests.unit.master.nailgun_client import Client


@pytest.fixture
def api(monkeypatch):
    """Let Fuel's client answer so."""
    def api(found):
        client = Client(found)
        monkeypatch.setattr(nailgun, '_client', lambda: client)
        return client
    return api
