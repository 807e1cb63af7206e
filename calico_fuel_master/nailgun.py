"""Fuel's API (Nailgun), by python-fuelclient, which every Fuel master has.

Only what its clients from 7.0 to 11.0 have in common is used: a question by its path.
"""

from __future__ import unicode_literals

from calico_fuel.checks import one_line
from calico_fuel_master.errors import MasterError

# Deployments that are searched for what is deployed.
MOST_TRANSACTIONS = 20
DEPLOYMENT = 'orchestrator/deployment'
NO_CLIENT = (
    "Fuel's API: this Python has no python-fuelclient. Run this on the Fuel master "
    '(8.0 or newer), or work without the API: preview DIR, or --nodes FILE')


class Nailgun(object):
    """The API, for one environment."""

    def __init__(self, environment, client=None):
        self._client = client or _client()
        self.environment = environment
        self._path = 'clusters/{}/'.format(environment)

    def nodes(self):
        """Nailgun's mapping of each node, also of those that it will delete."""
        return self._get('nodes/?cluster_id={}'.format(self.environment)) or []

    def coming(self):
        """The facts that a deployment would give to all nodes, one mapping each.

        Without a list of nodes Nailgun up to 9.0 names only those to be deployed.
        Facts that somebody uploaded replace its own.
        """
        uids = sorted('{}'.format(node['id']) for node in self.nodes()
                      if not node.get('pending_deletion'))
        if not uids:
            raise MasterError('environment {}: does not exist, or has no node. "fuel2 '
                              'env list" lists the environments'.format(
                                  self.environment))
        uploaded = dict(((facts.get('uid'), facts.get('role')), facts)
                        for facts in self._get(self._path + DEPLOYMENT))
        return [_merged(facts, uploaded.get((facts.get('uid'), facts.get('role')), {}))
                for facts in self._defaults(uids)]

    def of_one_node(self):
        """The facts of one node, of a compute if there is one; None without nodes."""
        nodes = [node for node in self.nodes() if not node.get('pending_deletion')]
        nodes.sort(key=lambda node: ('compute' not in (node.get('roles') or []) + (
            node.get('pending_roles') or []), node['id']))
        found = nodes and self._defaults(['{}'.format(nodes[0]['id'])])
        return found[0] if found else None

    def _defaults(self, uids):
        return self._get('{}{}/defaults?nodes={}'.format(
            self._path, DEPLOYMENT, ','.join(uids)))

    def uploaded(self):
        """The numbers of the nodes whose facts somebody uploaded."""
        return sorted(set('{}'.format(facts.get('uid')) for facts in
                          self._get(self._path + DEPLOYMENT)))

    def deployed(self):
        """The facts of each node by its last deployment that succeeded.

        None before Fuel 9.
        """
        if not self.release().startswith(('9', '1')):
            return None
        found, known = {}, set('{}'.format(node['id']) for node in self.nodes())
        done = [each for each in self._deployments() if each.get('status') == 'ready']
        for each in done[:MOST_TRANSACTIONS]:
            for uid, facts in _by_uid(self._get(
                    'transactions/{}/deployment_info'.format(each['id']))):
                if uid in known:
                    found.setdefault(uid, facts)
        return list(found.values())

    def failed(self):
        """The number of the last deployment if it failed, else None."""
        last = self._deployments()[:1]
        return last[0]['id'] if last and last[0].get('status') == 'error' else None

    def _deployments(self):
        """The deployments, the newest first.

        A graph of its own, such as calico_verify, deploys nothing, and Nailgun notes
        the facts of that moment for it all the same.
        """
        return sorted((each for each in self._get(
            'transactions/?cluster_id={}'.format(self.environment))
            if not each.get('dry_run')
            and each.get('graph_type') in (None, 'default')),
            key=lambda each: -each['id'])

    def release(self):
        """Fuel's release, such as 9.2."""
        return '{}'.format(self._get('version').get('release', ''))

    def attributes(self):
        """The settings of the environment: section -> what the web page shows."""
        return self._get(self._path + 'attributes')['editable']

    def change(self, name, section):
        """Save one *section* of the settings, and leave the others as they are."""
        self._ask('put_request', self._path + 'attributes',
                  {'editable': {name: section}})

    def _get(self, path):
        return self._ask('get_request', path) or {}

    def _ask(self, method, path, *data):
        # The client raises exceptions of its own, of requests and of keystoneclient.
        try:
            return getattr(self._client, method)(path, *data)
        except Exception as error:
            raise MasterError("Fuel's API: {}: {}. {}".format(
                path, one_line(_said(error)), _fix(error)))


def _text(error):
    try:
        return '{}'.format(error)
    except UnicodeError:
        return '{!r}'.format(error)


def _client():
    try:
        from fuelclient import client
    except ImportError:
        raise MasterError(NO_CLIENT)
    # Up to 9.0 APIClient is the client, later its class.
    return getattr(client, 'DefaultAPIClient', None) or client.APIClient


def _said(error):
    """What Nailgun said beside its status: up to 7.0 the client leaves it out."""
    text = _text(error)
    body = getattr(getattr(error, 'response', None), 'text', '')
    return '{} ({})'.format(text, body) if body and body not in text else text


def _fix(error):
    text = '{} {}'.format(type(error).__name__, _text(error))
    if 'Unauthorized' in text or '401' in text:
        return 'Give the password of Fuel: export OS_PASSWORD=...'
    if '404' in text:
        return '"fuel2 env list" lists the environments'
    if 'onnection' in text:
        return 'Does Nailgun run? See "fuel2 env list"'
    return 'Change what it names, and run this again'


def _merged(one, other):
    """The mapping *one* with the values of *other*, level by level."""
    result = dict(one)
    for key, value in other.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def _by_uid(info):
    """Pairs of number and facts in a transaction's deployment_info, of any Fuel 9."""
    if isinstance(info, list):
        return [(facts.get('uid'), facts) for facts in info]
    if 'nodes' in info:
        common = info.get('common') or {}
        return [(uid, _merged(common, facts)) for uid, facts in info['nodes'].items()]
    return list(info.items())
