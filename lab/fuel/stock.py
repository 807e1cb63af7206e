"""What Fuel's own tasks leave on a node: packages, firewall, package sources.

Fuel library 6.1-8.0 (openstack/manifests/firewall.pp, cluster/manifests) and
Nailgun's plugins_serializers.  Packages that this machine cannot have are the
stand-ins of ``lab.machine.standins``.
"""

import sys

import calico_fuel
from lab.fuel import neutron, pacemaker
from lab.machine import programs, repository, standins
from lab.network import bird

PLUGIN = 'calico-fuel-plugin'
VERSION = calico_fuel.__version__
# As Fuel 6.1-9.1 names it.
SOURCE = '/etc/apt/sources.list.d/{}-{}.list'.format(PLUGIN, VERSION)
OVS_AGENT = 'neutron-plugin-openvswitch-agent'
# On controllers pacemaker has the agents.
STOCK_PACKAGES = {
    'controller': ('cron', 'neutron-common', 'neutron-plugin-ml2', 'neutron-server',
                   'python-neutronclient'),
    'compute': ('cron', 'nova-common', 'nova-compute', 'neutron-common',
                'neutron-plugin-ml2', OVS_AGENT),
}
# A part of Fuel's rules that tells the releases apart: 6.1 and 7.0 end with a
# rule that drops, from 8.0 on the policy does.
RULES = '''\
*filter
:INPUT {policy} [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p icmp -m comment --comment "000 accept all icmp requests" -j ACCEPT
-A INPUT -i lo -m comment --comment "001 accept all to lo interface" -j ACCEPT
-A INPUT -m comment --comment "002 accept related established rules" \
-m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22 -m comment --comment "020 ssh" -j ACCEPT
-A INPUT -p tcp -m multiport --dports 9696 -m comment --comment "110 neutron" -j ACCEPT
{drop}COMMIT
'''
DROP = '-A INPUT -m comment --comment "999 drop all other requests" -j DROP\n'
# A rule that is new, as with another rack, comes before those without a number.
AGAIN = """
iptables -P INPUT DROP
iptables -D INPUT -p udp --dport 123 -m comment --comment "112 ntp" -j ACCEPT || :
iptables -I INPUT -p udp --dport 123 -m comment --comment "112 ntp" -j ACCEPT
iptables-save >/etc/iptables/rules.v4
"""
OPENRC = "export OS_USERNAME='admin'\nexport OS_PASSWORD='made-up'\n"
# Trusty's Python, where this machine has it: tools/setup has built on it.  A clone
# does not see the project, so it gets the modules; run_task sets PYTHONPATH itself.
ENVIRONMENT27 = bird.PROJECT / '.cache/py27'
FIND27 = 'import sys; print(getattr(sys, "base_prefix", None) or sys.real_prefix)'
SITE_PACKAGES = ENVIRONMENT27 / 'lib/python2.7/site-packages'
MODULES = '/usr/lib/lab-python2.7'
# With libyaml, as Trusty's python-yaml, where tools/setup had it.
PYTHON_MODULES = 'jinja2', 'markupsafe', 'yaml', '_yaml.so'
MIRROR = '/var/cache/lab/mirror'
MANIFEST = '/etc/puppet/modules/osnailyfacter/modular/fuel_pkgs/setup_repositories.pp'
PUPPET = '#!/bin/sh\n[ "$1 $3" = "apply {}" ] && cp -aT {} {}\n'.format(
    MANIFEST, MIRROR, MODULES)
WRAPPER = '#!/bin/sh\nPYTHONPATH="$PYTHONPATH:{}" exec {} "$@"\n'


def rules(release):
    """/etc/iptables/rules.v4 as the release's firewall task saves it."""
    if release in ('6.1', '7.0'):
        return RULES.format(policy='ACCEPT', drop=DROP)
    return RULES.format(policy='DROP', drop='')


def provision(machine):
    """The image that a node is provisioned with; the Python that tasks will run by.

    What that needs comes with ``set_up_repositories``.
    """
    machine.run('mkdir', '-p', '/etc/hiera', '/etc/iptables')
    if SITE_PACKAGES.exists():
        prefix = programs.run([str(ENVIRONMENT27 / 'bin/python'), '-c', FIND27]).strip()
        machine.write('/usr/local/bin/python2.7',
                      WRAPPER.format(MODULES, prefix + '/bin/python2.7'), 0o755)
        return 'Python 2.7'
    return 'Python {}.{}'.format(*sys.version_info)


