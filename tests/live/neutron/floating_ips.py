"""Floating IPs: settings, a border router, and who translates and routes an address."""

import json

from lab.fuel import etcd, neutron
from lab.machine.programs import eventually
from tests.plan import border

EXTERNAL = 'admin_floating_net'
# An address of the border router.
OUTSIDE = '198.18.0.1'
SETTINGS = {'floating_ips': True, 'external_peers': border.PEER,
            'workload_gateway': border.ADDRESS}
ENDPOINTS = ('http://127.0.0.1:4001/v2/keys/calico/v1/host/{}/workload/openstack'
             '?recursive=true')


def start(lab, *reflectors):
    """Start the border router, which peers with these, and an instance a compute."""
    lab.border = border.start(lab, *reflectors).node
    lab.border.configure('address add {}/32 dev lo'.format(OUTSIDE))
    for compute in lab.computes():
        lab.add_workload(compute.name)


def associate(controller, *argv):
    said = neutron.client(controller, 'floatingip-associate', *argv)
    assert said.status == 0, said.stderr


def nat(lab, compute):
    """Pairs of addresses that etcd has for the Felix of a compute."""
    def leaves(node):
        for child in node.get('nodes', ()):
            yield from leaves(child)
        if 'value' in node:
            yield json.loads(node['value'])
    reply = json.loads(etcd.ask(
        lab.controller().node, 'GET', ENDPOINTS.format(compute)))
    return [(pair['ext_ip'], pair['int_ip']) for endpoint in leaves(
        reply.get('node', {})) for pair in endpoint.get('ipv4_nat', ())]


def leads_to(lab, address, compute):
    """Whether the kernel of the border router comes to have that route."""
    hop = 'via ' + lab.fuel.members[compute].machine.node.address
    return eventually(lambda: hop in lab.border.routes(address), 20)


def instance(lab, name, address):
    """The Node of an instance by another address, as the border router sees it."""
    return lab.workloads[name][1]._replace(address=address)
