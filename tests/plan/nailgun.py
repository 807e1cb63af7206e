"""A stand-in for Nailgun, the server of a Fuel master: its plugins and environments.

It answers what ``fuel plugins``, ``fuel env`` and ``fuel settings`` ask, by the
documented API: status codes, messages, which file of a plugin is read when, and
where the releases of Fuel differ in this.  It has no authentication, no database
and no nodes: nothing is deployed.  What it does not know is HTTP 501.
"""
import copy
import json
from collections import namedtuple
from pathlib import Path

import yaml

# openstack: the version of the release that the environments have.
# newest_format: of plugins, by its first number.
# first_synced_format: from which on the settings of a plugin reach the database.
# Fuel 8.0 came out with 3, by mistake (Launchpad bug 1587134); 6.1 and 7.0 have no
# such database, they read the file when an environment is created.
Fuel = namedtuple('Fuel', 'version openstack newest_format first_synced_format')
FUELS = {
    '6.1': Fuel('6.1', '2014.2.2-6.1', 2, None),
    '7.0': Fuel('7.0', '2015.1.0-7.0', 3, None),
    '8.0': Fuel('8.0', 'liberty-8.0', 5, 3),
    '8.0 with updates': Fuel('8.0', 'liberty-8.0', 5, 1),
    '9.2': Fuel('9.2', 'mitaka-9.0', 6, 1),
}

REQUIRED_OF_PLUGIN = {
    'name': str, 'title': str, 'version': str, 'package_version': str,
    'fuel_version': list, 'releases': list}
# In 6.1 and 7.0 they replace what the plugin says.
OF_EACH_PLUGIN = {'enabled': False, 'toggleable': True, 'weight': 70}
OF_FUEL = {'common': {
    'metadata': {'label': 'Common', 'weight': 30},
    'debug': {'type': 'checkbox', 'label': 'OpenStack debug logging',
              'weight': 20, 'value': False}}}
# Types of tasks that are no legacy tasks, whatever their version.
INTERNAL_TASKS = ('group', 'skipped', 'stage')


class Refusal(Exception):
    """An answer that is an error: HTTP status and message."""


class Environment:
    """What Nailgun keeps of an environment ("cluster")."""

    def __init__(self, number, wanted):
        self.id = number
        self.name = wanted['name']
        self.release_id = wanted['release_id']
        self.mode = wanted.get('mode', 'ha_compact')
        self.net_provider = wanted.get('net_provider', 'neutron')
        self.status = 'new'
        self.settings = copy.deepcopy(OF_FUEL)
        self.enabled = set()   # ids of plugins
        self.attributes = {}   # id of plugin -> values, from Fuel 8.0 on

    def as_json(self):
        return {'id': self.id, 'name': self.name, 'release_id': self.release_id,
                'mode': self.mode, 'net_provider': self.net_provider,
                'status': self.status, 'pending_release_id': None}


