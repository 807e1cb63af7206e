"""Which settings hold passwords: those in them, and values without them.

Whatever prints or collects values of settings asks here.
"""

from __future__ import unicode_literals

MASK = '********'


def _of_peers(peers, replaced):
    return tuple(peer._replace(password=replaced(peer.password)) for peer in peers)


# Key of a setting -> a function that replaces each password in its value in the model.
SETTINGS = {
    'bgp_password': lambda value, replaced: replaced(value),
    'external_peers': _of_peers,
}


def masked(key, value):
    """The value of the setting *key* in the model, for people."""
    if key not in SETTINGS:
        return value
    return SETTINGS[key](value, lambda password: password and MASK)


def of(settings):
    """The passwords in Settings, some of them None or empty."""
    found = []
    for key in SETTINGS:
        SETTINGS[key](getattr(settings, key), found.append)
    return found
