"""Fuel environments on this machine, as network namespaces and clones: see README.md.

machine     clones of this machine, and what a run leaves
network     nodes as network namespaces, with a BIRD on each
fuel        what Fuel's master does to nodes, by release
laboratory  master, nodes and workloads as a whole
workloads   workloads on computes, and who of them reaches whom
labs        the labs of this checkout that are up, by name
status      what runs on the nodes of a lab, beside what has to
terminal    progress, refusals and messages of the programs
demo, cli   make demo, make lab
measure     make measure-restarts, bench-all, bench-NAME
"""
