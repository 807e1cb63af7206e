"""The commands explain and diag, as an operator types them on nodes of the lab."""

import pytest

from lab.machine.programs import eventually
from tests.live import felix_lab
from tests.maintenance import pause_cron

PASSWORD = 'pl4nted-password-of-bgp'
ARCHIVE = '/root/node.tar.gz'


@pytest.fixture(scope='module')
def lab(demand):
    """A controller and two computes, deployed with a double of Felix."""
    with felix_lab.deployed(demand, 'primary-controller', 'compute', 'compute',
                            bgp_password=PASSWORD) as lab:
        yield lab


def machine(lab, name):
    return lab.fuel.members[name].machine


def test_each_node_sees_its_links_and_a_break_is_told_by_the_exit_status(lab):
    first, second = (lab.add_workload(compute=name) for name in ('node-2', 'node-3'))
    command = 'calico-fuel explain {} to {}'.format(first.address, second.address)
    attempts = {}

    def are_good():
        attempts.update((name, machine(lab, name).attempt(command))
                        for name in ('node-2', 'node-3'))
        return not any(attempt.status for attempt in attempts.values())
    assert eventually(are_good, 60), [one.output for one in attempts.values()]
    assert 'allow icmp, tcp 22' in attempts['node-2'].output
    controller = machine(lab, 'node-1').attempt(command)
    assert controller.status == 0 and 'ACTIVE on node-3' in controller.output

    compute = machine(lab, 'node-3')
    pause_cron(compute)
    compute.run('service', 'calico-felix', 'stop')
    compute.run('ip', 'route', 'del', second.address)

    attempt = compute.attempt('calico-fuel explain ' + second.address)
    assert attempt.status == 1 and 'TAP_ROUTE_MISSING' in attempt.output
    assert compute.attempt('calico-fuel explain nonsense').status == 2


@pytest.mark.parametrize('name', ['node-1', 'node-2'])
def test_the_archive_of_a_node_has_no_password_and_is_for_root_only(lab, name):
    node = machine(lab, name)

    attempt = node.attempt('calico-fuel diag --output ' + ARCHIVE)

    assert attempt.status == 0, attempt.output
    assert node.run('stat', '-c', '%a %U', ARCHIVE).strip() == '600 root'
    names = node.run('tar', 'tzf', ARCHIVE)
    for part in 'summary.txt', 'bird/protocols.txt', 'network/iptables.txt':
        assert part in names
    said = node.run('tar', 'xzOf', ARCHIVE)
    assert PASSWORD not in said and 'password ********' in said
    for command in 'status', 'verify', 'diff':
        assert '\n---- calico-fuel {}\n'.format(command) in said
    assert node.attempt('calico-fuel diag --output ' + ARCHIVE).status == 1
