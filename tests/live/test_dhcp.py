"""What verify says of rootwrap's filters is what rootwrap itself does."""

import subprocess

import pytest

from calico_fuel import system
from calico_fuel.calico import dhcp
from lab.fuel import neutron

ROOTWRAP = neutron.ENVIRONMENT / 'bin/neutron-rootwrap'
UNAUTHORIZED = 99
# Of Neutron itself, some of which come with each of its packages.
FILTERS = neutron.ENVIRONMENT / 'etc/neutron/rootwrap.d'


@pytest.mark.parametrize('names, is_allowed', [
    (['dhcp'], True), (['l3', 'ebtables', 'iptables-firewall'], False), ([], False)])
def test_rootwrap_starts_dnsmasq_where_verify_says_so(
        tmp_path, demand, names, is_allowed):
    demand(programs=[str(ROOTWRAP)])
    (tmp_path / 'dnsmasq').symlink_to('/bin/true')
    directory = tmp_path / 'rootwrap.d'
    directory.mkdir()
    for name in names:
        (directory / (name + '.filters')).write_bytes(
            (FILTERS / (name + '.filters')).read_bytes())
    conf = tmp_path / 'rootwrap.conf'
    conf.write_text('[DEFAULT]\nfilters_path={},/usr/share/none\n'
                    'exec_dirs={}\n'.format(directory, tmp_path))

    done = subprocess.run([str(ROOTWRAP), str(conf), 'dnsmasq'],
                          capture_output=True, text=True)

    directories = dhcp.filter_directories(conf.read_text())
    check = dhcp.may_start(directories, [
        system.read('{}/{}'.format(one, name)) for one in directories
        for name in system.names_in(one)])
    assert (done.returncode == UNAUTHORIZED) == check.is_problem == (not is_allowed)
    assert is_allowed or 'Unauthorized command: dnsmasq' in done.stderr
