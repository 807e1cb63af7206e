"""Live tests: real BIRD in network namespaces."""

CONTROLLER = ['primary-controller']
COMPUTE = ['compute']
