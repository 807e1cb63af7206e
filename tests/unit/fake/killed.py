"""Runs that are killed."""

from __future__ import unicode_literals

import pytest

from tests.unit.fake.system import Killed


def at_every_change(make, run):
    """For each change of a whole run: the node of that run, and one killed there.

    *make* is a function (dies_at) -> node, *run* runs what is tested on it.
    The killed node has been run once more, to its end.
    """
    whole = make(dies_at=None)
    run(whole)
    assert whole.changes
    for moment in range(1, whole.changes + 1):
        node = make(dies_at=moment)
        with pytest.raises(Killed):
            run(node)
        node.dies_at = None
        run(node)
        yield whole, node
