"""Nodes of a Fuel environment as network namespaces of this machine.

interrupts   Ctrl-C and SIGTERM, and the stretches where they have to wait
commands     run a program, wait for a state
processes    a process by pid and start time
run          what one run makes, and how all of it goes away again
fabric       nodes on a management network, workloads on nodes
bird         one BIRD daemon and what it says
environment  rendered configs brought up as nodes
fuel_metadata
             node metadata of environments of any shape
needs        what this machine has to have
terminal     progress, refusals and messages of the programs
demo, scale  the two programs
"""
