"""What runs on the nodes of a laboratory, beside what has to.

Which sessions and etcd members there have to be, the plugin's own topology says,
of the metadata that Fuel has.  A node that hangs is a line; it delays no other.
"""

import concurrent.futures
import json
import subprocess

from calico_fuel.bgp.bird_replies import parse_protocols
from lab.fuel import etcd
from lab.machine import programs
from lab.network import bird_network

# For each question to a node.
SECONDS = 5
HEALTH = 'http://127.0.0.1:4001/health'


def of(laboratory):
    """Lines for each node, etcd and each workload; whether all is as it has to be."""
    members = list(laboratory.fuel.members.values())
    wanted = {node['name']: node for node in _topology(laboratory, members)}
    # An interrupted program does not wait for a node that hangs.
    pool = concurrent.futures.ThreadPoolExecutor(max(1, 2 * len(members)))
    try:
        sessions = pool.map(_sessions, members, (
            len(wanted[member.name]['sessions']) for member in members))
        keepers = [member for member in members
                   if wanted[member.name]['etcd'] == 'member']
        healthy = list(pool.map(_is_etcd_healthy, keepers))
        sessions = list(sessions)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    ready = [member.name in laboratory.fuel.ready for member in members]
    lines = ['{:8} {:20} {:14} {}; {}'.format(
        member.name, ','.join(member.roles), member.machine.address,
        'ready' if is_ready else 'not ready', text)
        for member, is_ready, (text, _) in zip(members, ready, sessions)]
    sick = [member.name for member, is_healthy in zip(keepers, healthy)
            if not is_healthy]
    lines.append('etcd     {} of {} members healthy{}'.format(
        healthy.count(True), len(keepers), sick and '; not: ' + ', '.join(sick) or ''))
    lines += ['{:8} on {:17} {}'.format(name, place, workload.address)
              for name, (place, workload) in laboratory.workloads.items()]
    return lines, all(ready) and not sick and all(is_good for _, is_good in sessions)


def _topology(laboratory, members):
    metadata = laboratory.run.directory / 'status.json'
    metadata.write_text(json.dumps(laboratory.fuel.metadata(members[0].name)))
    return json.loads(programs.run(
        [*bird_network.CALICO_FUEL, 'topology', str(metadata), '--format', 'json'],
        env=bird_network.SOURCE_TREE))['nodes']


def _sessions(member, wanted):
    try:
        said = member.machine.run(
            'birdc', 'show', 'protocols', timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return 'BIRD does not answer in {} s'.format(SECONDS), False
    except programs.LabError as error:
        return str(error), False
    protocols = parse_protocols(said)
    if not protocols and wanted:
        return 'no BIRD runs, {} BGP sessions wanted'.format(wanted), False
    up = sum(protocol.is_established for protocol in protocols.values()
             if protocol.proto == 'BGP')
    return '{} of {} BGP sessions Established'.format(up, wanted), up == wanted


def _is_etcd_healthy(member):
    try:
        said = etcd.ask(member.machine.node, 'GET', HEALTH)
        return json.loads(said)['health'] in ('true', True)
    except (programs.LabError, ValueError):
        return False
