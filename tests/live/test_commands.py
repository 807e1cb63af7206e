"""Programs that the lab runs end with the lab."""

import os
import signal
import subprocess

import pytest

from lab.machine import programs


def test_an_interruption_while_a_program_starts_ends_that_program(
        monkeypatch, tmp_path):
    """Ctrl-C between the fork and the return of Popen leaves nobody at work."""
    start = subprocess.Popen._execute_child

    def start_and_be_interrupted(process, *args):
        start(process, *args)
        os.kill(os.getpid(), signal.SIGINT)
    monkeypatch.setattr(subprocess.Popen, '_execute_child', start_and_be_interrupted)
    late = tmp_path / 'late'

    with pytest.raises(KeyboardInterrupt):
        programs.run(['sh', '-c', 'sleep 0.5; touch {}'.format(late)])

    assert not programs.eventually(late.exists, timeout=1)
