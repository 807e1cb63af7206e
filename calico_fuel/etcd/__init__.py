"""The etcd cluster of an environment.

steps       a view of an etcd cluster, what is wanted, and the steps in between
quorum      members and their quorum
moving      how members move from HTTP to TLS
membership  the next safe step towards the wanted members
recovery    the next step after the loss of the quorum
leaving     the next step of a node that is to be no member
peers       who is, was or will be a member, and the URLs of each
authority   the certificate authority that all nodes derive
certificates
            the certificate of the node for TLS
settings    the settings of the etcd members and proxies
client      etcd's HTTP API: members, keys
reports     what the etcd of each node reports
lock        the lock of an etcd cluster
backup      backups of the keys, and their restoration
service     etcd as a service, whose members restart one after the other
walk        takes the steps one by one
proxy       the members that the etcd proxy of this node knows
member      the etcd of this node, and the steps that are taken on it
readiness   whether all nodes are ready for members that speak TLS alone
health      replies of etcd members -> Checks
"""
