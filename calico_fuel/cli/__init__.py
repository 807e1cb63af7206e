"""The command line: subcommands and their output.

output     standard output, standard error and the log
task_list  the tasks that Fuel and cron run
report     Environment -> tables, JSON and Graphviz
forgotten  nodes that are ignored until Fuel writes another list
source     which files a command reads -> Environment; the lock of the node
show       commands that show or check: render, topology, settings, preflight, verify
explain    each link on the way to an instance
formats    the status of the node -> a table, JSON, and a line for Nagios
metrics    the same for Prometheus
status     that status, and what all tasks would change
diag       an archive about this node
apply      each task: bring the node to its wanted state
refresh    the tasks run again, because the list of nodes has changed or to be sure
repair     commands after a loss (forget-node, etcd's recovery and backups), and remove
subcommand
           parsers of the program and its subcommands
show_arguments
           the command lines of what changes nothing
arguments  the command line: subcommands, options, help
"""
