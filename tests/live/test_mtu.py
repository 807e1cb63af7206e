"""Jumbo frames pass between instances, and what keeps them back is named."""

import json
import re
import shlex

import pytest

from calico_fuel import render
from calico_fuel.bgp import kernel, path_mtu
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.machine import programs
from lab.machine.programs import eventually
from tests.live import COMPUTE, CONTROLLER
from tests.live.test_data_path import Node

ROLES = CONTROLLER, COMPUTE, COMPUTE
# Of IPv4 and ICMP.
HEADERS = 28
XML = """<domain type='kvm'>
  <devices>
    <disk type='file'><target dev='vda' bus='virtio'/></disk>
    <interface type='ethernet'>
      <mac address='fa:16:3e:00:00:01'/>
      <target dev='tap1'/>
    </interface>
    <interface type="ethernet"><target dev="tap2"/></interface>
  </devices>
</domain>
"""


def environment(uid, mtu=9000):
    """As Fuel describes a node whose NIC an operator has given that MTU."""
    data = fuel_metadata.metadata('6.1', ROLES, uid)
    data['network_scheme']['interfaces']['eth1'] = {'mtu': mtu}
    data['network_scheme']['transformations'].append(
        {'action': 'add-port', 'name': 'eth1.101', 'bridge': 'br-mgmt'})
    return parse_environment(json.dumps(data))


class Jumbo:
    """Two computes, node-2 and node-3, with an instance each."""

    def __init__(self, network, line):
        self.network, self.line = network, line
        self.first, self.second = [network.add_workload(
            'vm-' + uid, 'node-' + uid, '203.0.113.2' + uid) for uid in '23']
        for one in self.first, self.second:
            one.configure('link set eth0 mtu 9000')
        for name in network.nodes:
            self.set_mtu(name, 9000)

    def set_mtu(self, name, mtu):
        """That of a node and of its switch port."""
        self.network.fabric.set_mtu(name, mtu)
        self.network.nodes[name].configure('link set br-mgmt mtu {}'.format(mtu))

    def passes(self, size):
        """Whether a packet of *size* bytes passes whole between the instances."""
        return programs.succeeds(self.first.inside(
            'ping', '-n', '-q', '-M', 'do', '-c', 3, '-i', 0.2, '-w', 3,
            '-s', size - HEADERS, self.second.address))

    def system(self, uid):
        return Node(self.network.birds['node-' + uid], self.line, {})

    def faults(self, uid):
        """Code and state of each row of ``verify`` that is not good, and its fix."""
        of = environment(uid)
        return {(check.code.name, check.state): check.fix
                for look in (path_mtu.of_node, path_mtu.of_instances)
                for check in look(of, of.this_node, self.system(uid)) if check.fix}

    def taps(self, uid):
        return [link.mtu for name, link in kernel.links(self.system(uid)).items()
                if name.startswith(kernel.TAP)]


@pytest.fixture
def jumbo(bring_up, line):
    jumbo = Jumbo(bring_up(*ROLES), line)
    assert eventually(lambda: jumbo.passes(100), 15)
    return jumbo


@pytest.mark.plan('jumbo frames')
def test_jumbo_frames_pass_between_instances_once_all_is_as_verify_says(jumbo):
    # Until the fix is followed, the taps have the 1500 of a new tap.
    """`verify` names each interface that is too small, with a command that fixes it.
    Frames of 9000 bytes pass between instances once all of them are fixed.

    Steps: Give the management network an MTU of 9000. Start two instances. Run the
    checks of `calico-fuel verify`, and the commands that it names. Make the network,
    then the bridge of a compute smaller.
    """
    assert not jumbo.passes(9000)
    for uid in '23':
        (code, state), = jumbo.faults(uid)
        assert code == 'MTU_OF_TAPS' and state.startswith('1500 of tap')
        fix, = jumbo.faults(uid).values()
        jumbo.system(uid).run(shlex.split(
            re.search('"(ip link set tap[0-9]+ mtu 9000)"', fix).group(1)))

    assert jumbo.faults('2') == jumbo.faults('3') == {}
    assert jumbo.taps('2') == jumbo.taps('3') == [9000]
    assert jumbo.passes(9000)
    assert not jumbo.passes(9001)

    jumbo.network.fabric.set_mtu('node-3', 1500)
    assert jumbo.passes(1500) and not jumbo.passes(9000)
    assert list(jumbo.faults('2')) == [('MTU_DIFFERS', 'not answered by node-3')]
    assert list(jumbo.faults('3')) == [
        ('MTU_DIFFERS', 'not answered by node-1, node-2')]
    jumbo.network.fabric.set_mtu('node-3', 9000)
    assert jumbo.passes(9000)

    jumbo.network.nodes['node-3'].configure('link set br-mgmt mtu 1500')
    assert not jumbo.passes(9000)
    assert list(jumbo.faults('2')) == [('MTU_DIFFERS', 'not answered by node-3')]
    (fault, fix), = jumbo.faults('3').items()
    assert fault == ('MTU_TOO_SMALL', '1500')
    jumbo.system('3').run(shlex.split(
        re.search('"(ip link set br-mgmt mtu 9000)"', fix).group(1)))
    assert jumbo.faults('2') == jumbo.faults('3') == {}
    assert jumbo.passes(9000)


@pytest.mark.parametrize('happens, expected', [
    ('prepare', [1500, 1500]), ('started', [9000, 9000]), ('stopped', [1500, 1500])])
def test_libvirt_gives_the_taps_of_an_instance_their_mtu_by_the_hook(
        tmp_path, demand, happens, expected):
    demand(programs=['ip', 'unshare'])
    hook = tmp_path / 'qemu'
    hook.write_text(render.libvirt_hook(environment('2')))
    hook.chmod(0o755)

    done = programs.result(
        ['unshare', '--net', 'sh', '-ec', 'ip tuntap add tap1 mode tap; ip tuntap add '
         'tap2 mode tap; "$@"; ip -o link', 'sh', str(hook), 'instance-1', happens,
         'begin', '-'], XML)

    assert (done.status, done.stderr) == (0, '')
    links = kernel.parse_links(done.stdout)
    assert [links[tap].mtu for tap in ('tap1', 'tap2')] == expected


def test_a_hook_that_finds_no_tap_keeps_no_instance_from_its_start(tmp_path, demand):
    demand(programs=['ip', 'unshare'])
    hook = tmp_path / 'qemu'
    hook.write_text(render.libvirt_hook(environment('2')))

    assert programs.result(['unshare', '--net', 'sh', str(hook), 'instance-1',
                            'started', 'begin', '-'], XML).status == 0