class Nailgun:
    """Status and JSON of each answer; what is refused is a Refusal.

    *master* is the root folder of the master whose plugins it reads.
    """

    def __init__(self, fuel, master):
        self.fuel = FUELS[fuel]
        self._folder = Path(master, 'var/www/nailgun/plugins')
        self._plugins = {}
        self._environments = {}
        self._number = 0

    def deployed(self, number):
        """The orchestrator reports success for the environment."""
        self._environments[number].status = 'operational'

    def version(self):
        return 200, {'api': '1.0', 'release': self.fuel.version,
                     'auth_required': False, 'feature_groups': []}

    # Plugins

    def list_plugins(self):
        return 200, list(self._plugins.values())

    def create_plugin(self, data):
        check_plugin(data)
        for plugin in self._plugins.values():
            if (plugin['name'], plugin['version']) == (data['name'], data['version']):
                raise Refusal(409, json.dumps(plugin))
        plugin = dict(data, id=self._next_number())
        if self.fuel.first_synced_format:
            self._sync(plugin)
        self._plugins[plugin['id']] = plugin
        if self.fuel.first_synced_format:
            for environment in self._environments.values():
                self._attach(plugin, environment)
        return 201, plugin

    def update_plugin(self, number, data):
        """The files of the plugin are not read again."""
        plugin = self._find(self._plugins, number, 'Plugin')
        check_plugin(data)
        plugin.update(data)
        return 200, plugin

    def delete_plugin(self, number):
        self._find(self._plugins, number, 'Plugin')
        if any(number in e.enabled for e in self._environments.values()):
            raise Refusal(
                400, "Can't delete plugin which is enabled for some environment.")
        del self._plugins[number]
        for environment in self._environments.values():
            environment.attributes.pop(number, None)
        return 204, None

    def sync_plugins(self, data):
        if self.fuel.version == '6.1':
            raise Refusal(404, 'Not Found')
        for number in (data or {}).get('ids') or self._plugins:
            self._sync(self._find(self._plugins, number, 'Plugin'))
        return 200, {}

    def _sync(self, plugin):
        """Read the plugin's files into the "database"."""
        self._check_format(plugin)
        plugin.update(self._read(plugin, 'metadata.yaml') or {})
        first = self.fuel.first_synced_format
        if first and format_of(plugin) >= first:
            config = self._read(plugin, 'environment_config.yaml') or {}
            plugin['attributes_metadata'] = config.get('attributes', {})
            plugin['tasks'] = self._read(plugin, 'tasks.yaml') or []
            plugin['deployment_tasks'] = (
                self._read(plugin, 'deployment_tasks.yaml') or [])

    def _check_format(self, plugin):
        if not 1 <= format_of(plugin) <= self.fuel.newest_format:
            raise Refusal(500, 'Plugin id={id} package_version={package_version} '
                               'is not supported by Nailgun'.format(**plugin))

    def _read(self, plugin, name):
        version = '.'.join(plugin['version'].split('.')[:2])
        path = self._folder / '{}-{}'.format(plugin['name'], version) / name
        return yaml.safe_load(path.read_text()) if path.exists() else None

    # Environments

    def list_environments(self):
        return 200, [e.as_json() for e in self._environments.values()]

    def create_environment(self, data):
        environment = Environment(self._next_number(), data)
        for plugin in self._plugins.values():
            self._check_format(plugin)
            self._attach(plugin, environment)
        self._environments[environment.id] = environment
        return 201, environment.as_json()

    def show_environment(self, number):
        return 200, self._find(self._environments, number, 'Cluster').as_json()

    def delete_environment(self, number):
        self._find(self._environments, number, 'Cluster')
        del self._environments[number]
        return 202, {}

    def show_settings(self, number):
        environment = self._find(self._environments, number, 'Cluster')
        settings = copy.deepcopy(environment.settings)
        for plugin_id in environment.attributes:
            plugin = self._plugins[plugin_id]
            settings[plugin['name']] = container(plugin, environment)
        return 200, {'editable': settings}

    def change_settings(self, number, data):
        environment = self._find(self._environments, number, 'Cluster')
        if environment.status != 'new':
            raise Refusal(501, 'the stand-in does not know which settings are locked')
        for name, section in data['editable'].items():
            metadata = section['metadata']
            if metadata.get('class') == 'plugin':
                for version in metadata['versions']:
                    plugin = self._plugins[version.pop('metadata')['plugin_id']]
                    enabled = (metadata['enabled']
                               and metadata['chosen_id'] == plugin['id'])
                    self._enable(plugin, environment, enabled)
                    environment.attributes[plugin['id']] = version
            else:
                if 'plugin_id' in metadata:
                    plugin = self._plugins[metadata['plugin_id']]
                    self._enable(plugin, environment, metadata['enabled'])
                environment.settings[name] = section
        return self.show_settings(number)

    def _attach(self, plugin, environment):
        """Give a compatible environment the plugin's section of the settings."""
        if not is_compatible(plugin, environment, self.fuel):
            return
        if self.fuel.first_synced_format:
            values = dict(plugin.get('attributes_metadata', {}))
            values.pop('metadata', None)
            environment.attributes[plugin['id']] = values
        else:
            config = self._read(plugin, 'environment_config.yaml') or {}
            section = config.get('attributes', {})
            section.setdefault('metadata', {}).update(
                OF_EACH_PLUGIN, label=plugin['title'], plugin_id=plugin['id'])
            environment.settings[plugin['name']] = section

    def _enable(self, plugin, environment, enabled):
        if enabled and self.fuel.version.startswith('9.') and has_legacy_tasks(plugin):
            raise Refusal(400, 'Cannot enable plugin with legacy tasks unless '
                               'propagate_task_deploy attribute is set. Ensure '
                               'tasks.yaml is empty and all tasks has version >= '
                               '2.0.0.')
        (environment.enabled.add if enabled else environment.enabled.discard)(
            plugin['id'])

    def _next_number(self):
        self._number += 1
        return self._number

    @staticmethod
    def _find(numbered, number, kind):
        if number not in numbered:
            raise Refusal(404, kind + ' not found')
        return numbered[number]


def check_plugin(data):
    """The schema that the API has for a plugin."""
    for key, kind in REQUIRED_OF_PLUGIN.items():
        if not isinstance(data.get(key), kind):
            raise Refusal(400, '{!r} of the plugin is not a {}'.format(
                key, kind.__name__))
    for release in data['releases']:
        for key in 'version', 'os', 'mode':
            if key not in release:
                raise Refusal(400, '{!r} is a required property'.format(key))


def format_of(plugin):
    return int(plugin['package_version'].split('.')[0])


def is_compatible(plugin, environment, fuel):
    """Each half of the version is compared by its beginning; only Ubuntu exists."""
    return any(
        release['os'].lower() == 'ubuntu'
        and any(environment.mode.startswith(mode) for mode in release['mode'])
        and all(ours.startswith(theirs) for ours, theirs in zip(
            fuel.openstack.split('-'), release['version'].split('-')))
        for release in plugin['releases'])


def has_legacy_tasks(plugin):
    return bool(plugin.get('tasks')) or any(
        int(task.get('version', '0').split('.')[0]) < 2
        for task in plugin.get('deployment_tasks', [])
        if task.get('type') not in INTERNAL_TASKS)


def container(plugin, environment):
    """The section of a plugin from Fuel 8.0 on; its versions are one, here."""
    of_author = plugin.get('attributes_metadata', {}).get('metadata', {})
    version = dict(environment.attributes[plugin['id']], metadata=dict(
        of_author, plugin_id=plugin['id'], plugin_version=plugin['version'],
        hot_pluggable=plugin.get('is_hotpluggable', False)))
    return {'metadata': dict(
        OF_EACH_PLUGIN, **{'class': 'plugin'}, label=plugin['title'],
        enabled=plugin['id'] in environment.enabled, default=False,
        chosen_id=plugin['id'], versions=[version])}
