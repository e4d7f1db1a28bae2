"""The package itself: what it offers, and that to import it loads none of that."""

import subprocess
import sys

import pytest

import bplint
from bplint import api, family


def test_names_are_those_of_the_modules_behind_them():
    for name in ("lint", "lint_family", "profile", "repair", "assert_trainable"):
        assert getattr(bplint, name) is getattr(api, name)
    assert bplint.circuit is family.circuit
    assert {"__version__", *(n for n in bplint.__all__ if hasattr(bplint, n))} == set(bplint.__all__)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'bplint' has no attribute 'lynt'"):
        _ = bplint.lynt


def test_the_import_alone_loads_nothing():
    code = "import sys; before = set(sys.modules); import bplint; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bplint"]
