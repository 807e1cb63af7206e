"""Whatever times BIRD prints, its sessions and routes are understood."""

from calico_fuel.bgp import health
from calico_fuel.bgp.bird_replies import parse_routes
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine.programs import eventually
from tests.live import COMPUTE, CONTROLLER
from tests.live.test_verify import Node

FORMATS = ('iso short', 'iso long', '"%F %T"', '"%b  %e  %T"',
           '"%d.%m.%Y %H:%M:%S %Z" 3600 "%F"')
OF_LINE = {'1': ('old short', 'old long'),
           '2': ('iso short ms', 'iso long ms', 'iso long us')}
ROLES = CONTROLLER, COMPUTE, COMPUTE, COMPUTE
WORKLOAD = '203.0.113.21'
DOWN = 'BGP client_node_4 to node-4.example.com (192.0.2.14)'


def test_times_of_any_format_hide_no_session_and_no_route(bring_up, line):
    """By "timeformat" in local.d; exporters of metrics ask for "iso long"."""
    network = bring_up(*ROLES)
    network.add_workload('vm-1', 'node-3', WORKLOAD)
    network.birds['node-4'].stop()
    reflector, compute = network.birds['node-1'], network.birds['node-2']
    of = parse_environment(fuel_metadata.text('6.1', ROLES, '1'))

    def rows():
        return [(row.subject, row.state, row.is_problem) for row in health.of_node(
            of, of.this_node, Node(reflector))]

    def brought():
        return parse_routes(compute.birdc('show', 'route', 'all')).get(
            'reflector_node_1')
    assert eventually(lambda: [row[0] for row in rows() if row[2]] == [DOWN], 10)
    assert eventually(brought)

    for time in FORMATS + OF_LINE[line]:
        for daemon in reflector, compute:
            (daemon.config.parent / 'local.d/times.conf').write_text(
                'timeformat protocol {0};\ntimeformat route {0};\n'.format(time))
            assert 'Reconfigured' in daemon.birdc('configure'), time

        bird, up, (subject, state, is_problem) = rows()
        assert (bird, up) == (('BIRD', 'runs', False),
                              ('BGP to 2 computes', 'Established', False)), time
        assert subject == DOWN and is_problem, time
        assert state.split()[1] in ('Active', 'Connect', 'Idle'), (time, state)
        assert brought() == {WORKLOAD + '/32': '192.0.2.13'}, time
