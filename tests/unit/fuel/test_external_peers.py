"""Lines of external peers: four words as ever, and options behind them."""

from __future__ import unicode_literals

import pytest

from calico_fuel.addresses import parse_prefix
from calico_fuel.fuel.external_peers import ExternalPeer
from tests.unit.builders import environment, roles
from tests.unit.fuel.test_settings import parse, problems

LINE = 'b1 65010 198.51.100.9'


def peer_of(text):
    return parse(external_peers=LINE + ' ' + text).external_peers[0]


def test_external_peers_stand_one_on_a_line():
    parsed = parse(external_peers='''
        # our border routers
        b6 4200000001 2001:DB8::1
        b4 65010 198.51.100.9 p4ss word # all of it
    ''')

    assert parsed.external_peers == (
        ExternalPeer('b4', 65010, '198.51.100.9', 'p4ss word # all of it'),
        ExternalPeer('b6', 4200000001, '2001:db8::1', None))


@pytest.mark.parametrize('line, reason', [
    ('b1 65010', 'NAME AS ADDRESS'),
    ('b1:65010:198.51.100.9', 'NAME AS ADDRESS'),
    ('b.1 65010 198.51.100.9', 'the first word must be a name'),
    ('b1 65O10 198.51.100.9', 'the second word must be an AS number'),
    ('b1 0 198.51.100.9', 'AS 0 is reserved'),
    ('b1 65010 198.51.100', 'the third word must be an IPv4 or IPv6 address'),
    ('b1 65010 127.0.0.1', 'unicast'),
    ('b1 65010 198.51.100.9 quo"ted', 'double quote'),
    ('b1 65010 198.51.100.9 "quoted', 'double quote'),
    ('b1 65010 198.51.100.9 ""', 'double quote'),
    ('good 65010 198.51.100.10', 'the name "good" is taken by "good"'),
    ('other 65010 198.51.100.1', 'the address 198.51.100.1 is also that of "good"')])
def test_each_bad_line_is_named_by_its_number(line, reason):
    found = problems(external_peers='good 65010 198.51.100.1\n\n' + line)

    assert 'external_peers: line 3: ' in found and reason in found


def test_two_names_that_are_one_for_bird_are_refused():
    assert ('line 2: the name "border_1" is taken by "border-1" (for BIRD a hyphen '
            'becomes an underscore)') in problems(external_peers=(
                'border-1 65010 198.51.100.1\nborder_1 65010 198.51.100.2'))


@pytest.mark.parametrize('line', [
    'b1 65010 nowhere s3cret', 'b1 65010 s3cret', 'b1 s3cret 198.51.100.1',
    '$3cret 65010 198.51.100.1', 'b1 65010 127.0.0.1 s3cret',
    'b1 0 198.51.100.1 s3cret', 'b1 65010 198.51.100.1 "s3cret',
    'b1 65010 198.51.100.1 hops=s3cret', 'b1 65010 198.51.100.1 pass=s3cret',
    'b1 65010 198.51.100.1 hops=1 s3cret', 'b1 65010 198.51.100.1 local=s3cret',
    'b1 65010 198.51.100.1 from=s3cret', 'b1 65010 198.51.100.1 export=s3cret'])
def test_a_bad_line_does_not_show_a_password_wherever_it_stands(line):
    assert '3cret' not in problems(external_peers=line)


@pytest.mark.parametrize('text, options', [
    ('', {}), ('hops=1', {'hops': 1}), ('hops=255', {'hops': 255}),
    ('hops=2 gtsm', {'hops': 2, 'gtsm': True}),
    ('gtsm=yes\thops=1', {'hops': 1, 'gtsm': True}),
    ('limit=1', {'limit': 1}), ('limit=999999', {'limit': 999999}),
    ('export=workloads', {'export': 'workloads'}),
    ('export=floating', {'export': 'floating'}), ('export=all', {}),
    ('import=default', {'imports_default': True}), ('import=none', {}),
    ('from=10.21.0.0/24', {'rack': parse_prefix('10.21.0.0/24')}),
    ('local=65101', {'local': 65101})])
