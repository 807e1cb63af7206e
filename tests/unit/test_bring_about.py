"""What a person reads of a task that has nothing to do."""

from __future__ import unicode_literals

from calico_fuel.__main__ import main


def test_a_task_that_neither_roles_nor_settings_ask_for_says_so(metadata, capfd):
    """On the primary controller, whose settings name no network."""
    assert main(['networks', metadata(), '--dry-run']) == 0

    assert ('networks (dry run): nothing to do: neither the roles of this node nor '
            'the settings ask for it') in capfd.readouterr().out


def test_settings_that_cannot_work_do_not_hinder_a_removal(metadata, capfd):
    """On a storage node, which has nothing to remove."""
    path = metadata([['ceph-osd'], ['primary-controller']],
                    workload_prefixes='192.0.2.0/24')
    assert main(['compute', path, '--dry-run']) == 1

    assert main(['remove', path, '--dry-run', '--with-etcd-data']) == 0

    assert 'remove (dry run): nothing to do' in capfd.readouterr().out
