"""The etcd cluster of an environment.

steps       what is known of an etcd cluster, and the steps that change its members
membership  the next safe step towards the wanted members
settings    the settings of the etcd members and proxies
client      etcd's HTTP API: members, keys, the lock
backup      backups of the keys, and what is written back
service     etcd as a service, whose members restart one after the other
walk        takes one step after the other
proxy       this node is no member; the members that its proxy knows
member      this node's place in the etcd cluster
health      what etcd members replied -> Checks
"""
