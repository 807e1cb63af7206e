"""The site of the documentation, which `make docs` builds with Sphinx.

The root of the repository is the source directory, so links between pages in docs/ and
files beside it are checked, and the same links work on GitHub.
"""

import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
with open(os.path.join(ROOT, 'calico_fuel', '__init__.py'), encoding='utf-8') as stream:
    release = re.search(r"__version__ = '(.*)'", stream.read()).group(1)

project = 'calico-fuel-plugin'
copyright = 'the authors of calico-fuel-plugin; Apache License 2.0'
html_title = '{} {}'.format(project, release)

extensions = ['myst_parser', 'sphinx.ext.graphviz', 'sphinx_copybutton']
root_doc = 'docs/index'
include_patterns = ['docs/**.md', 'lab/README.md', 'README.md', 'ARCHITECTURE.md',
                    'CONTRIBUTING.md', 'CHANGELOG.md']
# No page is in them, so they need not be searched.
exclude_patterns = ['.*', 'build', 'deployment_scripts', 'dist', 'repositories',
                    'tests']

# Fails on a link to a page, heading or file that is not there; asks no network.
nitpicky = True
# As GitHub names them.
myst_heading_anchors = 6
# An indented block is what an operator types or sees, not Python.
highlight_language = 'none'
# Else an option such as --html, in prose, gets a longer dash.
smartquotes = False

html_theme = 'furo'
html_static_path = ['site/site.css']
# The pages of docs/ keep that folder in their addresses.
html_extra_path = ['site/index.html']
html_css_files = ['site.css']
html_show_sourcelink = False
html_copy_source = False
graphviz_output_format = 'svg'
# Copied without it, and without the output below.
copybutton_prompt_text = '$ '
