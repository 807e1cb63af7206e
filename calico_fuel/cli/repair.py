"""Commands that an operator runs after a loss (forget-node, those of etcd); remove."""

from __future__ import unicode_literals

from calico_fuel.checks import counted, one_line
from calico_fuel.cli import apply, forgotten, output, source
from calico_fuel.cli.task_list import OF_THE_LIST
from calico_fuel.etcd import backup as etcd_backup
from calico_fuel.tasks import etcd, remove as removal

# What still has a node that is gone: sessions, ports, etcd and Neutron.
TASKS_TO_FORGET = OF_THE_LIST + ('cleanup',)


def forget(options, system):
    """Ignore a node, and run the tasks that end what this node has of it."""
    output.keep_log()
    with source.lock(system):
        environment = source.environment(options, system)
        names = forgotten.names_of(environment, options.node, options.force)
        path, nodes_path = source.paths(options, system)
        forgotten.forget(system, names, system.read(nodes_path or path))
        left = source.environment(options, system)
        source.say(left)
        return max([apply.run(name, left, system, apply.say)
                    for name in TASKS_TO_FORGET])


def remove(options, system):
    """Remove the plugin from this node; settings that cannot work do not matter."""
    return apply.change(options, system, lambda environment, node, _: removal.resources(
        environment, node, system, options.with_etcd_data))


def recover(options, system):
    """Rebuild an etcd cluster without quorum from this node, or as an empty one.

    Without an option it only prints which members do not answer, and changes nothing.
    """
    def resources(environment, node, _):
        return etcd.after_a_loss(
            environment, node, system, options.new_cluster,
            options.from_this_node)
    if options.new_cluster or options.from_this_node:
        return apply.change(options, system, resources)
    return apply.status(apply.preview(options, system, resources))


def backup(options, system):
    output.keep_log()
    with source.lock(system):
        path, is_new = etcd_backup.save(system)
    output.tell('{}: {}'.format(
        path, 'saved' if is_new else 'is the newest: since then no key has changed '
        'that etcd-restore would write'))
    return 0


def restore(options, system):
    """Write the keys that only a backup has to etcd."""
    if not options.dry_run:
        output.keep_log()
    number, done = 0, 'would be written' if options.dry_run else 'written'
    for key in etcd_backup.restore(system, options.backup, options.dry_run):
        number += 1
        output.tell('{} {}'.format(one_line(key), done))
    output.tell('{}: {} {}; etcd has the others, or Neutron and Felix write them '
                'again'.format(options.backup, counted(number, 'key'), done))
    return 0
