"""Packages of the plugin's repository.

apt           queries and commands of apt and dpkg
lock_file     what was downloaded, compared with the lock of make packages
installation  one installation by apt, within a bounded time
package       an installed package
"""
