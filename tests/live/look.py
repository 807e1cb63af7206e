"""What explain finds on a node, as a line of JSON for each line of ends: a sender, who
may be missing, and an instance.  argv: the metadata.

It is started once, and a process of its own answers: Python takes longer to start than
explain does.
"""

import os
import sys

from calico_fuel import system
from calico_fuel.cli import explain
from calico_fuel.explain import chain, facts
from calico_fuel.fuel.metadata import parse_environment

for line in sys.stdin:
    if not os.fork():
        of, ends = parse_environment(system.read(sys.argv[1])), line.split()
        seen = facts.read(of, of.this_node, system, ends)
        print(explain.as_json(chain.links(
            seen, ends[-1], *ends[:-1]), ends[-1], None, '').replace('\n', ' '))
        break
    if os.wait()[1]:
        sys.exit('it cannot tell of ' + line)
