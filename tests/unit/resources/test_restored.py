"""Files and options are as before the plugin, to the byte."""

from __future__ import unicode_literals

import pytest

from calico_fuel.converge import CHANGED, UNCHANGED, converge
from calico_fuel.resources.file import BACKUPS_OF_A_FILE, File, original
from calico_fuel.resources.options import Options
from calico_fuel.resources.restored import no_copies, restored_files, restored_options
from tests.unit.fake.system import Entry, FakeSystem

PATH = '/etc/nova/nova.conf'
ODD = b'#\x0csection two\x0b\r\npassword=gr\xfcn\n# \x85 \xc2\x85 \x00\nmine = \xff'
OURS = [('DEFAULT', 'ours', '1'), ('DEFAULT', 'theirs', None)]


def bring(system, *resources):
    return [outcome.state for outcome in converge(resources, system)]


def remove(system, resources):
    return bring(system, *(resources + [no_copies(resources)]))


def test_a_whole_file_is_as_before_the_first_of_many_changes():
    """The clock was wrong at the first one: its battery was empty."""
    system = FakeSystem()
    system.files[PATH] = Entry(ODD, 'bird:bird', 0o640)
    right = system.clock
    system.clock += 10 * 365 * 86400
    File(PATH, 'ours', owner='root:root', mode=0o600).change(system)
    system.clock = right
    for number in range(2 * BACKUPS_OF_A_FILE):
        File(PATH, 'ours {}'.format(number)).change(system)

    assert remove(system, restored_files(system, PATH)) == [CHANGED] * 2

    assert system.files[PATH] == Entry(ODD, 'bird:bird', 0o640)
    assert restored_files(system, PATH) == []


def test_a_file_that_was_not_there_goes_even_if_it_was_lost_in_between():
    system = FakeSystem()
    File(PATH, 'ours').change(system)
    system.remove(PATH)
    File(PATH, 'ours').change(system)
    File(PATH, 'ours too').change(system)

    remove(system, restored_files(system, PATH))

    assert not system.exists(PATH)


def test_what_an_operator_writes_after_a_removal_is_what_the_next_one_restores():
    system = FakeSystem({PATH: 'first'})
    for text in 'first', 'by the operator':
        system.write(PATH, text)
        File(PATH, 'ours').change(system)
        remove(system, restored_files(system, PATH))

        assert system.text(PATH) == text


@pytest.mark.parametrize('before', [
    b'[DEFAULT]\n' + ODD, b'[DEFAULT]\ntheirs=voil\xc3\xa0 \xfc\n'])
def test_options_have_their_values_of_before_and_every_other_byte_stays(before):
    system = FakeSystem({PATH: before})
    bring(system, Options(PATH, OURS))
    system.files[PATH] = Entry(
        system.files[PATH].content + b'\n[new]\nby=us\xe9r', 'root:root', 0o644)

    remove(system, restored_options(system, PATH, OURS))

    assert system.files[PATH].content == before + b'\n[new]\nby=us\xe9r'
    assert restored_options(system, PATH, OURS) == []


def test_a_file_that_has_gone_meanwhile_does_not_come_back_for_its_options():
    system = FakeSystem({PATH: ''})
    bring(system, Options(PATH, OURS))
    system.remove(PATH)

    assert restored_options(system, PATH, OURS) == []


def test_the_copies_stay_until_all_is_restored():
    system = FakeSystem({PATH: 'before'})
    File(PATH, 'ours').change(system)
    bring(system, *restored_files(system, PATH))

    assert bring(system, *restored_files(system, PATH)) == [UNCHANGED]
    assert system.exists(original(PATH))
