"""The parts of OpenStack that Fuel sets up and Calico changes.

options     the options wanted in the files of Neutron, Nova and libvirt
neutron     Neutron through its command line client
networks    Neutron networks that must exist, or must not
floating_network
            what floating IPs need: an external network and a router
core_plugin
            Neutron's core plugin, which stays while there are ports
agents      records of agents that Neutron no longer has
pacemaker   pacemaker resources that must not run
ovs_bridge  an Open vSwitch bridge that must not exist, or must be empty
"""
