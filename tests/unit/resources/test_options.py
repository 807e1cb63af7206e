"""Options in files that others write too."""

from __future__ import unicode_literals

import pytest

from calico_fuel.errors import FileError
from calico_fuel.resources.options import Options
from tests.unit.fake.system import FakeSystem

PATH = '/etc/nova/nova.conf'
WANTED = Options(PATH, [('DEFAULT', 'linuxnet_interface_driver', None),
                        ('neutron', 'service_metadata_proxy', 'False')])
FUEL = ('[DEFAULT]\nlinuxnet_interface_driver=nova.network.linux_net.'
        'LinuxOVSInterfaceDriver\ndb_password=secret\n'
        '[neutron]\nservice_metadata_proxy=True\n')


def test_options_are_changed_and_others_left_alone():
    system = FakeSystem({PATH: FUEL})

    difference = WANTED.difference(system)
    WANTED.change(system)

    assert '[neutron] service_metadata_proxy = False instead of True' in difference
    assert 'linuxnet_interface_driver = (not set) instead of nova.' in difference
    assert 'secret' not in difference
    assert system.text(PATH) == (
        '[DEFAULT]\ndb_password=secret\n[neutron]\nservice_metadata_proxy=False\n')
    assert WANTED.difference(system) == ''


def test_a_file_that_its_package_should_have_brought_is_an_error():
    with pytest.raises(FileError) as error:
        WANTED.change(FakeSystem())

    assert '/etc/nova/nova.conf: does not exist. A package' in error.value.args[0]


def test_a_file_that_need_not_be_there_is_made():
    system = FakeSystem()
    options = Options('/etc/default/neutron-server', [('', 'export A', 'yes')], False)

    options.change(system)

    assert system.text('/etc/default/neutron-server') == 'export A=yes\n'
    assert options.difference(system) == ''
