"""The list of what a rule may ask for: complete, lazy, and not hidden by the rooms of the same names."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import bplint.analyses
from bplint.analyses import REPORTED, Analysis, bplint_analyses

NAMES = (*REPORTED, "reach", "framed", "generator_groups", "Ask", "Analysis", "analysis")


def test_every_analysis_of_bplint_is_on_the_list():
    modules = [m.name for m in pkgutil.walk_packages(bplint.analyses.__path__, "bplint.analyses.")]
    modules.remove("bplint.analyses.gradients.paths.compiled_loop")  # wants numba
    parts = [value for name in modules for value in vars(importlib.import_module(name)).values()]
    found = {id(part): part for part in parts if isinstance(part, Analysis)}
    assert {part.name for part in found.values()} == set(REPORTED)
    assert len(found) == len(REPORTED)
    assert [part.name for part in bplint_analyses()] == list(REPORTED)
    assert all(part.in_profile for part in bplint_analyses())


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_described_and_is_what_its_module_has(name):
    found = getattr(bplint.analyses, name)
    assert callable(found)
    assert getattr(importlib.import_module(found.__module__), name) is found
    assert name in ("Ask", "Analysis", "analysis") or f"``{name}``" in bplint.analyses.__doc__


def test_a_room_does_not_hide_the_analysis_of_its_name():
    code = (
        "import sys, bplint.analyses\n"
        "assert not any(m.startswith('bplint.analyses.') for m in sys.modules)\n"
        "import bplint.analyses.dla.pauli.classify, bplint.analyses.symmetry.prior, bplint.analyses.deep_limit.orbits\n"
        "from bplint.analyses import dla, symmetry, deep_limit\n"
        "print([a.name for a in (dla, symmetry, deep_limit)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['dla', 'symmetry', 'deep_limit']\n"


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(ImportError):
        from bplint.analyses import nonsense  # noqa: F401
    with pytest.raises(AttributeError, match="nonsense"):
        bplint.analyses.nonsense  # noqa: B018
