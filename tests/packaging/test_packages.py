"""make packages, against real apt repositories, over file:// and http."""
import shutil
import sys

import pytest
import yaml

from tests.packaging.aptrepo import AptRepository
from tests.packaging.make_packages import HELD, PACKAGES
from tests.packaging.rpmtools import ROOT, run


def locked(builder):
    return yaml.safe_load(builder.lock.read_text())


def test_the_newest_of_each_declared_range_comes_and_the_lock_says_so(builder, mirror):
    felix = mirror['calico'].add('calico-felix', '1.3.0-1')
    mirror['calico'].publish()

    builder.fill()

    assert builder.held() == HELD
    assert [(p['name'], p['version'], p['architecture'], p['source'])
            for p in locked(builder)] == [
        ('bird', '1.6.3-2', 'amd64', 'bird'),
        ('calico-felix', '1.3.0-1', 'all', 'calico'),
        ('networking-calico', '1:1.1.3', 'all', 'calico')]
    assert locked(builder)[1]['sha256'] == felix


def test_the_same_comes_over_http(builder, web):
    builder.fill()
    over_file = builder.lock.read_bytes()
    shutil.rmtree(str(builder.repository))
    builder.lock.unlink()

    builder.fill(url=web.url)

    assert builder.held() == HELD
    assert builder.lock.read_bytes() == over_file


def test_a_second_run_changes_nothing_and_asks_no_mirror(builder, web):
    builder.fill(url=web.url)
    before, asked = builder.state(), len(web.asked)

    builder.fill(url=web.url)

    assert builder.state() == before
    assert len(web.asked) == asked


def test_only_what_is_missing_or_changed_is_downloaded_again(builder, web):
    builder.fill(url=web.url)
    before = builder.state()
    del web.asked[:]
    (builder.repository / HELD[0]).unlink()
    (builder.repository / HELD[1]).write_bytes(b'changed')

    builder.fill(url=web.url)

    assert ({path: content for path, (_, content) in builder.state().items()}
            == {path: content for path, (_, content) in before.items()})
    assert sorted(name for name in web.asked if name.endswith('.deb')) == HELD[:2]


def test_a_newer_version_comes_only_when_the_lock_is_renewed(builder, mirror):
    builder.fill()
    mirror['bird'].add('bird', '1.6.4-1', architecture='amd64')
    mirror['bird'].publish()
    (builder.repository / HELD[0]).unlink()

    builder.fill()
    assert builder.held() == HELD

    said = builder.fill('--update-lock')
    assert builder.held() == ['bird_1.6.4-1_amd64.deb'] + HELD[1:]
    assert 'repositories/ubuntu/6.1/bird_1.6.3-2_amd64.deb: removed' in said
    assert locked(builder)[0]['version'] == '1.6.4-1'


def test_another_content_under_the_locked_version_is_refused(builder, mirror):
    builder.fill()
    old = locked(builder)[0]['sha256']
    new = mirror['bird'].add('bird', '1.6.3-2', 'changed', architecture='amd64')
    mirror['bird'].publish()
    (builder.repository / HELD[0]).unlink()

    said = builder.is_refused()

    assert 'packages/6.1.lock: has bird 1.6.3-2 with SHA-256 ' + old in said
    assert '1.6.3-2 with SHA-256 ' + new in said
    assert '`make packages FUEL=6.1 ARGS=--update-lock`' in said
    builder.fill('--update-lock')
    assert locked(builder)[0]['sha256'] == new


def test_a_lock_of_another_declaration_is_refused(builder):
    builder.fill()

    builder.declare(PACKAGES[1:])
    assert ('packages/6.1.lock: does not match packages/6.1.yaml: bird.'
            in builder.is_refused())

    builder.declare([dict(PACKAGES[0], version='< 1.6')] + PACKAGES[1:])
    assert 'bird 1.6.3-2 of source bird. Undo' in builder.is_refused()


def test_what_the_lock_does_not_name_is_removed_and_said(builder):
    builder.fill()
    (builder.repository / 'stray_1_all.deb').write_text('')

    said = builder.fill()

    assert builder.held() == HELD
    assert 'repositories/ubuntu/6.1/stray_1_all.deb: removed, packages/6.1.lock' in said


def test_a_missing_package_is_named_with_its_source_and_what_there_is(builder, mirror):
    (builder.mirror / 'calico/calico-felix_1.3.0-1_all.deb').unlink()
    mirror['calico'].publish()
    assert ('packages/6.1.yaml: calico-felix: version: >= 1.3, < 1.4: source calico '
            '(file://{}/calico ./) has 1.4.0-1 '.format(builder.mirror)
            in builder.is_refused())

    (builder.mirror / 'calico/calico-felix_1.4.0-1_all.deb').unlink()
    mirror['calico'].publish()
    assert '/calico ./) has none.' in builder.is_refused()


def test_a_source_may_be_elsewhere_in_another_suite(builder, tmp_path, keys):
    whole = AptRepository(tmp_path / 'elsewhere', keys[1])
    whole.add('calico-felix', '1.3.1-1')
    whole.add('networking-calico', '1:1.1.4')
    whole.publish()
    other = keys[1].export(tmp_path / 'other.asc')

    builder.fill('--source', 'calico=file://{} trusty main'.format(whole.root),
                 '--keyring', 'calico={}'.format(other))

    assert builder.held() == [HELD[0], 'calico-felix_1.3.1-1_all.deb',
                              'networking-calico_1.1.4_all.deb']


@pytest.mark.parametrize('args, message', [
    (['--mirror', ''], 'source bird: no mirror given. Give MIRROR=URL'),
    (['--keyring', ''], 'source bird: no keyring given. Give KEYRING=FILE'),
    (['--keyring', '/no/such'], 'gpg cannot read the keyring /no/such'),
    (['--source', 'brid=x'], '--source brid=x: begins with no source and =; the '
                             'sources of packages/6.1.yaml are bird, calico'),
    (['--mirror', 'file:///no/such'], 'source bird (file:///no/such/bird trusty main)'),
])
def test_a_wrong_argument_is_named(builder, args, message):
    assert message in builder.is_refused(*args)


@pytest.mark.parametrize('change, message', [
    ({'version': '~> 1'}, 'packages: bird: version: ~> 1: neither version nor range'),
    ({'version': 1.6}, 'packages: bird: version: 1.6: neither version nor range'),
    ({'source': 'ppa'}, 'packages: bird: source: ppa: not declared; take one of bird'),
    ({'name': 'calico-felix'}, 'packages: calico-felix: declared twice'),
    ({'sha1': ''}, 'give it exactly the keys name, version, source'),
])
def test_a_wrong_declaration_is_named(builder, change, message):
    builder.declare([dict(PACKAGES[0], **change)] + PACKAGES[1:])

    said = builder.is_refused()

    assert said.startswith('packages: packages/6.1.yaml: ')
    assert message in said


@pytest.mark.parametrize('release', ['6.1', '7.0', '8.0', '9'])
def test_what_the_project_declares_is_good_and_names_no_host(release):
    path = ROOT / 'packages' / (release + '.yaml')

    run(sys.executable, '-B', ROOT / 'tools/packages', release, '--check')

    declared = yaml.safe_load(path.read_text())
    assert '://' not in path.read_text()
    assert {p['source'] for p in declared['packages']} == set(declared['sources'])
