"""A day is the same for a seed everywhere, and asks only for what Fuel allows."""

from tests.soak import events, roles, steps

DAYS = [steps.day(seed, steps.RELEASES[seed % 4], 60) for seed in range(200)]


def environments():
    """Before each step of each day: its words, and the role of each node by name."""
    for day in DAYS:
        nodes = roles.first_nodes(3, 4)
        number = len(nodes)
        for step in day:
            words = step.split()
            yield words, dict(nodes)
            if words[0] in ('remove', 'replace'):
                del nodes[words[1]]
            if words[0] in ('add', 'replace'):
                number += 1
                nodes['node-{}'.format(number)] = words[-1]


def test_a_day_is_known_by_its_seed():
    """So a failure that somebody reports by its seed can be repeated."""
    assert steps.release(1) == '7.0'
    assert steps.day(1, '7.0', 4) == [
        'remove node-3', 'remove node-5', 'kill-run node-4 1.6',
        'partition node-6 node-1 45']


def test_a_shorter_day_is_the_beginning_of_a_longer_one():
    assert steps.day(7, '9.2', 20) == steps.day(7, '9.2', 40)[:20]


def test_a_day_of_many_has_every_kind_and_each_can_be_done():
    kinds = {steps.kind(step) for day in DAYS for step in day}

    assert kinds == set(events.KINDS) and set(steps.MAY_LOSE) < kinds


def test_only_fuel_9_has_roles_for_routes_and_etcd():
    """DAYS are of 6.1, 7.0, 8.0 and 9.2 in turn."""
    with_roles = {number % 4 for number, day in enumerate(DAYS) for step in day
                  if 'calico-rr' in step or 'calico-etcd' in step}

    assert with_roles == {3}


def test_a_step_names_nodes_that_are_there_and_leaves_two_computes_to_watch():
    for words, nodes in environments():
        hit = steps.hit(' '.join(words))
        assert set(hit) <= set(nodes), words
        if words[0] in steps.MAY_LOSE:
            assert len(set(roles.those(nodes, 'compute')) - set(hit)) >= 2, words


def test_etcd_keeps_its_quorum():
    """Most members stay that reach each other, whichever goes or is cut off."""
    for words, nodes in environments():
        members = {name for name in nodes if nodes[name] == 'calico-etcd'} or {
            name for name in nodes if nodes[name] == 'controller'}
        left = members - set(steps.hit(' '.join(words)))
        if words[0] in ('remove', 'replace'):
            assert left == members or 2 * len(left) > len(members), words
        if words[0].startswith('partition'):
            assert left, words


def test_computes_keep_a_route_reflector_that_they_reach():
    for words, nodes in environments():
        reflectors = {name for name in nodes if nodes[name] == 'calico-rr'} or {
            name for name in nodes if nodes[name] == 'controller'}
        if words[0].startswith('partition') or words[-1] == '45':
            assert reflectors - set(steps.hit(' '.join(words))), words
        if words[0] == 'pause' and nodes[words[1]] == 'compute':
            assert int(words[-1]) < 20, words


def test_a_setting_is_given_another_value():
    """One that Fuel would not deploy for tests nothing."""
    for day in DAYS:
        settings = {name: values[0] for name, values in steps.SETTINGS.items()}
        for setting in (step.split()[-1] for step in day if '=' in step):
            name, _, value = setting.partition('=')
            assert settings[name] != value in steps.SETTINGS[name]
            settings[name] = value
