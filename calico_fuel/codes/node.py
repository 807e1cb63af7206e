"""Codes of one node: what its tasks want, and whether a deployment can work."""

from __future__ import unicode_literals

from calico_fuel.codes.code import note, problem

DRIFT = problem(
    'DRIFT', 'A file, an option or a firewall rule is not as a task wants it.',
    'calico-fuel TASK --dry-run', 'Run the task that is named.')
SERVICE_DOWN = problem(
    'SERVICE_DOWN', 'A service does not run, or runs with older settings.',
    '"service NAME status" and its log', 'Run the task that is named.')
CHANGE_DUE = note(
    'CHANGE_DUE', 'Something differs because another node has changed.',
    'calico-fuel TASK --dry-run', 'The next run of the task corrects it.')
RECORDS_LEFT = note(
    'RECORDS_LEFT', 'Neutron or etcd has records of a host that is gone.',
    'calico-fuel cleanup --dry-run', 'Run calico-fuel cleanup.')
NOT_COMPARED = problem(
    'NOT_COMPARED', 'The node cannot be compared with what a task wants.',
    'The message', 'Do what the message says, and run this again.')
REFRESH_OFF = note(
    'REFRESH_OFF', 'cron does not run "refresh", so this node does not follow the '
    'list of nodes.', '/etc/hiera/nodes.yaml; /etc/calico-fuel.paused',
    'Remove /etc/calico-fuel.paused, or deploy changes.')
ENVIRONMENT_UNFIT = problem(
    'ENVIRONMENT_UNFIT', 'Calico cannot work with the networks or roles that were '
    'chosen in Fuel.', 'calico-fuel preflight',
    'Change what the message names, in Fuel.')
SETTING_WRONG = problem(
    'SETTING_WRONG', 'A setting of the plugin cannot work.', 'calico-fuel settings',
    'Change the setting in Fuel, and deploy changes.')
ADDRESS_WRONG = problem(
    'ADDRESS_WRONG', 'A node has no management address, or another one than Fuel '
    'says.', '"ip address"; "nodes" in /etc/astute.yaml', 'Deploy the node again.')
APT_FAILS = problem(
    'APT_FAILS', 'apt cannot list its packages.', '"apt-cache policy"',
    'Fix the package sources of the node, and deploy again.')
PACKAGE_MISSING = problem(
    'PACKAGE_MISSING', 'No repository has a package, or only one that is too old.',
    '"apt-cache policy NAME"', 'Put it into the repository: make packages.')
LOCK_MISSING = note(
    'LOCK_MISSING', 'No package is compared with a SHA-256 before it is installed.',
    'packages/ in the plugin', 'Fill the lock: make packages.')
NOT_RENDERED = problem(
    'NOT_RENDERED', 'A configuration file cannot be made, or BIRD refuses it.',
    'calico-fuel render', 'Do what the message says.')
