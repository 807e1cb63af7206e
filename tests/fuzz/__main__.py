"""Show one case, or the results of many.

    python -m tests.fuzz metadata 4711            what a case is, and what comes of it
    python -m tests.fuzz metadata 0 10000         the digest of the results of each
"""

from __future__ import print_function, unicode_literals

import hashlib
import re
import sys
import traceback

from tests.fuzz import laws, metadata, replies

YAML = re.compile(r'is not YAML \(.*?\)\.')
KINDS = {'metadata': metadata, 'replies': replies}


def outcome(kind, number):
    """The Run of a case, None with a traceback, and what is wrong with it."""
    try:
        run = KINDS[kind].run(number)
        return run, list(laws.broken(run))
    except Exception:
        return None, [traceback.format_exc()]


def digest(run):
    """Of all that a Run printed and wrote; PyYAML has words of its own."""
    return hashlib.sha256('\n'.join([YAML.sub('', text) for text in run.printed] + [
        path + run.system.text(path) for path in sorted(run.system.files)
        if path not in (metadata.ASTUTE, metadata.NODES)] + [
        path + text for path, text in sorted(run.texts.items())]).encode(
            'utf-8', 'replace')).hexdigest()[:16]


def results(kind, first, last):
    """A line for each case: its number, and the digest of its result."""
    for number in range(first, last):
        run, _ = outcome(kind, number)
        yield '{} {}'.format(number, digest(run) if run else 'failed')


def main(kind, first, last=None):
    if last is not None:
        for line in results(kind, int(first), int(last)):
            print(line)
        return
    run, wrong = outcome(kind, int(first))
    for name, text in KINDS[kind].shown(int(first)):
        print('====', name)
        print(text.encode('unicode_escape').decode('ascii').replace('\\n', '\n'))
    if run:
        print('==== printed')
        print('\n'.join(run.printed))
    print('==== wrong')
    print('\n'.join(wrong) or 'nothing')


if __name__ == '__main__':
    main(*sys.argv[1:])
