"""make bench-render: the files of one node and of all nodes, against libyaml alone.

A fresh Python, that of nodes, loads the metadata of a large environment by libyaml
alone; another renders the files of one node, or of all.  Seconds are those of CPU in
one run after a first one of two nodes, so without the start.  (The program switches
Python's garbage collection off; libyaml is measured with it, as anybody would use it.)
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from lab import terminal
from lab.fuel import fuel_metadata
from lab.machine import programs
from lab.machine.run import CHECKOUT
from lab.measure import load

NODES_PYTHON = CHECKOUT / '.cache/py27/bin/python'
HEADINGS = ('release', 'nodes', 'libyaml s', 'MiB', 'one s', 'MiB', 'ratio',
            'all s', 'MiB', 'ms/node', 'others')
TITLES = '{:>7} {:>6} {:>9} {:>5} {:>6} {:>5} {:>5} {:>6} {:>5} {:>7} {:>6}'
ROW = ('{:>7} {:>6} {:>9.3f} {:>5.0f} {:>6.3f} {:>5.0f} {:>5.2f} {:>6.1f} {:>5.0f} '
       '{:>7.1f} {:>6.2f}')
# Both Pythons run it: arguments are the metadata of two nodes, the file, the rounds,
# and "libyaml" or the options of render.
CHILD = r'''
import io, json, os, re, resource, shutil, sys, tempfile
small, large, rounds, options = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
shown, sys.stdout = sys.stdout, open(os.devnull, 'w')
if options == ['libyaml']:
    import yaml
    def once(path, _):
        with io.open(path, encoding='utf-8') as stream:
            yaml.load(stream.read(), Loader=yaml.CSafeLoader)
else:
    from calico_fuel.__main__ import main
    def once(path, directory):
        if main(['render', path, '--output', directory] + options):
            sys.exit('calico-fuel render failed')
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
def seconds(path):
    directory = tempfile.mkdtemp()
    try:
        begin = cpu()
        once(path, directory)
        return cpu() - begin
    finally:
        shutil.rmtree(directory)
seconds(small)
found = sorted(seconds(large) for _ in range(rounds))[rounds // 2]
with open('/proc/self/status') as status:
    highest = re.search(r'VmHWM:\s+(\d+)', status.read()).group(1)
shown.write(json.dumps([found, int(highest) / 1024.0]))
'''


def main():
    options = parse_arguments()
    print('Python {}, libyaml {}; seconds of CPU, medians of {}; "others" used so many '
          'processors meanwhile\n'.format(
              *programs.run([options.python, '-c', (
                  'import sys, yaml; print(sys.version.split()[0] + " " + '
                  'yaml.__version__)')]).split(), options.rounds))
    print(TITLES.format(*HEADINGS), flush=True)
    with terminal.reporting('bench-render'), tempfile.TemporaryDirectory() as directory:
        for release in options.release:
            rows = [measure(release, number, options, Path(directory))
                    for number in options.nodes]
            show_growth(release, rows)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog='make bench-render ARGS=...', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--release', nargs='+', choices=fuel_metadata.RELEASES, default=['6.1', '9.2'],
        help='of Fuel (default: 6.1 9.2)')
    parser.add_argument(
        '--nodes', nargs='+', type=int, default=[100, 1000, 10000], metavar='N',
        help='of the environment (default: 100 1000 10000)')
    parser.add_argument(
        '--rounds', type=int, choices=range(1, 100), default=5, metavar='N',
        help='of each (default: 5); all nodes of an environment are rendered once')
    parser.add_argument(
        '--python', default=str(NODES_PYTHON), metavar='PATH',
        help='which one renders (default: Python 2.7 as on nodes, in .cache)')
    return parser.parse_args()


def measure(release, number, options, directory):
    """Print a row; its number of nodes, and seconds for one node and for all."""
    small, large = (write(directory / name, release, nodes)
                    for name, nodes in (('small.yaml', 2), ('large.yaml', number)))

    def child(rounds, *arguments):
        """Seconds and MiB."""
        return json.loads(programs.run(
            [options.python, '-c', CHILD, small, large, str(rounds), *arguments],
            env=dict(os.environ, PYTHONPATH=str(CHECKOUT)), timeout=3600))
    with load.Load() as meanwhile:
        alone, one, every = (child(options.rounds, 'libyaml'), child(options.rounds),
                             child(1, '--all'))
    print(ROW.format(release, number, *alone, *one, one[0] / alone[0], *every,
                     1000 * every[0] / number, meanwhile.others), flush=True)
    return number, one[0], every[0]


def write(path, release, number):
    """Metadata of a controller, which reflects routes, and of computes; its path."""
    path.write_text(fuel_metadata.text(
        release, [['primary-controller']] + [['compute']] * (number - 1)))
    return str(path)


def show_growth(release, rows):
    """The exponents between the two largest environments: 1 is linear."""
    if len(rows) < 2:
        return
    before, after = sorted(rows)[-2:]
    print('Fuel {}, growth from {} to {} nodes: n^{:.2f} for one node, n^{:.2f} for '
          'all'.format(release, before[0], after[0], *(
              load.exponent(before[0], before[n], after[0], after[n])
              for n in (1, 2))))


if __name__ == '__main__':
    main()
