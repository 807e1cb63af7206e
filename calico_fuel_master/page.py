"""The environment as one web page, which loads nothing from anywhere."""

from __future__ import unicode_literals

import time

from calico_fuel_master.picture import picture, quoted
from calico_fuel_master.reports import (
    GOOD, ORDER, PROBLEM, SILENT, faults, summary, worst_first)

STYLE = '''
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c2126;--dim:#5b6570;--line:#d5d9dd;
--box:#fff;--good:#1a7f4b;--note:#8a5a00;--bad:#b3261e;--silent:#6a3fb5}
@media (prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--dim:#9aa5b0;
--line:#333b43;--box:#1d2329;--good:#4cc38a;--note:#e0b04a;--bad:#ff7b72;
--silent:#b99bff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1100px;padding:20px 16px 48px;background:var(--bg);
color:var(--fg);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 4px}h2{font-size:1.1rem;margin:32px 0 8px}
p{margin:4px 0}.dim{color:var(--dim)}
.verdict{font-size:1.1rem;font-weight:600}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;
background:var(--box)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:7px 10px;
border-bottom:1px solid var(--line);overflow-wrap:break-word}
td{white-space:nowrap}td.long{white-space:normal;min-width:15em}
tr:last-child td{border-bottom:0}
th{white-space:nowrap}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible{outline:2px solid var(--fg);outline-offset:2px}
th button::after{content:" \\2195";color:var(--dim)}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
.good{color:var(--good)}.note{color:var(--note)}.problem{color:var(--bad)}
.no-answer{color:var(--silent)}
td.good,td.note,td.problem,td.no-answer{font-weight:600}
svg{display:block;font:12px system-ui,sans-serif}
svg text{fill:var(--fg)}
svg .tier{fill:var(--dim);font-weight:600;paint-order:stroke;stroke:var(--box);
stroke-width:6px}
svg .name{font-weight:600;font-size:13px}
svg rect{fill:var(--box);stroke:currentColor;stroke-width:1.5}
svg .node text:last-child{fill:currentColor}
svg .outside{color:var(--dim)}svg .no-answer rect{stroke-dasharray:5 3}
svg .problem rect,svg .no-answer rect{stroke-width:3}
svg .up{stroke:var(--good);stroke-width:1;opacity:.55;fill:none}
svg .down{stroke:var(--bad);stroke-width:2.5;stroke-dasharray:6 4;fill:none}
'''
SCRIPT = '''
document.querySelectorAll("th button").forEach(function(button){
button.addEventListener("click",function(){
var th=button.parentNode,index=Array.prototype.indexOf.call(th.parentNode.children,th),
body=th.closest("table").tBodies[0],up=th.getAttribute("aria-sort")!=="ascending";
th.parentNode.querySelectorAll("th").forEach(function(each){
each.removeAttribute("aria-sort")});
th.setAttribute("aria-sort",up?"ascending":"descending");
function key(row){var cell=row.cells[index];
return cell.getAttribute("data-key")||cell.textContent}
Array.prototype.slice.call(body.rows).sort(function(a,b){
return (up?1:-1)*key(a).localeCompare(key(b),undefined,{numeric:true})
}).forEach(function(row){body.appendChild(row)})})});
function age(){document.querySelectorAll("[data-time]").forEach(function(each){
var minutes=Math.floor((Date.now()/1000-each.getAttribute("data-time"))/60);
each.textContent=minutes<1?"less than a minute old":minutes<120?minutes+" min old":
Math.floor(minutes/60)+" h old"})}
age();setInterval(age,30000);
'''
POLICY = ("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
          "base-uri 'none'; form-action 'none'")
PAGE = '''<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: {summary}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<p class="verdict {worst}">{summary}</p>
<p class="dim">Seen {when} UTC,
<span data-time="{seconds}">when this was written</span>.
The picture and the tables are of that time.</p>
{body}
<script>{script}</script>
</body>
</html>
'''


def page(reports, seconds):
    ordered = worst_first(reports)
    known = [report for report in reports if report.result != SILENT]
    name = 'Calico network'
    if known:
        name += ', environment {}, Fuel {}'.format(
            known[0].environment, known[0].fuel)
    drawing, left_out = picture(reports)
    body = [_checks(reports), '<h2>Topology</h2>',
            '<div class="scroll">{}</div>'.format(drawing),
            '<p class="dim">Lines are BGP sessions: thin and solid Established, thick '
            'and dashed down. 2/3: two of three sessions are Established.{}</p>'.format(
                ' {} Established ones are not drawn.'.format(left_out)
                if left_out else ''),
            _nodes(ordered), _sessions(ordered)]
    return PAGE.format(
        policy=POLICY, title=quoted(name), summary=quoted(summary(reports)),
        worst=_class(ordered[0].result), style=STYLE, script=SCRIPT,
        when=time.strftime('%Y-%m-%d %H:%M', time.gmtime(seconds)),
        seconds=int(seconds), body='\n'.join(body))


def _class(result):
    return result.replace(' ', '-')


def _checks(reports):
    rows = [((SILENT, SILENT), report.name, '', 'answer', report.why,
             'Run calico-fuel status there.')
            for report in reports if report.result == SILENT]
    rows += [((check.severity, check.severity), report.name, check.code, check.subject,
              '{}, expected: {}'.format(check.state, check.expected)
              if check.expected else check.state, check.fix)
             for report, check in faults(reports)]
    if not rows:
        return '<h2>Checks</h2>\n<p class="good">No problem and no note.</p>'
    return _table('Checks that are not good', (
        'Severity', 'Node', 'Code', 'Subject', 'State', 'Fix'), rows)


def _nodes(reports):
    return _table('Nodes', ('State', 'Node', 'Roles', 'Sessions', 'Plugin', 'Seen'), [
        ((node.result, node.verdict), node.name, ' '.join(node.roles),
         node.sessions_up, node.version, '' if node.time is None else time.strftime(
             '%Y-%m-%d %H:%M:%S', time.gmtime(node.time))) for node in reports])


def _sessions(reports):
    rows = [((GOOD, 'Established') if one.is_established else (
        PROBLEM, one.state or 'down'), node.name, one.neighbor, one.address, one.since,
        one.imported, one.exported) for node in reports for one in node.sessions]
    return _table('BGP sessions', ('State', 'Node', 'Neighbor', 'Address', 'Since',
                                   'Learned', 'Announced'),
                  sorted(rows, key=lambda row: ORDER.index(row[0][0]))) if rows else ''


def _table(title, heads, rows):
    """*rows* of texts; the first cell is a pair: one of ORDER, and its words."""
    lines = ['<h2>{}</h2>'.format(title), '<div class="scroll"><table><thead><tr>']
    lines += ['<th scope="col"><button type="button">{}</button></th>'.format(head)
              for head in heads]
    lines.append('</tr></thead><tbody>')
    for row in rows:
        state, words = row[0]
        lines.append('<tr><td class="{}" data-key="{}">{}</td>{}</tr>'.format(
            _class(state), ORDER.index(state), quoted(words), ''.join(
                '<td{}>{}</td>'.format(
                    ' class="long"' if len('{}'.format(cell)) > 24 else '',
                    quoted(cell)) for cell in row[1:])))
    return '\n'.join(lines + ['</tbody></table></div>'])
