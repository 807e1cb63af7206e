"""Packages of the plugin's repository.

apt           queries and commands of apt and dpkg
installation  one installation by apt, within a bounded time
package       an installed package
"""
