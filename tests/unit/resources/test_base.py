"""A resource is its kind with its values, and is there even if all are empty."""

from __future__ import unicode_literals

from calico_fuel.resources.base import Message
from calico_fuel.resources.file import NoFile
from calico_fuel.resources.service import Disabled


def test_resources_of_two_kinds_are_two_whatever_their_values():
    assert NoFile('a') == NoFile('a') != Disabled('a')
    assert len({NoFile('a'), NoFile('a'), Disabled('a')}) == 2
    assert NoFile('')


def test_a_message_is_its_text_and_changes_nothing():
    message = Message('bridge br-prv stays')

    assert (message.label, message.difference(None)) == ('bridge br-prv stays', '')
