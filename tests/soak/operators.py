"""What an operator does to a lab; a function raises where it cannot be."""

from lab.machine.programs import LabError, eventually
from tests.plan import faults, nodes

YES_OR_NO = {'yes': True, 'no': False}
LAST_REPORT = nodes.KEYS + 'calico/felix/v1/host/{}/status'


def add(lab, role):
    name = lab.fuel.add(role)
    lab.fuel.deploy()
    if role == 'compute':
        lab.add_workload(name)


def _leave(lab, name):
    """A node goes: its instances first, until nobody knows them."""
    addresses = [workload.address for place, workload in lab.workloads.values()
                 if place == name]
    lab.remove_workloads(name)
    others = [member for member in lab.computes() if member.name != name]
    if not eventually(lambda: not any(
            member.machine.run('ip', 'route', 'show', address)
            for member in others for address in addresses)):
        raise LabError('routes to deleted instances stay: {}'.format(addresses))
    lab.fuel.remove(name)
    # Felix's last report lives for 90 s: Fuel takes longer to reach "cleanup".
    nodes.ask_etcd(lab, others[0].name, LAST_REPORT.format(name), '', 'DELETE')


def remove(lab, name):
    is_compute = 'compute' in lab.fuel.members[name].roles
    _leave(lab, name)
    lab.fuel.deploy()
    if is_compute and lab.fuel.release == '6.1':
        # docs/operations.md: it writes no new list of nodes; the primary one last.
        for member in sorted(lab.fuel.members.values(),
                             key=lambda one: 'primary-controller' in one.roles):
            if member.is_controller:
                succeed(member.machine, 'forget-node {} --force'.format(name))


def replace(lab, name, role):
    _leave(lab, name)
    add(lab, role)


def set_to(lab, setting):
    change(lab, setting)
    lab.fuel.deploy(again=True)


def change(lab, setting):
    name, _, value = setting.partition('=')
    lab.fuel.settings[name] = YES_OR_NO.get(value, value)


def reboot(lab, name):
    lab.reboot(name)


def run(lab, name, task):
    succeed(lab.fuel.members[name].machine, task)


def succeed(machine, command):
    attempt = faults.run(machine, command)
    if attempt.status:
        raise LabError('{} fails on {}:\n{}'.format(
            command, machine.name, attempt.output))
