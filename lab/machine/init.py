"""The first process of a clone: it makes the root, then reaps orphans.

``lab.machine.clone`` starts it in new namespaces, as ``python -m lab.machine.init``.

Rule: every mount is made here, after the mounts of the machine became private,
and the machine's root is unmounted at the end.  So a mount is seen by the clone
alone and vanishes with its last process, even if the lab is killed.

The upper layer is a tmpfs: it needs no clearing up, and dpkg's fsync costs
nothing.
"""

import contextlib
import os
import signal
import subprocess
import sys

from lab.machine import run

# To the first process: kill all others.  It does so itself because "all" is
# everything on this machine to a process that is not in the namespace.
KILL_ALL = signal.SIGUSR1

# Relative to the root of the clone: what is empty at each boot.
FRESH = r'''
mount -t tmpfs -o mode=755 tmpfs run
mkdir -m 1777 run/lock
# A utmp record "runlevel 2", without which packages start no service.
printf '\1\0\0\0\62\0\0\0' >run/utmp
truncate --size 384 run/utmp
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=1777 tmpfs dev/shm
'''
# In an empty directory; name, address, project and yes or no to policy-rc.d.
ROOT = '''
name=$1 address=$2 project=$3 policy=$4
# Up to pivot_root /run is the machine's, where mount would keep notes.
mount() { command mount --no-mtab "$@"; }
mount -t tmpfs -o mode=755 tmpfs .
cd "$PWD"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work,redirect_dir=on overlay root
cd root

mount -t proc proc proc
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm dev/net
for device in null zero full random urandom tty net/tun; do
    [ ! -e /dev/$device ] || cp -a /dev/$device dev/$device
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 tmpfs ".$project"
# Programs that were set up on it look for it where it is on the machine.
python27=$project/.cache/python27
if [ -e "$python27" ]; then
    mkdir -p ".$python27"
    mount --bind -o ro "$python27" ".$python27"
fi
mount -o remount,bind,ro ".$project"
''' + FRESH + '''
rm -rf etc/apt/sources.list etc/apt/sources.list.d/* var/lib/apt/lists/*
# What calico-fuel did on the machine is not the clone's.
rm -f var/log/calico-fuel.log
# Pages of the manual are indexed at each installation, for seconds.
rm -f var/lib/man-db/auto-update
[ "$policy" = yes ] || rm -f usr/sbin/policy-rc.d
# Packages tell systemd of each service, by a program in Perl each time.
ln -sf /bin/true usr/bin/deb-systemd-helper
# Packages start no service where these are missing, as in a container.
[ -e sbin/init ] || ln -s /bin/true sbin/init
[ -e sbin/runlevel ] || install -m 755 /dev/stdin sbin/runlevel <<END
#!/bin/sh
echo N 2
END
hostname "$name"
echo "$name" >etc/hostname
printf '%s\\n' '127.0.0.1 localhost' "$address $name.example.com $name" >etc/hosts
rm -f etc/resolv.conf
: >etc/resolv.conf

mkdir run/machine
pivot_root . run/machine
umount --lazy run/machine
rmdir run/machine
'''


def main(owner, directory, name, address, policy):
    if os.getpid() != 1:
        sys.exit('lab.machine.init: is not the first process of a PID namespace')
    signals = {signal.SIGCHLD, KILL_ALL, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    identity = run.Run(owner).add_this_machine()
    with open(directory + '.init', 'w') as ready:
        subprocess.run(['sh', '-euc', ROOT, 'sh', name, address, run.CHECKOUT, policy],
                       cwd=directory, check=True)
        os.chdir('/')
        ready.write(identity)
    while (number := signal.sigwait(signals)) != signal.SIGTERM:
        if number == KILL_ALL:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        reap()


def reap():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == '__main__':
    main(*sys.argv[1:])
