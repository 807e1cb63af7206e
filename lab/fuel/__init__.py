"""What Fuel's master does to the nodes of an environment, by release.

fuel_metadata     astute.yaml of environments of any shape; also on Python 2.7
networks          its networks and addresses; also on Python 2.7
pacemaker         its tools on a controller, without corosync
openvswitch       its own tools and database on a node, without a switch
neutron           a real Neutron, where it is wanted
etcd              what a program on a node asks etcd
felix             a real Felix that is given, and what it reads of etcd
earlier_plugin    what its versions 1.0 and 2.0 leave on a node
stock             what Fuel's own tasks leave on a node
plugin            its RPM on the master, and the packages of its repository
granular          how Fuel 6.1 to 8.0 runs the tasks of a plugin
master            a master and its environment: what is the same in all releases
master6           the master of Fuel 6.1 and 7.0: its deployments
master8           the same of Fuel 8.0, which also touches nodes that are ready
conditions        which tasks of Fuel 9 are due: yaql
graph_tasks       the tasks of Fuel 9: core_tasks of a release, with a plugin over them
graph             which of them runs where and after what
graph_deployment  what runs when, and what fails with what
master9           the master of Fuel 9, by its task graph
"""
