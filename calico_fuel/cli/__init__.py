"""What a person types, and what is said in return.

output    standard output, standard error and the log
report    Environment -> tables, JSON, YAML and Graphviz
refresh   the tasks run again, because the list of nodes has changed or to be sure
commands  one function per kind of subcommand
"""
