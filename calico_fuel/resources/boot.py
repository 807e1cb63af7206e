"""Which init a node has, and what it starts at boot."""

from __future__ import unicode_literals

import re


def has_upstart(system):
    """Whether the node's init is upstart, as on Trusty."""
    return system.exists('/sbin/initctl') and system.exists('/etc/init')


def sysv_links(system, name, kind='S'):
    """The links by which init starts (S) the SysV script *name*, or ends it (K)."""
    return [link for level in '2345'
            for link in system.names_in('/etc/rc{}.d'.format(level))
            if re.match(r'{}\d\d{}\Z'.format(kind, re.escape(name)), link)]
