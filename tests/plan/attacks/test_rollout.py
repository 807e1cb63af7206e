"""A running environment without protection gets all of it by one deployment."""

import pytest


@pytest.mark.plan('rollout over a running environment of 3 + 4')
def test_it_costs_no_packet_and_no_connection(lab, record_property):
    """No packet is lost, and the TCP connection goes on.

    Steps: Deploy with plugin 1.0 or 2.0: without a BGP password, filter, limit and
    firewall chain. Deploy with this plugin, during a ping and on an open TCP connection
    between two instances.
    """
    rollout = lab.rollout
    record_property('packets lost', rollout.traffic.lost)
    record_property('traffic', rollout.traffic)

    # So an instance could open connections to another compute before.
    assert rollout.reached == [lab.fuel.members['node-5'].machine.address]
    assert rollout.traffic.lost == 0, rollout.traffic
