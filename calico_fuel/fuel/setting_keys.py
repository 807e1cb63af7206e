"""Keys in Fuel's section of the plugin that are no settings: misspelt or unknown."""

from __future__ import unicode_literals

import difflib

# The only key that Fuel adds to the section of the settings.
OF_FUEL = 'metadata'
# The ratio from which a key is a misspelt setting: bgp_pasword has 0.96, and no key of
# the earlier plugins more than 0.7.
SIMILARITY = 0.8


def unknown(raw, keys):
    """Sorted keys of Fuel's mapping that are none of *keys* and look like none.

    They may be of another version of the plugin: Fuel 6.1 and 7.0 never remove them
    from an environment, so they must not stop a deployment.
    """
    alike = [key for key, _ in misspelt(raw, keys)]
    return [key for key in _others(raw, keys) if key not in alike]


def misspelt(raw, keys):
    """Pairs: a key of *raw* that is none of *keys*, the one that it looks like."""
    for key in _others(raw, keys):
        for meant in difflib.get_close_matches(key, keys, 1, SIMILARITY):
            yield key, meant


def _others(raw, keys):
    return sorted(key for key in raw if key not in keys and key != OF_FUEL)
