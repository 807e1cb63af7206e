"""What Python modules import."""

from __future__ import unicode_literals

import ast


def names(tree):
    """The full names that a module with this syntax tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module != '__future__':
            for alias in node.names:
                yield '{}.{}'.format(node.module, alias.name)
