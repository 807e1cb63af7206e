"""The chapters of docs/test-plan.md."""

# Title, what is said of all its cases, the files of the tests.
CHAPTERS = (
    ('Build', '', ['plan/test_fuel_build.py']),
    ('The Fuel master: install, update, remove', '', ['plan/test_fuel_client.py']),
    ('Installed and not enabled', '', ['plan/test_not_enabled.py']),
    ('Deployment and traffic', '', ['plan/test_plan.py']),
    ('Nodes come and go', '', ['plan/test_plan_changes.py']),
    ('Three controllers', '', ['plan/test_beyond.py']),
    ('Day two: updates, reboots, removal', '', ['plan/test_day_two.py']),
    ('Fuel 8.0', 'On Fuel 8.0 only.', ['plan/test_fuel8.py']),
    ('Fuel 9', 'On Fuel 9.0, 9.1 and 9.2 only.', ['plan/test_fuel9.py']),
    ('Floating IPs', 'On Fuel 8.0 and 9.2.', [
        'live/neutron/fuel8/test_floating_ips.py',
        'live/neutron/fuel9/test_floating_ips.py']),
    ('Border routers, racks, MTU', '', [
        'live/test_border_routers.py', 'live/test_racks.py', 'live/test_mtu.py']),
    ('Faults', 'In each case is also expected: no packet is lost, the files of the '
     'plugin and the keys of etcd are the same afterwards, and BIRD and Felix keep '
     'their processes on the computes with the instances.',
     ['plan/faults/test_nodes.py', 'plan/faults/test_etcd.py',
      'plan/faults/test_etcd_paused.py', 'plan/faults/test_disks.py',
      'plan/faults/test_partitions.py', 'plan/faults/test_bad_network.py',
      'plan/faults/test_clock.py', 'plan/faults/test_power.py',
      'plan/faults/test_slow_disk.py']),
    ('Security', 'S1 to S24 are the numbers in [testing.md](testing.md#attacks). '
     '[security.md](security.md) has the actors.',
     ['plan/attacks/test_rollout.py', 'plan/attacks/test_instance.py',
      'plan/attacks/test_stranger.py', 'plan/attacks/test_stranger_etcd.py',
      'plan/attacks/test_compute.py', 'plan/attacks/test_hijack.py',
      'plan/attacks/test_local_user.py', 'plan/attacks/test_local_user_etcd.py']),
)
