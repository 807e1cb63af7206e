"""Leftovers of the versions 1.0 (Fuel 6.1) and 2.0 (Fuel 7.0) of this plugin.

Each function finds the leftovers that exist, and nothing on other nodes.  Our tasks
overwrite their configuration of BIRD, Felix and etcd.  Their options in the files of
Neutron and Nova are the same as ours, or Fuel's Puppet sets those again that they
removed.  Their package sources stay, because packages of the node may be from there,
and lose their preference.

Source: branches 6.1 and 7.0 of openstack/fuel-plugin-calico.
"""

from __future__ import unicode_literals


from calico_fuel.resources.file import NoText
from calico_fuel.resources.firewall import NoRules
from calico_fuel.resources.service import NoJob

# Restarts BIRD at each change of /etc/hosts, and wipes etcd when controllers change.
MONITOR = 'calico-fuel-monitor'
PIN_FILES = ('/etc/apt/preferences.d/calico-fuel', '/etc/apt/preferences.d/calico-etcd',
             '/etc/apt/preferences')
# Each run appends it again, without a blank line in between.
PINS = (r'(?m)^Package: \*\n'
        r'Pin: (?:origin binaries\.projectcalico\.org'
        r'|origin ppa:project-calico/juno'
        r'|release o=LP-PPA-project-calico-kilo)\n'
        r'Pin-Priority: (?:1100|1200|1075|1175)[^\S\n]*(?:\n|\Z)')
HOSTS = '/etc/hosts'
COMMENTED_OUT = r'(?m)^#(::1.*) #commented out due to dnspython IPv6 issue$'


def leftovers(system):
    """Leftovers that hinder the packages, or would undo our changes."""
    return _found(system, [NoJob(MONITOR)] + [
        NoText(path, PINS) for path in PIN_FILES])


def hosts(system):
    """They removed the name of IPv6's loopback; we set EVENTLET_NO_GREENDNS instead."""
    return _found(system, [NoText(HOSTS, COMMENTED_OUT, r'\1')])


def open_ports(system, *ports):
    """The rules that open *ports* to every address, many times each.

    Use this after our own chain has opened them to the addresses that need them.
    """
    rules = ['-p tcp -m tcp --dport {} -j ACCEPT'.format(port) for port in ports]
    return _found(system, [NoRules('filter', 'INPUT', tuple(rules))])


def _found(system, resources):
    return [resource for resource in resources if resource.difference(system)]
