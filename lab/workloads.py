"""Workloads on the computes of a lab, and who of them reaches whom."""

import concurrent.futures

from lab.fuel import felix, neutron
from lab.machine import programs
from lab.network import fabric

ADDRESS = '203.0.113.{}'
GATEWAY = ADDRESS.format(1)
# As many pings as run at once.
PINGS = 8


def plug(lab, number, compute, group):
    """The Node of a new workload; a Felix learns of it and of its *group*."""
    name, address = 'vm-{}'.format(number), ADDRESS.format(20 + number)
    node = lab.fuel.members[compute].machine.node
    if not lab.felix:
        return lab.fabric.add_workload(name, node, address)
    if lab.fuel.real_neutron:
        port = neutron.add_port(lab.controller(), compute, name, group)
        return lab.fabric.plug_workload(
            name, node, port.address, port.tap, port.mac)[0]
    workload, tap = lab.fabric.plug_workload(name, node, address)
    felix.announce(lab.controller().node, compute, workload, tap, GATEWAY, group)
    return workload


def unplug(lab, compute, workload):
    """Delete it, as its owner does."""
    programs.run(['ip', 'netns', 'delete', workload.namespace])
    if lab.felix and lab.fuel.real_neutron:
        neutron.remove_port(lab.controller(), workload.name)
    elif lab.felix:
        felix.withdraw(lab.controller().node, compute, workload.name)


def matrix(nodes):
    """Pairs of names -> whether the first reaches the second; *nodes* by name."""
    pairs = [(a, b) for a in nodes for b in nodes if a != b]
    pool = concurrent.futures.ThreadPoolExecutor(PINGS)
    try:
        return dict(zip(pairs, pool.map(
            lambda pair: fabric.ping(*map(nodes.get, pair)), pairs)))
    finally:
        # An interrupted program does not wait for the rest.
        pool.shutdown(wait=False, cancel_futures=True)


def table(reached, columns, titles):
    """A matrix as text; *columns*: further cells by name, under *titles*."""
    rows = [['from / to', *titles, *columns]]
    rows += [[a, *cells, *(
        '-' if a == b else 'yes' if reached[a, b] else 'NO' for b in columns)]
        for a, cells in columns.items()]
    return '\n'.join(' '.join('{:9}'.format(cell) for cell in row).rstrip()
                     for row in rows)