def test_each_option_has_its_field(text, options):
    assert peer_of(text) == ExternalPeer('b1', 65010, '198.51.100.9', **options)


@pytest.mark.parametrize('text, password, options', [
    ('p4ss', 'p4ss', ''), ('two  words', 'two  words', ''),
    ('two  words hops=1  limit=5 ', 'two  words', 'hops=1 limit=5'),
    # What looks like an option is none within double quotes.
    ('"hops=1"', 'hops=1', ''), ('"hops=1" hops=2', 'hops=1', 'hops=2'),
    ('" gtsm "', ' gtsm ', ''), ('"a limit=5 b" local=1', 'a limit=5 b', 'local=1'),
    # As random passwords are: too short, in capitals, not at the begin of a word.
    ('ab=cdef', 'ab=cdef', ''), ('LIMIT=5', 'LIMIT=5', ''),
    ('c2VjcmV0==', 'c2VjcmV0==', ''), ('x,limit=5', 'x,limit=5', ''),
    ('gtsms', 'gtsms', ''), ("'quoted'", "'quoted'", '')])
def test_the_first_option_ends_the_password(text, password, options):
    peer = peer_of(text)

    assert (peer.password, peer.options) == (password, options)


def test_the_options_of_a_peer_are_shown_as_they_are_written():
    text = ('hops=1 gtsm limit=5 export=floating import=default from=10.21.0.0/24 '
            'local=65101')

    assert peer_of('s3cret ' + text).options == text


@pytest.mark.parametrize('text, reason', [
    ('hops=0', 'hops: write a whole number from 1 to 255'),
    ('hops=256', 'hops: write a whole number from 1 to 255'),
    ('hops=', 'hops: write a whole number from 1 to 255'),
    ('limit=0', 'limit: write a whole number from 1 to 999999'),
    ('limit=1e3', 'limit: write a whole number'),
    ('gtsm', 'gtsm needs hops=N: write hops=1 too'),
    ('hops=1 gtsm=no', 'gtsm: write yes'),
    ('export=some', 'export: write workloads or floating or all'),
    ('import=all', 'import: write default or none'),
    ('from=rack-2', 'from: is no IPv4 prefix: write the management network of the '
     'node group, such as from=10.21.0.0/24: the metadata of nodes does not have the '
     'names of node groups'),
    ('from=10.21.0.1/24', 'from: "10.21.0.1/24" has host bits set: write 10.21.0.0/24'),
    ('local=AS65101', 'local: write an AS number, such as local=65101'),
    ('local=23456', 'local: AS 23456 is reserved'),
    ('hops=1 hops=2', 'hops stands twice: write it once'),
    ('limt=5', 'a word after the address is no option. These are export, from, gtsm, '
     'hops, import, limit, local. Write the password before them, and in double quotes '
     'if it has a word with "=" or the word gtsm'),
    ('limit=5 p4ss', 'a word after the address is no option'),
    ('"p4ss" word', 'a word after the address is no option')])
def test_a_bad_option_is_named_with_its_line_and_the_fix(text, reason):
    found = problems(external_peers='good 65010 198.51.100.1\n' + LINE + ' ' + text)

    assert 'external_peers: line 2: ' + reason in found


def test_a_default_route_needs_a_session_over_ipv4():
    found = problems(external_peers='b6 65010 2001:db8::1 import=default')

    assert 'external_peers: line 1: import=default needs an IPv4 session' in found


def test_the_neighbors_of_a_peer_of_a_rack_are_the_computes_in_its_network():
    env = environment(roles(1, 3))

    assert [node.name for node in env.nodes if peer_of(
        'from=192.0.2.12/31').has_neighbor(node)] == ['node-2', 'node-3']
    assert [node.name for node in env.nodes if peer_of(
        'from=0.0.0.0/0').has_neighbor(node)] == ['node-2', 'node-3', 'node-4']
    assert not any(map(peer_of('').has_neighbor, env.nodes))
    assert not peer_of('from=0.0.0.0/0').has_neighbor(
        env.nodes[1]._replace(address=None))
