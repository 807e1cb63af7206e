"""Codes of what the nodes share: etcd, Neutron's driver, Felix, DHCP."""

from __future__ import unicode_literals

from calico_fuel.codes.code import note, problem

ETCD_DOWN = problem(
    'ETCD_DOWN', 'The etcd of this node does not answer.',
    '/var/log/upstart/etcd.log; /var/log/syslog', 'Run calico-fuel etcd.')
ETCD_QUORUM = problem(
    'ETCD_QUORUM', 'etcd has no quorum: nothing can be changed, and no instance '
    'starts.', 'calico-fuel verify on a controller',
    'Run calico-fuel etcd on its members. If their data is lost: calico-fuel '
    'etcd-recover.')
ETCD_MEMBER_DOWN = problem(
    'ETCD_MEMBER_DOWN', 'A member of etcd is not healthy, or is no member yet.',
    '/var/log/upstart/etcd.log there', 'Run calico-fuel etcd on that node.')
ETCD_MEMBER_LEFT = problem(
    'ETCD_MEMBER_LEFT', 'etcd has a member that is not in this environment.',
    'calico-fuel topology', 'Run calico-fuel etcd.')
ETCD_MEMBER_NOT_LISTED = note(
    'ETCD_MEMBER_NOT_LISTED', 'A healthy member is in no list of nodes.',
    'calico-fuel topology',
    'Deploy the node again, or run calico-fuel forget-node on each other node, the '
    'primary controller last.')
ETCD_DISK_FULL = problem(
    'ETCD_DISK_FULL', 'The file system of the data of this etcd member has less than '
    '100 MB, or no inode left.', '"df /var/lib/etcd"; "df -i /var/lib/etcd"',
    'Make room there: no etcd uses /var/lib/etcd/member.archived-*.')
ETCD_HTTP = note(
    'ETCD_HTTP', 'The member of this node still accepts HTTP.',
    'calico-fuel verify', 'Run calico-fuel etcd on the nodes that are named.')
CERT_EXPIRES = problem(
    'CERT_EXPIRES', 'The etcd certificate of this node ends within 14 days, or is '
    'not usable.',
    '"openssl x509 -noout -text -in /etc/calico-fuel/etcd/node.pem"',
    'Run calico-fuel etcd.')
CERT_RENEWAL = note(
    'CERT_RENEWAL', 'The etcd certificate of this node ends within 60 days.',
    '"openssl x509 -noout -enddate -in /etc/calico-fuel/etcd/node.pem"',
    'The next deployment renews it, and so does calico-fuel etcd.')
ENDPOINT_UNREADABLE = note(
    'ENDPOINT_UNREADABLE', 'An endpoint in etcd is not as Neutron writes it.',
    '"etcdctl get KEY"',
    'Neutron writes it again within minutes. Else find out who writes it.')
DRIVER_MISSING = problem(
    'DRIVER_MISSING', "Neutron runs without Calico's mechanism driver.",
    'The newest log of neutron-server',
    'Run calico-fuel packages, then calico-fuel neutron-server.')
CORE_PLUGIN_MISSING = problem(
    'CORE_PLUGIN_MISSING', "Calico is not Neutron's core plugin: no floating IP works.",
    'core_plugin in /etc/neutron/neutron.conf; "neutron ext-list"',
    'Run calico-fuel neutron-server on each controller.')
FELIX_SILENT = problem(
    'FELIX_SILENT', 'The Felix of a compute does not report, and Neutron binds no '
    'port there.', '/var/log/calico/felix.log on that compute',
    'Run calico-fuel compute there, or "service calico-felix restart".')
FELIX_UNKNOWN = note(
    'FELIX_UNKNOWN', 'This Calico is too old for reports of Felix.',
    'calico-fuel verify on each compute', 'Install Calico 1.2 or newer.')
HOST_NAME_DIFFERS = problem(
    'HOST_NAME_DIFFERS', 'Nova and Felix know this host by different names, and '
    'Neutron binds no port here.', '"host" in /etc/nova/nova.conf',
    'Take "host" out of that file, or set it to the name of Felix. Then run "service '
    'nova-compute restart".')
POLICY_BYPASSED = problem(
    'POLICY_BYPASSED', 'Packets do not pass the chains of Felix: security groups '
    'protect no instance.', '"iptables -S FORWARD"',
    'Run "service calico-felix restart", and find out what removes the rules.')
DHCP_REFUSED = problem(
    'DHCP_REFUSED', 'Rootwrap lets nobody start dnsmasq.',
    '"filters_path" in /etc/neutron/rootwrap.conf',
    'Run calico-fuel packages, then calico-fuel compute.')
DHCP_MISSING = problem(
    'DHCP_MISSING', 'An instance of this node has no dnsmasq.',
    '"pgrep -a dnsmasq"; /var/log/neutron/dhcp-agent.log',
    'Run "service calico-dhcp-agent restart", on Fuel 6.1 and 7.0 "service '
    'neutron-dhcp-agent restart".')
NEUTRON_DOWN = problem(
    'NEUTRON_DOWN', 'The API of Neutron does not answer.',
    '"neutron net-list"; the newest log of neutron-server',
    'Run "service neutron-server start" and "service haproxy start" on the '
    'controllers.')
METADATA_API_DOWN = problem(
    'METADATA_API_DOWN', 'The metadata API does not answer: new instances get no key '
    'and no user data.', 'Port 8775; /var/log/nova', 'Run calico-fuel compute.')
NODE_NOT_LISTED = note(
    'NODE_NOT_LISTED', 'A host is alive, and the list of nodes lacks it.',
    '/etc/hiera/nodes.yaml',
    'Deploy the node again, or run calico-fuel forget-node.')
