"""What is measured, with BIRDs in namespaces and nodes of the lab.

events         what can happen to the BIRD of a node
restart_cases  which of it is measured, with which settings
restarts       make measure-restarts
bench          make bench-all, make bench-NAME
render         make bench-render
deployments    make bench-deployments
statuses       make bench-status
scale          make bench-sessions
reflector      make bench-reflector
clients        many clients of it as one process
reflector_table  what it prints
convergence    make bench-convergence
load           what the rest of the machine used meanwhile
"""
