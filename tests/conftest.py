"""What holds for every test: no report comes from a cache, and none is as wide as a screen, unless a test says so."""

import os

os.environ["BPLINT_NO_CACHE"] = "1"


def pytest_runtest_setup():
    """Libraries, and shells, say how wide the terminal is from which the tests were started."""
    os.environ["COLUMNS"] = ""
