"""The command explain: each link on the way to an instance, up to the first break."""

from __future__ import unicode_literals

from calico_fuel import checks, roles
from calico_fuel.calico import endpoints
from calico_fuel.cli import output, source
from calico_fuel.explain import chain, facts, link


def explain(options, system):
    """Print the Links -> 1 if one is broken, else 0."""
    receiver, sender = _ends(options)
    environment = source.environment(options, system)
    roles.check(environment)
    seen = facts.read(environment, environment.this_node, system,
                      [name for name in (sender, receiver) if name])
    links = chain.links(seen, receiver, sender)
    output.tell({'table': table, 'json': as_json}[options.format](
        links, receiver, sender, environment.this_node.name))
    return int(links[-1].verdict == link.BROKEN)


def _ends(options):
    """The receiver, and the sender or None, as ``endpoints.word``."""
    names = [options.receiver] + options.rest
    if len(names) not in (1, 3) or names[1:2] not in ([], ['to']):
        options.refuse('write ADDRESS, or ADDRESS to ADDRESS')
    try:
        ends = [endpoints.word(name) for name in names[::2]]
    except ValueError as error:
        options.refuse(checks.one_line('{}'.format(error)))
    if len(set(ends)) < len(ends):
        options.refuse('both ends are {}'.format(ends[0]))
    return ends[-1], ends[0] if len(ends) > 1 else None


def as_json(links, receiver, sender, here):
    return output.json_text({
        'to': receiver, 'from': sender, 'node': here,
        'links': [dict(one._asdict(), code=one.code.name if one.code else '')
                  for one in links]})


def table(links, receiver, sender, here):
    """The Links as lines of text for people, with the outcome."""
    rows = [(link.MARKS[one.verdict], '{}'.format(number), checks.one_line(one.name),
             checks.one_line(one.state)) for number, one in enumerate(links, 1)]
    title = '{} -> {}, seen from {}'.format(sender or here, receiver, here)
    return '\n'.join([title, checks.columns(rows)] + _outcome(links))


def _outcome(links):
    last = links[-1]
    if last.verdict == link.BROKEN:
        return ['broken at link {} ({}): {}'.format(
            len(links), last.name, last.code.name), '  ' + last.fix]
    unseen = [(number, one) for number, one in enumerate(links, 1)
              if one.verdict == link.ELSEWHERE]
    lines = ['good: {} of {} links{}'.format(
        len(links) - len(unseen), len(links),
        '; other nodes see the rest:' * bool(unseen))]
    places = [(one.where, one.fix) for _, one in unseen]
    for place in sorted(set(places), key=places.index):
        lines.append('  link {} on {}: {}'.format(', '.join(
            '{}'.format(number) for number, one in unseen
            if (one.where, one.fix) == place), *place))
    return lines
