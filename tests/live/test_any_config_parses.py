"""BIRD's own parser accepts the config of any node of any environment."""

import json
import string

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from calico_fuel import render
from calico_fuel import roles as node_roles
from calico_fuel.bgp import route_policy
from calico_fuel.bgp.bird import BIRD_CONF
from calico_fuel.errors import CalicoFuelError
from calico_fuel.fuel.metadata import parse_environment
from lab.fuel import fuel_metadata
from lab.network import bird
from tests import fuzz
from tests.fuzz import laws, metadata

# Cases for one that BIRD is asked about.
ONE_OF = 5

# Words that BIRD's lexer knows, as host names.
KEYWORDS = ['rr', 'client', 'direct', 'kernel', 'static', 'filter', 'bgp',
            'protocol', 'table', 'peer', 'local', 'export', 'node_1', 'a.b-c']
NAMES = st.one_of(st.sampled_from(KEYWORDS), st.text(
    string.ascii_letters + string.digits + '-.', max_size=62).map('n{}'.format))
ROLES = st.lists(st.sampled_from([
    ['compute'], ['controller'], ['primary-controller'], ['ceph-osd'],
    ['controller', 'compute'], ['calico-rr'], ['calico-rr', 'compute']]),
    min_size=1, max_size=6)
PRINTABLE = ''.join(map(chr, range(32, 127)))
OCTET = st.integers(0, 255)
PREFIX = st.builds(
    lambda a, b, length: '{}.{}.0.0/{}'.format(a, b - b % 2, length),
    OCTET, OCTET, st.integers(15, 32))
OPTIONS = st.lists(st.sampled_from([
    'hops=1 gtsm', 'limit=5', 'export=workloads', 'export=floating', 'import=default',
    'from=192.0.2.12/31', 'local=65101']), max_size=4, unique=True).map(' '.join)
PEER = st.builds(
    '{} {} {} {} {}'.format,
    st.text(string.ascii_letters + string.digits + '_-', min_size=1, max_size=40),
    st.integers(1, 4294967294),
    st.sampled_from(['198.51.100.1', '192.0.2.200', '2001:db8::1', 'fd00::7']),
    st.text(PRINTABLE, max_size=80), OPTIONS)
SETTINGS = st.fixed_dictionaries({
    'as_number': st.integers(1, 4294967294).map(str),
    'bgp_password': st.text(PRINTABLE, max_size=80),
    'external_peers': st.lists(PEER, max_size=2).map('\n'.join),
    'workload_prefixes': st.lists(PREFIX, max_size=3).map(' '.join),
})


def _entries(data):
    """What names the nodes: from Fuel 7.0 on network_metadata does."""
    if 'network_metadata' in data:
        return data['network_metadata']['nodes'].values()
    return data['nodes']


@hypothesis.settings(deadline=None, max_examples=60, suppress_health_check=[
    hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow])
@given(ROLES, st.sampled_from(fuel_metadata.RELEASES), SETTINGS, st.lists(NAMES))
def test_any_rendered_config_is_accepted(
        line, tmp_path, roles, release, settings, names):
    """Whatever the nodes are called and the operator sets."""
    data = fuel_metadata.metadata(release, roles, **settings)
    for entry, name in zip(_entries(data), names):
        entry['name'] = entry['fqdn'] = name
    try:
        environment = parse_environment(json.dumps(data))
        node_roles.check(environment)
        route_policy.check(environment)
    except CalicoFuelError:
        return
    for node in environment.nodes:
        try:
            files = render.files(environment, node, int(line))
        except CalicoFuelError:
            continue
        texts = dict(files)
        if BIRD_CONF in texts:
            assert complaint(texts[BIRD_CONF], line, tmp_path) == ''


def complaint(text, line, directory):
    """What BIRD of this major version says of a bird.conf; empty if it is good."""
    (directory / 'local.d').mkdir(exist_ok=True)
    (directory / 'local.d/00-readme.conf').write_text(render.bird_local_readme())
    config = directory / 'bird.conf'
    config.write_text(text)
    return bird.check(config, line)


def test_the_config_of_any_hostile_case_is_accepted(line, tmp_path):
    """Of a part of the cases of tests/fuzz: each config takes a run of BIRD."""
    known = set()
    for number in range(int(line) - 1, fuzz.CASES // ONE_OF, 2):
        for node, text in laws.bird_confs(metadata.run(number)):
            if text not in known:
                assert complaint(text, line, tmp_path) == '', '{} of {} {}'.format(
                    node, 'python -m tests.fuzz metadata', number)
            known.add(text)

    assert known
