"""docs/codes.md, from the codes of the package."""

import re

from calico_fuel.codes import bgp, cluster, instance, node
from calico_fuel.codes.registry import of_module

# A label begins with a capital letter; what else is in quotation marks, a command of
# ours and a path are code.
LABEL_OR_COMMAND = re.compile(
    r'("[A-Z][^"]*")|"[^"]*"|calico-fuel [\w-]+(?: --[\w-]+(?: [\w.]+\b)?)?|'
    r'/\w[\w./-]+\w')
HEAD = '''\
# Codes

`status`, `verify`, `explain` and `preflight` name what is wrong by a code. A code keeps
its meaning, so alerts can refer to it.
`status`, `verify` and `preflight` exit with 1 for a **problem**, not for a **note**:
with a note the environment works, or a tenant can cause it. `explain` exits with 1 for
any broken link.
The message of a command has the fix of that case; this page has one for any case.
On a node that has no command `calico-fuel` yet, because its deployment stopped early,
type `/etc/fuel/plugins/calico-fuel-plugin-4.0/run_task` in its place.

`make pages` writes this page from `calico_fuel/codes`.
'''
CHAPTERS = (('BGP and routes', bgp), ('etcd, Neutron, Felix, DHCP', cluster),
            ('One instance (`explain`)', instance),
            ('The node, and deployments', node))


def page():
    """The text of the page."""
    parts = [HEAD]
    for title, module in CHAPTERS:
        parts.append('\n## {}\n\n| Code | | Meaning | Where to check | Fix |\n'
                     '|---|---|---|---|---|\n'.format(title))
        parts += ['| `{}` | {} | {} | {} | {} |\n'.format(
            one.name, one.severity, one.meaning, _commands(one.where),
            _commands(one.fix)) for one in of_module(module)]
    return ''.join(parts)


def _commands(text):
    """*text* with commands, files and options as code, not labels of Fuel's page."""
    return LABEL_OR_COMMAND.sub(
        lambda found: found.group(1) or '`{}`'.format(found.group().strip('"')),
        text.replace('|', '\\|'))
