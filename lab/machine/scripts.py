"""How the scripts of a plugin reach a node: by rsync, from the master.

Which options the nodes of a release call it with is Fuel's (Nailgun's
tasks_templates up to 8.0, the library's plugins_rsync manifest in 9): up to
8.0 what the master does not have is deleted on the node, in 9 it stays.
"""

from lab.machine import programs

PLUGIN = 'calico-fuel-plugin-4.0'
# On nodes.
DIRECTORY = '/etc/fuel/plugins/' + PLUGIN
PORT = 873
TRIES = 10
CONFIGURATION = '''\
use chroot = no
uid = root
gid = root
read only = yes

[plugins]
path = {path}
'''


def serve(run, master, plugins):
    """Serve the folder *plugins*, where the RPMs of plugins are unpacked."""
    configuration = run.directory / 'rsyncd.conf'
    configuration.write_text(CONFIGURATION.format(path=plugins))
    run.serve(master, PORT, 'rsync', '--daemon', '--no-detach', '--port', PORT,
              '--config', configuration)


def options(release):
    return ['-q', '-a', '-r'] if release.startswith('9') else ['-c', '-r', '--delete']


def pull(machine, release, master_address):
    """Let a node fetch the plugin's scripts."""
    machine.run('mkdir', '-p', DIRECTORY)
    command = ['rsync', *options(release), 'rsync://{}:/plugins/{}/'.format(
        master_address, PLUGIN + '/deployment_scripts'), DIRECTORY]
    for _ in range(TRIES):
        result = machine.result(*command)
        if result.status == 0:
            return
    raise programs.LabError('{}: {}: exit status {}\n{}'.format(
        machine.name, ' '.join(command), result.status, result.stderr.strip()))
