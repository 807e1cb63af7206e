"""Fuel's client, as much as is used of it: a question by its path."""

from __future__ import unicode_literals


class Client(object):
    """It answers from a mapping of path -> data, which ``put_request`` records."""

    def __init__(self, answers, error=None):
        self.answers, self.error, self.saved = answers, error, []

    def get_request(self, path):
        if self.error:
            raise self.error
        return self.answers[path]

    def put_request(self, path, data):
        if self.error:
            raise self.error
        self.saved.append((path, data))


def answers(coming, uploaded=(), nodes=None, **others):
    """Those for the environment 7, whose facts are *coming*."""
    uids = [facts['uid'] for facts in coming]
    found = {
        'version': {'release': '9.2'},
        'nodes/?cluster_id=7': [
            {'id': int(uid)} for uid in uids] if nodes is None else nodes,
        'clusters/7/orchestrator/deployment': list(uploaded),
        'clusters/7/orchestrator/deployment/defaults?nodes=' + ','.join(uids): coming,
        'transactions/?cluster_id=7': [],
    }
    found.update(others)
    return found
