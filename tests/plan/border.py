"""A border router of another AS, which learns the routes of an environment."""

from lab.network.bird import Bird

ADDRESS = '192.0.2.200'
# The setting "External BGP peers".
PEER = 'border 65010 ' + ADDRESS
CONF = '''
router id 192.0.2.200;
protocol device { }
protocol direct { }
protocol kernel { export all; }
protocol bgp environment {
  local as 65010;
  neighbor 192.0.2.11 as 64512;
  multihop;
  connect retry time 2;
  import all;
  export none;
}
'''


def start(lab):
    """The started BIRD of one that peers with the first controller of a lab."""
    node = lab.fabric.add_node('border', ADDRESS)
    directory = lab.run.directory / 'border'
    directory.mkdir()
    (directory / 'bird.conf').write_text(CONF)
    daemon = Bird(lab.run, node, directory, '1')
    daemon.start()
    return daemon
