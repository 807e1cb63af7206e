"""Leftovers of the versions 1.0 (Fuel 6.1) and 2.0 (Fuel 7.0) of this plugin.

Each function finds the leftovers that exist, and nothing on other nodes.  Our tasks
overwrite their configuration of BIRD, Felix and etcd.  Their options in the files of
Neutron and Nova are the same as ours, or Fuel's Puppet sets those again that they
removed.  Their package sources stay, because packages of the node may be from there,
and lose their preference.

Source: branches 6.1 and 7.0 of openstack/fuel-plugin-calico.
"""

from __future__ import unicode_literals

import posixpath
import re

from calico_fuel.etcd import settings
from calico_fuel.etcd.member import MovedMember
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
ETCD_TOKEN = 'fuel-cluster-1'


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


def etcd_data(system, service):
    """The data of their etcd member, if its job has another directory than ours."""
    job = system.read_if_exists(settings.JOB) or ''
    if ETCD_TOKEN not in job:
        return []
    source = data_directory(job)
    if posixpath.normpath(source) == settings.DATA_DIR:
        return []
    return _found(system, [MovedMember(source, service)])


def data_directory(job):
    """Where the etcd of an upstart *job* keeps its data.

    etcd's default is a directory with its name in its working directory.
    """
    found = (re.search(r'\s--?data-dir[ =]"?([^\s"\\]+)', job)
             or re.search(r'(?m)^\s*env\s+ETCD_DATA_DIR="?([^\s"]+)', job))
    if found:
        return found.group(1)
    directory = re.search(r'(?m)^\s*chdir\s+(\S+)', job)
    name = re.search(r'\s--?name[ =]"?([^\s"\\]+)', job)
    return posixpath.join(directory.group(1) if directory else '/',
                          '{}.etcd'.format(name.group(1) if name else 'default'))


def _found(system, resources):
    return [resource for resource in resources if resource.difference(system)]
