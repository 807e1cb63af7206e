"""A border router of another AS, which learns the routes of an environment."""

from lab.network.bird import Bird

ADDRESS = '192.0.2.200'
# Of a host behind it.
OUTSIDE = '198.18.0.200'
# The setting "External BGP peers".
PEER = 'border 65010 ' + ADDRESS
CONF = '''
router id 192.0.2.200;
protocol device { }
protocol direct { }
protocol kernel { export all; }
'''
PEERING = '''
protocol bgp {
  local as 65010;
  neighbor %s as 64512;
  multihop;
  connect retry time 2;
  import all;
  export none;
}
'''


def start(lab, *reflectors):
    """The started BIRD of one that peers with *reflectors* of a lab.

    They are names of nodes; without any, it is the first controller.
    """
    conf = CONF + ''.join(
        PEERING % lab.fuel.members[name].machine.node.address
        for name in reflectors or ['node-1'])
    node = lab.fabric.add_node('border', ADDRESS)
    directory = lab.run.directory / 'border'
    directory.mkdir()
    (directory / 'bird.conf').write_text(conf)
    daemon = Bird(lab.run, node, directory, '1')
    daemon.start()
    return daemon
