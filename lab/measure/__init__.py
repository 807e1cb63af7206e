"""What is measured with BIRDs in namespaces.

events         what can happen to the BIRD of a node
restart_cases  which of it is measured, with which settings
restarts       make measure-restarts
scale          make bench-sessions
reflector      make bench-reflector
statuses       make bench-status
"""
