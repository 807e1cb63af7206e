"""The topology as a picture (SVG): nodes by role, sessions, and their states.

A colour never stands alone: words and the kind of a line say the same.
"""

from __future__ import unicode_literals

from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN, COLUMNS = 156, 46, 18, 22, 14, 6
TITLE, BETWEEN = 18, 46
# With more only sessions that are down are drawn: a thousand lines say nothing.
MOST_LINES = 150
EXTERNAL = 'external_'
REFLECTS = 'client_'
TIERS = ('External peers', 'Route reflectors', 'Computes', 'Other nodes')


def quoted(text):
    """*text* for HTML and SVG, also in an attribute."""
    return escape('{}'.format(text), {'"': '&quot;', "'": '&#39;'})


def picture(reports):
    tiers = _tiers(reports)
    places, parts, y = {}, [], MARGIN
    for title, names in zip(TIERS, tiers):
        if not names:
            continue
        parts.append('<text class="tier" x="{}" y="{}">{} ({})</text>'.format(
            MARGIN, y + 12, title, len(names)))
        y += TITLE
        for number, name in enumerate(names):
            row, column = divmod(number, COLUMNS)
            places[name] = (MARGIN + column * (WIDTH + GAP_X),
                            y + row * (HEIGHT + GAP_Y))
        y += ((len(names) - 1) // COLUMNS + 1) * (HEIGHT + GAP_Y) - GAP_Y + BETWEEN
    lines, left_out = _lines(reports, places)
    by_name = dict((report.name, report) for report in reports)
    boxes = [_box(name, by_name.get(name), places[name]) for name in sorted(places)]
    width = MARGIN * 2 + COLUMNS * (WIDTH + GAP_X) - GAP_X
    height = max(y - BETWEEN + MARGIN, 60)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Nodes by role '
        'and their BGP sessions" viewBox="0 0 {0} {1}" width="{0}" height="{1}">{2}'
        '</svg>'.format(width, height, '\n'.join(lines + parts + boxes)), left_out)


def _tiers(reports):
    """Names of external peers, reflectors, computes and others."""
    tiers = [[], [], [], []]
    for report in reports:
        names = [session.name for session in report.sessions]
        if any(name.startswith(REFLECTS) or name.startswith(EXTERNAL) and (
                'compute' not in report.roles) for name in names) or (
                any(role.endswith('calico-rr') for role in report.roles)):
            tiers[1].append(report.name)
        elif 'compute' in report.roles:
            tiers[2].append(report.name)
        else:
            tiers[3].append(report.name)
        for session in report.sessions:
            if session.name.startswith(EXTERNAL) and session.neighbor not in tiers[0]:
                tiers[0].append(session.neighbor)
    return tiers


def _lines(reports, places):
    """A line for each pair of ends, and how many were left out."""
    pairs = {}
    for report in reports:
        for session in report.sessions:
            other = session.neighbor if session.neighbor in places else (
                session.neighbor.partition('.')[0])
            if other in places and report.name in places:
                pair = tuple(sorted((report.name, other)))
                pairs[pair] = pairs.get(pair, True) and session.is_established
    good = sorted(pair for pair in pairs if pairs[pair])
    down = sorted(pair for pair in pairs if not pairs[pair])
    drawn = good if len(good) <= MOST_LINES else []
    return [_line(pair, places, pair in down) for pair in drawn + down], (
        len(good) - len(drawn))


def _line(pair, places, is_down):
    (x1, y1), (x2, y2) = sorted((places[name] for name in pair),
                                key=lambda place: (place[1], place[0]))
    text = '{} - {}: {}'.format(pair[0], pair[1],
                                'down' if is_down else 'Established')
    if y1 == y2:
        # Beside each other: an arc below the boxes.
        way = 'M{} {} Q{} {} {} {}'.format(
            x1 + WIDTH // 2, y1 + HEIGHT, (x1 + x2 + WIDTH) // 2, y1 + HEIGHT + 30,
            x2 + WIDTH // 2, y2 + HEIGHT)
    else:
        way = 'M{} {} L{} {}'.format(x1 + WIDTH // 2, y1 + HEIGHT, x2 + WIDTH // 2, y2)
    return '<path class="{}" d="{}"><title>{}</title></path>'.format(
        'down' if is_down else 'up', way, quoted(text))


def _box(name, report, place):
    x, y = place
    state = report.verdict if report else 'outside'
    sessions = ', ' + report.sessions_up if report and report.sessions_up else ''
    return (
        '<g class="node {0}"><title>{1}: {2}{3}</title>'
        '<rect x="{4}" y="{5}" width="{6}" height="{7}" rx="6"/>'
        '<text class="name" x="{8}" y="{9}">{10}</text>'
        '<text x="{8}" y="{11}">{12}</text></g>'.format(
            report.result.replace(' ', '-') if report else 'outside', quoted(name),
            quoted(state), sessions, x, y, WIDTH, HEIGHT, x + 10, y + 19,
            quoted(_cut(name, 16)), y + 36, quoted(_cut(state + sessions, 24))))


def _cut(text, most):
    return text if len(text) <= most else text[:most - 2] + '..'
