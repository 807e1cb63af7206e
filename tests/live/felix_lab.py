"""An environment of Fuel 6.1 on the lab, deployed with a double of Felix."""

import contextlib

from lab import laboratory
from lab.fuel import felix as lab_felix
from lab.machine import run
from lab.network import bird


@contextlib.contextmanager
def deployed(demand, *roles, felix=lab_felix.DOUBLE, **settings):
    """The Laboratory with a node for each of *roles*; *felix*: the path of another."""
    demand(['1'], [*laboratory.PROGRAMS, 'rpmbuild', 'dpkg-scanpackages',
                   str(bird.PROJECT / '.cache/fpb-py3/bin/python')])
    run.remove_remains()
    with run.Run() as this_run:
        lab = laboratory.Laboratory(this_run, felix=felix)
        lab.set_up('6.1', **settings)
        for role in roles:
            lab.fuel.add(role)
        lab.fuel.deploy()
        yield lab
