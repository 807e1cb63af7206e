"""What is measured with BIRDs in namespaces.

restart_cases  what can happen to the BIRD of a node
restarts       make measure-restarts
scale          make bench-sessions
"""
