"""What Felix does on computes -> Checks.

*keys* are Calico's keys in etcd about itself, None where etcd does not answer.
Until Neutron's driver has written Ready, which has a row of its own, Felix waits and is
not checked.  Source: Felix 1.2-1.4 (fetcd, frules,
config), networking-calico 1.1-1.4 (t_etcd, mech_calico).
"""

from __future__ import unicode_literals

from calico_fuel import checks
from calico_fuel.calico.keys import READY_KEY, REPORTING_KEY, STATUS_KEY
from calico_fuel.codes.cluster import (
    FELIX_SILENT, FELIX_UNKNOWN, HOST_NAME_DIFFERS, POLICY_BYPASSED)
from calico_fuel.errors import CalicoFuelError
from calico_fuel.openstack.options import NOVA_CONF
from calico_fuel.resources import firewall, ini
from calico_fuel.resources.iptables import Table
from calico_fuel.resources.service import service_runs

SERVICE = 'calico-felix'
# The chains of the node that have to jump to Felix's, for what leaves an instance
# and for what goes to one.
JUMPS = (('FORWARD', 'felix-FORWARD'), ('INPUT', 'felix-INPUT'))
LOG = '/var/log/calico/felix.log'
RESTART = 'service calico-felix restart'
# The driver sets all ports of a silent host to ERROR. A Felix that restarts reports
# every port again, one that only continues reports none.
HANGS = (
    'hangs: run "{}". It loses no packet. Neutron has set ports of this host to ERROR: '
    'only a restart makes them ACTIVE again'.format(RESTART))


def of_node(node, system, keys):
    try:
        is_running = service_runs(system, SERVICE)
    except CalicoFuelError:
        # Its service has a row of its own.
        is_running = False
    # A controller checks the Felix of every compute anyway.
    found = [] if node.is_controller else reports([node], keys, is_running)
    found += host_name(node, keys, nova_host(system))
    if not is_running or not is_awaited(keys):
        return found
    try:
        table = Table(firewall.live_rules(system, 'filter'), 'filter')
    except CalicoFuelError:
        # The rows of our own chains report a firewall that cannot be read.
        return found
    return found + policy(dict((name, table.rules(name)) for name, _ in JUMPS))


def nova_host(system):
    """The name by which Nova knows this host, to which Neutron binds ports."""
    text = system.read_if_exists(NOVA_CONF) or ''
    return ini.value_of(text, 'DEFAULT', 'host') or system.host_name()


def is_awaited(keys):
    """Whether the driver has written what Felix works with."""
    return bool(keys) and keys.get(READY_KEY) == 'true'


def reports(computes, keys, is_running=None):
    """Whether the Felix of each of the Nodes *computes* reports.

    From Calico 1.2 on it does so every 30 s, in a key with a TTL of 90 s, and the
    driver says in a key of its own that Felix reports.  *is_running*: whether Felix's
    process runs, None for another host.
    """
    if not is_awaited(keys) or not computes:
        return []
    if keys.get(REPORTING_KEY) is None:
        return [checks.fault(FELIX_UNKNOWN, 'Felix on computes', 'unknown', 'reports', (
            'This Calico is older than 1.2, whose Felix does not report: run '
            'calico-fuel verify on each compute'))]
    silent = [node for node in computes if not _names(node, keys)]
    found = [checks.fault(
        FELIX_SILENT, 'Felix on {}'.format(node.name), 'does not report', 'reports',
        _fix(node, is_running)) for node in silent]
    if len(computes) > len(silent):
        found.insert(0, checks.good(FELIX_SILENT, 'Felix on ' + checks.counted(
            len(computes) - len(silent), 'compute'), 'reports'))
    return found


def _names(node, keys):
    """The names under which the Felix of *node* reports."""
    return [host for host in (node.name, node.fqdn) if STATUS_KEY.format(host) in keys]


def _fix(node, is_running):
    if is_running:
        return 'Its process runs and {}. If it stays silent, see {}'.format(HANGS, LOG)
    fix = 'Run calico-fuel compute on {0}, then see {2} there. '
    if is_running is None:
        fix += 'If its process runs, it {3}. '
    return (fix + 'The name under which Felix and Nova know the node has to be {0} or '
            '{1}').format(node.name, node.fqdn, LOG, HANGS)


def host_name(node, keys, of_nova):
    """Whether Nova binds ports to the name under which the Felix of *node* reports.

    *of_nova* is the host name that Nova uses.  Neutron binds no port to another name:
    it knows no agent there, and no Felix reads its endpoints.
    """
    names = _names(node, keys) if is_awaited(keys) else []
    if not names:
        return []
    subject = 'host name of Nova'
    if of_nova in names:
        return [checks.good(HOST_NAME_DIFFERS, subject, of_nova)]
    return [checks.fault(
        HOST_NAME_DIFFERS, subject, 'Nova has {}, Felix {}'.format(of_nova, names[0]),
        names[0], (
            'No Felix reports as {1}, so Neutron binds no port of new instances on '
            'this host. Take "host" out of [DEFAULT] in /etc/nova/nova.conf, or set it '
            'to {0}; then run "service nova-compute restart". Create the instances of '
            'host {1} again, and remove the service {1} from Nova'.format(
                names[0], of_nova)))]


def policy(rules):
    """Whether packets of instances pass Felix's chains.

    *rules* has the rules of each chain of the table filter by its name.
    """
    subject, expected = 'policy of security groups', 'in force'
    missing = ['{} has no jump to {}'.format(chain, target)
               for chain, target in JUMPS if not any(
                   rule.endswith('-j ' + target) for rule in rules.get(chain, ()))]
    if not missing:
        return [checks.good(POLICY_BYPASSED, subject, expected)]
    return [checks.fault(POLICY_BYPASSED, subject, ', '.join(missing), expected, (
        'Felix runs, and security groups protect no instance of this host. Run "{}", '
        'which inserts the rules again; then find out what removes them: a firewall '
        'service that loads rules of its own has to leave those of others in '
        'place'.format(RESTART)))]
