"""The etcd cluster of an environment.

steps       a view of an etcd cluster, and the steps that change its members
membership  the next safe step towards the wanted members
settings    the settings of the etcd members and proxies
client      etcd's HTTP API: members, keys, the lock
backup      backups of the keys, and their restoration
service     etcd as a service, whose members restart one after the other
walk        takes the steps one by one
proxy       a node that is no member; the members that its proxy knows
member      this node's place in the etcd cluster
health      replies of etcd members -> Checks
"""
