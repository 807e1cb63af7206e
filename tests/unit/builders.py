"""Environments for tests."""

from __future__ import unicode_literals

import json

import pytest

from calico_fuel.errors import MetadataError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata

MIXED = [['primary-controller', 'cinder'], ['compute'], ['mongo'],
         ['compute', 'ceph-osd']]


def roles(controllers=1, computes=2, others=()):
    """Lists of roles: the primary controller first, then as named."""
    return ([['primary-controller']] + [['controller']] * (controllers - 1)
            + [['compute']] * computes + [list(of_node) for of_node in others])


def environment(of_nodes=None, release='6.1', uid='1', **settings):
    return parse_environment(fuel_metadata.text(
        release, of_nodes or roles(), uid, **settings))


def changed(release='6.1', drop=(), of_nodes=None, **values):
    """The text of metadata with other values, and without the keys in *drop*."""
    data = fuel_metadata.metadata(release, of_nodes or roles())
    data.update(values)
    for key in drop:
        del data[key]
    return json.dumps(data)


def error_of(text, **kwargs):
    """The message with which metadata is refused."""
    with pytest.raises(MetadataError) as error:
        parse_environment(text, **kwargs)
    return error.value.args[0]