def set_up_repositories(machine):
    """Fuel's own package sources, once: from them a node has its Python modules.

    Nothing is fetched; what run_task would install from them is there.
    """
    if machine.result('test', '-e', MODULES).status == 0:
        return
    machine.run('mkdir', '-p', MODULES)
    if not SITE_PACKAGES.exists():
        install(machine, repository.download('python3-yaml', 'python3-jinja2'))
        return
    copy_modules(machine, MODULES)


def leave_repositories_to_puppet(machine):
    """What a new node of Fuel 8.0 has instead: the task of Fuel that sets them up."""
    if not SITE_PACKAGES.exists():
        set_up_repositories(machine)
        return
    copy_modules(machine, MIRROR)
    machine.write(MANIFEST, '')
    machine.write('/usr/bin/puppet', PUPPET, 0o755)


def copy_modules(machine, directory):
    for name in PYTHON_MODULES:
        if (SITE_PACKAGES / name).exists():
            machine.copy(SITE_PACKAGES / name, '{}/{}'.format(directory, name))


def deploy(machine, release, roles, debs, real_neutron=False):
    """What the deploy stage leaves; *debs* are the packages by name.

    With *real_neutron* they are not all stand-ins.
    """
    kinds = {'controller' if 'controller' in role else role for role in roles}
    names = sorted({name for kind in kinds for name in STOCK_PACKAGES.get(kind, ())})
    if 'compute' in kinds:
        names.append('libvirt-bin' if release == '6.1' else 'libvirtd')
        if release.startswith('9'):
            # The plugin's task graph skips what would install the agents.
            names.remove(OVS_AGENT)
    set_up_firewall(machine, release)
    if names and machine.result('dpkg-query', '--show', *names).status == 0:
        _put_back(machine, names, real_neutron)
        if 'controller' in kinds and not release.startswith('9'):
            pacemaker.start(machine, release)
        return
    if 'controller' in kinds and real_neutron:
        install(machine, [*repository.download(*neutron.DEBIAN_PACKAGES),
                          debs['mariadb']])
        neutron.set_up(machine)
    install(machine, [debs[name] for name in names])
    if 'controller' in kinds:
        machine.write('/root/openrc', neutron.OPENRC if real_neutron else OPENRC, 0o600)
        if not release.startswith('9'):
            pacemaker.install(machine, release)


def set_up_firewall(machine, release):
    """Fuel's rules, where they are not yet: it leaves those of others alone."""
    if machine.result('test', '-e', '/etc/iptables/rules.v4').status:
        machine.write('/etc/iptables/rules.v4', rules(release), 0o640)
        machine.run('iptables-restore', text=rules(release))


def set_up_firewall_again(machine):
    """What Fuel 8.0 does on a node that is ready, where it has to change a rule.

    It adds its own and leaves those of others, whose place it does not know; then it
    saves all that are loaded.
    """
    machine.run('sh', '-euc', AGAIN)


def _put_back(machine, names, real_neutron):
    """What Puppet does to a node that it deploys again: stock values, loaded again."""
    for name in names:
        folder = standins.FILES / name
        if real_neutron and (neutron.FILES / name).exists():
            folder = neutron.FILES / name
        for path in folder.glob('etc/**/*.*'):
            if path.is_file() and not path.is_symlink():
                machine.write('/{}'.format(path.relative_to(folder)), path.read_text())
    for package in standins.PACKAGES:
        if package.name in names and package.service and package.name != OVS_AGENT:
            machine.run('service', package.name, 'restart')


def install(machine, debs):
    """Install .deb files that have among them all that the machine lacks for them."""
    if not debs:
        return
    for deb in debs:
        machine.copy(deb, '/var/cache/lab/' + deb.name)
    # Without, what one of them pre-depends on has to be configured by another run.
    machine.run('dpkg', '-i', '--force-depends', *(
        '/var/cache/lab/' + deb.name for deb in debs))


def add_plugin_repository(machine, line, release):
    """The source and pin files of a plugin, as the release writes them."""
    short = VERSION.rpartition('.')[0]
    name = '{}-{}'.format(PLUGIN, short if release == '9.2' else VERSION)
    machine.write('/etc/apt/sources.list.d/{}.list'.format(name), line)
    if release != '9.0':
        machine.write(
            '/etc/apt/preferences.d/{}.pref'.format(name),
            'Package: *\nPin: release l={},v={}\nPin-Priority: 1100'.format(
                PLUGIN, short))
    machine.run('apt-get', '-qq', 'update')
