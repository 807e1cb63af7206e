"""The links end with the first that is broken."""

from __future__ import unicode_literals

from calico_fuel.codes.bgp import BGP_DOWN
from calico_fuel.explain import link


def test_links_end_with_the_first_that_is_broken():
    intact, unseen = link.intact('a', 's'), link.elsewhere('b', 'n', 'run')
    broken = link.broken(BGP_DOWN, 'c', 's', 'fix')

    assert list(link.up_to_a_break([intact, unseen, broken, intact])) == [
        intact, unseen, broken]
    assert list(link.up_to_a_break([intact, unseen])) == [intact, unseen]
