"""Things that any node can have, one module for each kind.  None knows a daemon.

A resource is a value that says what is wanted.  Every kind has

* ``label``: its name, for the summary and the log;
* ``difference(system)``: text for people that says what is not as wanted, without
  secrets; empty if nothing differs;
* ``change(system)``: apply the wanted state;
* ``code``: what it is called while it differs;
* ``is_told``: whether ``verify`` tells of a difference, or a run has time to end it;
* ``is_service``: whether it is a daemon that runs, and ``watches`` others.

A resource that a service can watch also has ``loaded(system)``: a text.  The service
reloads when this text changes.  The text is the same on each Python, and in each
version of the plugin that wants the same state.

``converge`` calls them in the order of a task's list.

base         what all kinds have in common
program      the version of a program that is installed
question     a question to a daemon, with a time limit
ini          options in the text of ini files
shown        what people see of the texts of files
file         a file with a text, or without some text, or no file
deployed_settings
             the settings of the last deployment that finished here
directory    a directory that a daemon writes to
options      options in an ini file that others write too
restored     files and options as they were before the plugin
service      a daemon that runs, or must not run
iptables     a table in the text of iptables-save
firewall     a chain of firewall rules, and rules that must not be there
saved_rules  saved firewall rules that can be loaded at boot
sysctl       a kernel setting
tap_sysctl   a kernel setting of each tap interface
ip_rules     rules that send some traffic to a routing table of its own
"""
