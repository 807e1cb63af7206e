"""Every node of an environment derives the same keys, and nobody is shown one."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.errors import CalicoFuelError
from calico_fuel.fuel import secret
from calico_fuel.fuel.metadata import parse_environment
from calico_fuel.fuel.secret import Secret
from calico_fuel.tasks import bgp
from lab.fuel import fuel_metadata
from tests.unit.builders import changed, environment, roles
from tests.unit.fake.bird import CONF
from tests.unit.fake.routing_compute import Compute, conf, of

VALUE = fuel_metadata.FIXED_KEY + fuel_metadata.AUTH_ENCRYPTION_KEY
# By `printf 'calico-fuel-plugin bgp 1 7' | openssl dgst -sha256 -hmac VALUE`.
PASSWORD = 'e9584a3ce5103003d394b6e4c0de47ea8c6d6c807e79ca76f9b4c0d21c5b13b3'


def password(text):
    return parse_environment(text).settings.bgp_password


@pytest.mark.parametrize('purpose, environment_id, key', [
    ('bgp', 7, PASSWORD),
    ('bgp', 8, '2a9973e2ca5f33c7412445c3d5cec6da8e32168969d8122578c9d9dc2e77a8da'),
    ('etcd-ca', 7, '014a29a96144d4ff58a91b8d2d5c87e6f3bf5a922cd44f54142328fed17115ca')])
def test_a_key_is_of_one_purpose_and_one_environment(purpose, environment_id, key):
    assert Secret(VALUE, environment_id).key(purpose) == key


@pytest.mark.parametrize('release', fuel_metadata.RELEASES)
@pytest.mark.parametrize('uid', ['1', '3'])
def test_every_node_of_every_release_derives_the_same_password(release, uid):
    assert environment(release=release, uid=uid).settings.bgp_password == PASSWORD


@pytest.mark.parametrize('key', ['cinder', 'heat'])
def test_another_environment_derives_another_password(key):
    inner = {'cinder': 'fixed_key', 'heat': 'auth_encryption_key'}[key]

    found = password(changed(**{key: {inner: 'other'}}))

    assert len(found) == len(PASSWORD) and found != PASSWORD
    assert password(changed(deployment_id=8)) not in (found, PASSWORD)


@pytest.mark.parametrize('values', [
    {'cinder': None}, {'heat': {}}, {'cinder': {'fixed_key': ''}},
    {'heat': {'auth_encryption_key': ['x']}}, {'cinder': {'fixed_key': None}}])
def test_without_one_of_the_values_nothing_is_derived(values):
    found = parse_environment(changed(**values))

    assert found.secret is None and found.settings.bgp_password is None


@pytest.mark.parametrize('setting, wanted', [
    ('', PASSWORD), ('s3cret', 's3cret'), ('none', ''), ('None', 'None')])
def test_a_set_password_counts_and_the_word_none_switches_it_off(setting, wanted):
    assert environment(bgp_password=setting).settings.bgp_password == wanted


def test_half_a_character_as_a_value_is_no_crash():
    assert len(Secret('\ud800', 7).key('bgp')) == len(PASSWORD)


def test_the_secret_is_not_shown_where_it_is_printed():
    shown = '{0} {0!r} {1!r}'.format(Secret(VALUE, 7), environment())

    assert '<the secret of environment 7>' in shown and VALUE not in shown


def test_nothing_of_the_secret_is_in_an_error():
    """Whatever else is wrong in the metadata, and where its text breaks off."""
    data = fuel_metadata.metadata('9.2', roles())
    texts = [json.dumps(dict(data, **{key: '\x00'})) for key in data]
    whole = json.dumps(data)
    texts += [whole[:end] for end in range(0, len(whole), 200)]
    errors = []
    for text in texts:
        try:
            parse_environment(text)
        except CalicoFuelError as error:
            errors.append(error.args[0])

    assert len(errors) > 10
    for error in errors:
        assert VALUE[:8] not in error and VALUE[-8:] not in error


@pytest.mark.parametrize('before, words', [
    ('none', '+  password "********";'), ('another', 'bird.conf: a password changes')])
def test_a_difference_says_that_a_password_changes_and_not_which(before, words):
    node, wanted = Compute(), of()
    node.write(CONF, conf(bgp_password=before), 0o640)

    shown = bgp.configuration(wanted, wanted.this_node, node).difference(node)

    assert words in shown and PASSWORD not in shown and 'another' not in shown


def test_the_sources_are_named_for_people():
    assert secret.names() == 'cinder.fixed_key or heat.auth_encryption_key'
