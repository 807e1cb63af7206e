"""Nodes and instances as network namespaces, with a BIRD on each node.

fabric        nodes on the networks of an environment, workloads on nodes
bird          one BIRD daemon and what it says
frr           FRR, as a border router
bird_network  rendered configs brought up as nodes
traffic       what two workloads notice while something happens
stream        an open TCP connection between them
flow          a program of one workload that talks to another
on_workloads  those programs
"""
