"""Facts of environments for tests."""

from __future__ import unicode_literals

from calico_fuel.fuel import settings as known
from calico_fuel_master import facts
from lab.fuel import fuel_metadata
from tests.unit.builders import roles

THREE_AND_TWO = roles(3, 2)
SETTINGS = {'workload_prefixes': '203.0.113.0/24', 'public_to_all': True}


def mappings(of_nodes=None, release='9.2', **settings):
    """What Nailgun would tell of each node."""
    of_nodes = of_nodes or THREE_AND_TWO
    return [fuel_metadata.metadata(release, of_nodes, '{}'.format(number),
                                   **dict(SETTINGS, **settings))
            for number in range(1, len(of_nodes) + 1)]


def facts_of(*args, **kwargs):
    return facts.of_mappings(mappings(*args, **kwargs), 'facts')


def environments(*args, **kwargs):
    return facts.environments(facts_of(*args, **kwargs))[0]


def directory(tmpdir, name='facts', *args, **kwargs):
    """A directory as ``fuel deployment --default`` writes it."""
    for facts_of_node in facts_of(*args, **kwargs):
        tmpdir.join(name, facts_of_node.source.split()[-1] + '.yaml').write_text(
            '{}'.format(facts_of_node.text), 'utf-8', ensure=True)
    return str(tmpdir.join(name))


def section(has_versions, is_enabled=False, **values):
    """The plugin's section of Nailgun's settings; from 8.0 on it has versions."""
    attributes = dict((each.key, {
        'type': each.type, 'label': each.label, 'weight': 10,
        'value': values.get(each.key, each.default)}) for each in known.SETTINGS)
    metadata = {'enabled': is_enabled, 'toggleable': True, 'weight': 70}
    if not has_versions:
        return dict(attributes, metadata=dict(metadata, plugin_id=2))
    version = dict(attributes, metadata={
        'plugin_id': 2, 'plugin_version': '4.0.0', 'hot_pluggable': False})
    return {'metadata': dict(metadata, chosen_id=2, **{
        'class': 'plugin', 'versions': [version]})}
