"""Disks that are full, and data that are damaged."""

import contextlib

MAKE = r'''
cd / && path=$1 kind=$2 copy=$(mktemp -d /dev/shm/full.XXXXXX)
cp -a "$path/." "$copy"
case $kind in
space) limit=size=$(($(du -sk "$copy" | cut -f1) + 256))k ;;
inodes) limit=nr_inodes=$(($(find "$copy" | wc -l) + 1)) ;;
esac
mount -t tmpfs -o "$limit,mode=$(stat -c %a "$path")" none "$path"
chown --reference="$copy" "$path" 2>/dev/null || true
cp -a "$copy/." "$path"
rm -rf "$copy"
'''
FILL = '''
case $2 in
space) cat /dev/zero >"$1/filler" 2>/dev/null || true ;;
inodes) n=0; while touch "$1/filler$n"; do n=$((n + 1)); done 2>/dev/null ;;
esac
'''

CUT_LOG = '''
import glob, os
path = max(glob.glob('/var/lib/etcd/member/wal/*.wal'))
with open(path, 'rb') as log:
    used = len(log.read().rstrip(b'\\0'))
os.truncate(path, used * 3 // 4)
'''


@contextlib.contextmanager
def full(machine, kind, *paths):
    """Let each directory be on a full file system of its own, with a copy of its files.

    *kind* is what there is none of: "space" or "inodes".  What is written there
    meanwhile is lost at the end.
    """
    mounted = []
    try:
        for path in paths:
            machine.run('sh', '-euc', MAKE, 'sh', path, kind)
            mounted.append(path)
            machine.run('sh', '-uc', FILL, 'sh', path, kind)
        yield
    finally:
        for path in mounted:
            machine.run('umount', '--lazy', path)


def cut_log(machine):
    """Take the last quarter of what etcd's log has away; etcd does not run."""
    machine.run('python3', '-c', CUT_LOG)
