"""A node in memory that behaves, and fails on any command it does not know."""
