"""Settings that a deployed environment must not take: nothing changes, all is said."""

import json
import urllib.parse

import pytest

from lab.fuel.granular import DeploymentFailed
from lab.machine.programs import eventually
from tests.plan.conftest import FUEL
from tests.plan.nodes import KEYS, ask_etcd

ENDPOINT = KEYS + 'calico/v1/host/node-3/workload/openstack/vm-2/endpoint/port-2'
OTHER = '10.99.0.0/16'
TASK = 'cd /etc/fuel/plugins/calico-fuel-plugin-4.0 && ./run_task '


@pytest.mark.plan('workload prefixes without the workloads')
@pytest.mark.skipif(FUEL.startswith('9'), reason='the tasks are the same')
def test_prefixes_without_the_workloads_are_refused_and_all_routes_stay(make_lab):
    """`preflight` stops the deployment, and each task refuses. Each names an instance,
    with its host or its tap. `bird.conf`, the routes and the traffic stay as they were.

    Steps: Deploy a controller and two computes with an instance each. Change the
    instance CIDRs to others. Deploy again. Run `preflight`, `route-reflector`,
    `compute` and `verify` by hand.
    """
    lab = make_lab('primary-controller', 'compute', 'compute')
    here, there = lab.add_workload('node-2'), lab.add_workload('node-3')
    ask_etcd(lab, 'node-1', ENDPOINT, 'value=' + urllib.parse.quote(json.dumps(
        {'ipv4_nets': [there.address + '/32']})), 'PUT', check=True)
    assert lab.is_matrix_whole()
    reflector, node = [lab.fuel.members[name].machine for name in ('node-1', 'node-2')]

    def routes():
        return node.run('ip', 'route', 'show', 'proto', 'bird')

    def kept():
        return (routes(), node.read('/etc/bird/bird.conf'))
    assert eventually(lambda: there.address in routes())
    before = kept()
    lab.fuel.settings['workload_prefixes'] = OTHER

    with pytest.raises(DeploymentFailed) as error:
        lab.fuel.deploy(again=True)

    on_host = there.address + ' (host node-3)'
    assert './run_task preflight failed' in str(error.value)
    assert on_host in str(error.value)
    on_tap = '{} (tap'.format(here.address)
    for machine, task, named in (
            (reflector, 'preflight', on_host), (reflector, 'route-reflector', on_host),
            (reflector, 'verify', on_host), (node, 'preflight', on_tap),
            (node, 'compute', on_tap), (node, 'verify', on_tap)):
        ran = machine.attempt(TASK + task)
        assert ran.status == 1, ran
        assert named in ran.output, ran
        assert kept() == before
    assert lab.is_matrix_whole()
