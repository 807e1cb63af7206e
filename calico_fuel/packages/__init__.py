"""Packages of the plugin's repository.

apt           what apt and dpkg say, and are told to do
installation  one installation by apt, within a bounded time
package       an installed package
"""
