"""A node is a copy-on-write clone of this machine; what a run makes goes away again.

interrupts  Ctrl-C and SIGTERM, and the stretches where they have to wait
programs    run a program, wait for a state
processes   a process by pid and start time
run         what one run makes, and how all of it goes away again
init        the first process of a clone, which makes its root
clone       a node with a root of its own
disk        a disk for the files of a clone, and the loss of its power
repository  packages for clones, served as a Fuel master does
scripts     the plugin's scripts, served and fetched by rsync
standins    packages that Debian lacks, or that are too heavy
needs       what this machine has to have
"""
