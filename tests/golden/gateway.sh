#!/bin/sh
# Written by calico-fuel-plugin 4.0.0: changes are lost at its next run.
# Traffic from workloads to the outside goes to a gateway of its own. ifupdown runs this
# whenever an interface comes up.
ip -4 -batch - <<'end'
route replace throw 10.65.0.0/24 table 202
route replace throw 10.66.0.1 table 202
route replace throw 192.0.2.0/24 table 202
route replace throw 198.51.100.0/25 table 202
route replace throw 198.51.100.128/26 table 202
route replace throw 198.51.100.192/26 table 202
end
ip -4 route replace default via 192.0.2.200 table 202 2>/dev/null || exit 0
# Trusty's ip lists all rules or none, and its kernel accepts a rule twice.
rules=$(ip -4 rule list)
echo "$rules" | grep -q '^20200:' ||
    ip -4 rule add pref 20200 from 10.65.0.0/24 lookup 202
echo "$rules" | grep -q '^20201:' ||
    ip -4 rule add pref 20201 from 10.66.0.1 lookup 202
