"""The test plan's case 1: the plugin is built, by the real fuel-plugin-builder."""

import os
import shutil

import pytest

from tests.packaging.rpmtools import FPB_PY3, ROOT, run
from tests.plan.fuel_master import RPM_NAME

import calico_fuel


@pytest.mark.plan('build_plugin')
def test_fpb_builds_the_plugin_from_a_clone(tmp_path, record_property):
    """fuel-plugin-builder says "Plugin is built", and makes an RPM of this version.

    Steps: Clone the project. Run `tools/fpb --build .` in the clone.
    """
    record_property('stand_in', 'none')
    clone = tmp_path / 'calico-fuel-plugin'
    for name in run('git', 'ls-files', '--cached', '--others', '--exclude-standard',
                    cwd=str(ROOT)).stdout.splitlines():
        # Links as links, as git has them; what is deleted is no file any more.
        if os.path.lexists(str(ROOT / name)):
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(ROOT / name), str(clone / name), follow_symlinks=False)

    done = run(FPB_PY3, clone / 'tools/fpb', '--build', '.', cwd=str(clone))

    assert 'Plugin is built' in done.stdout
    assert [path.name for path in clone.glob('*.rpm')] == [
        '{}-{}-1.noarch.rpm'.format(RPM_NAME, calico_fuel.__version__)]
