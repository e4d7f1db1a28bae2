"""What holds for every test: no report comes from a cache, and none is as wide as a screen, unless a test says so."""

import os

import pytest

os.environ["BPLINT_NO_CACHE"] = "1"


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch):
    """Libraries, and shells, say how wide the terminal is, from which the tests were started."""
    monkeypatch.setenv("COLUMNS", "")
