"""Calico's own state, mostly from its keys in etcd.

keys       Calico's keys in etcd
endpoints  the endpoints of instances in etcd
security_groups
           what security groups allow, in words
driver     the mechanism driver of Neutron -> a Check
felix      Felix on computes -> Checks
dhcp       dnsmasq of instances -> Checks
"""
