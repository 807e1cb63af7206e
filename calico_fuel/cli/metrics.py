"""A Status in the text format of Prometheus.

Of BIRD it has the names and labels of bird_exporter (czerwonk/bird_exporter, "new"
format), so that dashboards for that work.  Source: Prometheus, "Exposition formats",
0.0.4.
"""

from __future__ import unicode_literals

from calico_fuel import __version__
from calico_fuel.codes.registry import CODES

# All are gauges, as those of bird_exporter.
METRICS = (
    ('bird_socket_query_success', 'Whether BIRD answered'),
    ('bird_protocol_up', 'Protocol is up'),
    ('bird_protocol_prefix_import_count', 'Number of imported routes'),
    ('bird_protocol_prefix_export_count', 'Number of exported routes'),
    ('bird_protocol_prefix_filter_count', 'Number of filtered routes'),
    ('bird_protocol_prefix_preferred_count', 'Number of preferred routes'),
    ('bird_protocol_uptime', 'Uptime of the protocol in seconds'),
    ('calico_fuel_session_established', 'Whether a BGP session is Established'),
    ('calico_fuel_session_route_limit', 'Most routes that a session may bring'),
    ('calico_fuel_check', 'Whether something is wrong, by code: docs/codes.md'),
    ('calico_fuel_count', 'Numbers of calico-fuel status'),
    ('calico_fuel_run_timestamp_seconds', 'When this was seen, in seconds since 1970'),
    ('calico_fuel_run_duration_seconds', 'How long the check took'),
    ('calico_fuel_info', 'The node, its environment and the version of the plugin'),
)


# The protocols with routes; the exporter has more kinds, which our BIRD does not use.
OF_BIRD = ('BGP', 'Direct', 'Kernel', 'Static')


def text(status, not_checked):
    """All samples; *not_checked* has the Codes that status cannot find."""
    samples = list(_of_bird(status)) + list(_ours(status, not_checked))
    lines = []
    for name, about in METRICS:
        of_name = [(labels, value) for one, labels, value in samples if one == name]
        if of_name:
            lines += ['# HELP {} {}'.format(name, about),
                      '# TYPE {} gauge'.format(name)]
            lines += [name + _labels(labels) + ' {}'.format(value)
                      for labels, value in of_name]
    return '\n'.join(lines) + '\n'


def _of_bird(status):
    """Triples of a name, labels and a value, as bird_exporter has them."""
    if 'sessions' in status.counts:
        yield 'bird_socket_query_success', (), int(bool(status.protocols))
    for _, protocol in sorted(status.protocols.items()):
        if protocol.proto not in OF_BIRD:
            continue
        labels = (('name', protocol.name), ('proto', protocol.proto),
                  ('ip_version', protocol.ip_version),
                  ('import_filter', protocol.import_filter),
                  ('export_filter', protocol.export_filter))
        yield 'bird_protocol_up', labels + (('state', protocol.info),), int(
            protocol.state == 'up')
        for kind, value in (
                ('import', protocol.imported), ('export', protocol.exported),
                ('filter', protocol.filtered), ('preferred', protocol.preferred)):
            yield 'bird_protocol_prefix_{}_count'.format(kind), labels, value
        yield 'bird_protocol_uptime', labels, protocol.seconds(status.time)


def _ours(status, not_checked):
    for one in status.sessions:
        labels = (('name', one.session.name), ('neighbor', one.session.neighbor))
        yield 'calico_fuel_session_established', labels, int(one.is_established)
        if one.protocol and one.protocol.limit is not None:
            yield 'calico_fuel_session_route_limit', labels, one.protocol.limit
    found = set(check.code for check in status.checks if not check.is_good)
    for name, code in sorted(CODES.items()):
        if code not in not_checked:
            yield 'calico_fuel_check', (('code', name), ('severity', code.severity)), (
                int(code in found))
    for name, value in sorted(status.counts.items()):
        yield 'calico_fuel_count', (('name', name),), value
    yield 'calico_fuel_run_timestamp_seconds', (), int(status.time)
    yield 'calico_fuel_run_duration_seconds', (), '{:.3f}'.format(status.seconds)
    yield 'calico_fuel_info', (
        ('environment', status.environment.id),
        ('fuel', status.environment.fuel_release),
        ('node', status.node.fqdn), ('version', __version__)), 1


def _labels(labels):
    return '{{{}}}'.format(','.join(
        '{}="{}"'.format(name, _escaped('{}'.format(value)))
        for name, value in labels)) if labels else ''


def _escaped(text):
    return text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
