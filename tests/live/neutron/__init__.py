"""Live tests with a real Neutron.

All files of a release's folder share one environment, which each test leaves as good
as it was, so one worker of pytest runs them.
"""

import contextlib
import os

from lab import laboratory
from lab.fuel import felix, neutron
from lab.machine import run
from lab.network import bird

PROGRAMS = [*laboratory.PROGRAMS, 'rpmbuild', 'dpkg-scanpackages',
            str(neutron.ENVIRONMENT / 'bin/python'),
            str(bird.PROJECT / '.cache/fpb-py3/bin/python')]
LOG = '/var/log/neutron/server.log'
NETWORK = {'workload_prefixes': '203.0.113.0/24', 'calico_network_name': 'workloads',
           'calico_network_cidr': '203.0.113.0/24'}


@contextlib.contextmanager
def environment(demand, release, *roles, **settings):
    """The Laboratory of nodes with these roles, deployed by the tasks of the RPM.

    NAT is that of a real Felix where FELIX names one, else of the double of Felix.
    """
    demand(['1'], PROGRAMS)
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(
            this_run, felix=os.environ.get('FELIX', felix.DOUBLE))
        lab.set_up(release, real_neutron=True, **settings)
        for role in roles:
            lab.fuel.add(role)
        lab.fuel.deploy()
        yield lab
