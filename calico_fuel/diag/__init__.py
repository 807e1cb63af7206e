"""One archive that says how a node is: to send to those who can help.

secrets   what is secret in the files of a node, and texts without it
bounded   a node on which nothing takes long, and nobody waits
contents  which files and programs, by the roles of the node
pieces    their texts, masked and cut to size, and what could not be read
"""
