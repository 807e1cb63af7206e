"""What Fuel sets up of OpenStack, as far as Calico changes it.

options     the options wanted in the files of Neutron, Nova and libvirt
neutron     Neutron through its command line client
networks    Neutron networks that are to be there, or not
agents      records of agents that Neutron no longer has
pacemaker   pacemaker resources that must not run
ovs_bridge  an Open vSwitch bridge that must not be there, or must be empty
"""
