"""Programs that run on workloads, and import nothing of the lab.

echo       sends back what comes
stream     an open TCP connection to it
exchanges  datagrams and short connections to it
"""
