"""The option that all golden texts share."""


def pytest_addoption(parser):
    parser.addoption('--update-golden', action='store_true', help=(
        'rewrite tests/golden, and the outputs in the pages of the guide, instead of '
        'comparing with them'))
