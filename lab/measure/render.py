#!/usr/bin/env python3
"""Rendering one node of a large environment, against loading the same file.

In one process and in turns, libyaml alone loads the metadata, and
``calico-fuel render`` loads it and writes the files of one node.  Printed are
the medians and their ratio, which depends little on the machine.  (The program
switches Python's garbage collection off, libyaml alone is measured with it.)
"""
from __future__ import print_function, unicode_literals

import argparse
import io
import os
import shutil
import sys
import tempfile
import time

import yaml

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from calico_fuel.__main__ import main as calico_fuel  # noqa: E402
from lab.fuel import fuel_metadata  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--nodes', type=int, default=1000)
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    print('{} nodes, one rendered, Python {}, PyYAML {}, median of {}'.format(
        options.nodes, sys.version.split()[0], yaml.__version__, options.rounds))
    directory = tempfile.mkdtemp()
    try:
        for release in fuel_metadata.RELEASES:
            measure(release, options, directory)
    finally:
        shutil.rmtree(directory)


def measure(release, options, directory):
    path = os.path.join(directory, 'astute.yaml')
    roles = [['primary-controller']] + [['compute']] * (options.nodes - 1)
    with io.open(path, 'w', encoding='utf-8') as stream:
        stream.write('{}'.format(yaml.safe_dump(
            fuel_metadata.metadata(release, roles), default_flow_style=False)))

    def load():
        with io.open(path, encoding='utf-8') as stream:
            yaml.load(stream.read(), Loader=yaml.CSafeLoader)

    def render():
        sys.stdout, shown = open(os.devnull, 'w'), sys.stdout
        try:
            calico_fuel(['render', path, '--output', directory])
        finally:
            sys.stdout = shown

    rounds = [(timed(load), timed(render)) for _ in range(options.rounds)]
    alone, ours = [sorted(column)[options.rounds // 2] for column in zip(*rounds)]
    print('Fuel {}: libyaml alone {:.2f} s, render {:.2f} s, ratio {:.2f}'.format(
        release, alone, ours, ours / alone))


def timed(function):
    start = time.time()
    function()
    return time.time() - start


if __name__ == '__main__':
    main()
