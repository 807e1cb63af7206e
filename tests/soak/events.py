"""How each kind of step is done to a lab."""

from tests.soak import nemeses, operators

KINDS = {
    'add': operators.add, 'remove': operators.remove, 'replace': operators.replace,
    'set': operators.set_to, 'reboot': operators.reboot, 'run': operators.run,
    'break-deployment': nemeses.break_deployment, 'kill-run': nemeses.kill_run,
    'kill': nemeses.kill, 'pause': nemeses.pause, 'full-disk': nemeses.full_disk,
    'jump-clock': nemeses.jump_clock, 'slow-network': nemeses.slow_network,
    'partition': nemeses.partition,
    'partition-deployment': nemeses.partition_deployment}


def do(lab, step):
    """Do a step, and what an operator does next; the environment may still settle."""
    kind, *arguments = step.split()
    KINDS[kind](lab, *arguments)
