"""What a person reads of a task that has nothing to do."""

from __future__ import unicode_literals

from calico_fuel.__main__ import main


def test_a_task_that_neither_roles_nor_settings_ask_for_says_so(metadata, capfd):
    """On the primary controller, whose settings name no network."""
    assert main(['networks', metadata(), '--dry-run']) == 0

    assert ('networks (dry run): nothing to do: neither the roles of this node nor '
            'the settings ask for it') in capfd.readouterr().out
