"""Hostile input, case by case: a case has a number, and is the same on every machine.

mutations   a tree of values or a text -> a hostile one
metadata    a case of metadata and settings, and what the commands make of it
replies     a case of replies of etcd and birdc, and what the commands make of it
commands    commands on a node in memory, and all that they print
laws        what no input may bring about
__main__    show a case, or the results of many

``.venv/bin/python -m tests.fuzz metadata 4711`` shows a case.
"""

from __future__ import unicode_literals

import os
import random

# So many mutated metadata and settings; of replies, which take longer, a fifth.
CASES = int(os.environ.get('FUZZ', 10000))


class Dice(random.Random):
    """Chance by a number, the same on both Pythons."""

    def below(self, number):
        return int(self.random() * number)

    def pick(self, items):
        return items[self.below(len(items))]

    def hits(self, percent):
        return self.below(100) < percent
