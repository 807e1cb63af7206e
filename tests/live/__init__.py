"""Live tests: real daemons on nodes in network namespaces."""

from lab.machine import scripts

CONTROLLER = ['primary-controller']
COMPUTE = ['compute']
# The task of a node, without its waits.
VERIFY_AT_ONCE = (
    'cd {} && PYTHONPATH=. $(command -v python2.7 python3 | head -n 1) -B -c \'import '
    'sys; from calico_fuel import __main__; from calico_fuel.tasks import verify; '
    'verify.SECONDS_TO_SETTLE = verify.SECONDS_TO_RESTART = 0; '
    'sys.exit(__main__.main(["verify"]))\''.format(scripts.DIRECTORY))
