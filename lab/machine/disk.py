"""A disk for the files of a clone, and the loss of its power.

The disk is an ext4 that writes only what a program syncs: all else stays in memory for
minutes (``commit``), and a file that is renamed may reach the disk after its new name
(``noauto_da_alloc``), as on other file systems.  When the power goes, the kernel drops
all that waits in memory.
"""

from lab.machine.programs import LabError, eventually

IMAGE, DISK = '/disk.img', '/disk'
ON_DISK = 'etc', 'usr', 'var'
MAKE = '''
[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
for n in $(seq 0 31); do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
truncate --size 2G {0}
mkfs.ext4 -q {0}
mkdir {1}
'''.format(IMAGE, DISK)
# What has not changed since it was made is not on the disk.
MOUNT = '''
mount -o loop,noauto_da_alloc,commit=600 {} {disk}
for path in {}; do
    mkdir -p {disk}/$path/upper {disk}/$path/work
    mount -t overlay -o \\
        lowerdir=/$path,upperdir={disk}/$path/upper,workdir={disk}/$path/work \\
        overlay /$path
done
'''.format(IMAGE, ' '.join(ON_DISK), disk=DISK)
UNMOUNT = 'umount', '--lazy', *('/' + path for path in ON_DISK), DISK
# FS_IOC_SHUTDOWN of linux/fs.h, without a flush.
DROP = '''
import fcntl, os, struct
fcntl.ioctl(os.open('{}', os.O_RDONLY), 0x8004587d, struct.pack('I', 2))
'''.format(DISK)


def put_on_disk(machine):
    """Let what changes in /etc, /usr and /var from now on be on a disk, if it is not.

    A daemon that runs has files open that are not on it: reboot the clone.
    """
    if machine.result('mountpoint', DISK).status:
        machine.run('sh', '-euc', MAKE + MOUNT)


def cut_power(machine):
    """Kill everything, and go on with what the disk has."""
    machine.kill_all()
    machine.run('python3', '-c', DROP)
    machine.run(*UNMOUNT)
    # Once no file on it is open any more.
    if not eventually(lambda: not machine.run('losetup', '--associated', IMAGE)):
        raise LabError('{}: something keeps {} open'.format(machine.name, IMAGE))
    machine.run('sh', '-euc', MOUNT)
