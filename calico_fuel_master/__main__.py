"""The program ``calico-fuel-master``, also run from its folder: python FOLDER ...

Exit status: 0 good, 1 an error whose message names the fix, 2 wrong usage.
"""

import os
import sys

if sys.version_info < (2, 7):
    sys.exit('calico-fuel-master: needs Python 2.7 or 3: run it on a Fuel master of '
             '8.0 or newer, or on a workstation')
# The folder on a master stays as it was installed.
sys.dont_write_bytecode = True
if not __package__:
    # Run from its folder: beside it, on a master, is what the nodes get.
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = os.path.dirname(_here)
    sys.path.insert(1, os.path.join(os.path.dirname(_here), 'deployment_scripts'))

from calico_fuel_master.program import program  # noqa: E402

if __name__ == '__main__':
    program()
