"""Tests mirror the sources by name: ``bplint/ir/frame.py`` is tested in ``tests/ir/test_frame.py``."""

import re

from paths import ROOT

SOURCES = {"bplint": ROOT / "tests", "rules/bplint_rules": ROOT / "tests" / "rules"}

BY_THEIR_DOOR = {
    "bplint/cli": "test_cli.py",
    "bplint/config": "config/test_in_force.py",
    "bplint/importers/from_cirq": "importers/test_from_cirq.py",
    "bplint/importers/from_qiskit": "importers/test_from_qiskit.py",
    "bplint/importers/qasm": "importers/qasm/test_fixtures.py",
    "bplint/importers/qasm/full": "importers/qasm/test_full.py",
    "bplint/testing": "testing/test_testing.py",
    "rules/bplint_rules": "rules/test_rules.py",
}
"""Rooms with one door, where texts or programs go in and circuits, settings or findings come out. What is inside is tested
through it, by tables of texts and by the rules' own examples; files inside may have tests of their own besides."""

NOT_YET = {
    "bplint/analyses/gradients/reachable_states/coordinates.py",
    "bplint/analyses/gradients/reachable_states/seen.py",
    "bplint/analyses/gradients/reachable_states/turning.py",
    "bplint/analyses/gradients/visible_strings/layers.py",
    "bplint/analyses/gradients/visible_strings/pruning.py",
    "bplint/analyses/gradients/visible_strings/search.py",
}
"""Modules that are tested only by what uses them. It shrinks; a module that has a test may not stand here."""


def has_code(file):
    """Whether a module has a function or a method: what only names types or passes names on has nothing to test."""
    return re.search(r"^ *def ", file.read_text(encoding="utf-8"), re.MULTILINE) is not None


def homes_of(file, sources, tests):
    """Where the test of a module may be; that of a package's own code has the package's name, in the room or beside it."""
    inner = file.relative_to(sources)
    if file.name != "__init__.py":
        return [tests / inner.with_name(f"test_{file.name}")]
    return [tests / room / f"test_{file.parent.name}.py" for room in (inner.parent, inner.parent.parent)]


def modules_without_a_test():
    for top, tests in SOURCES.items():
        for file in sorted((ROOT / top).rglob("*.py")):
            room = file.parent.relative_to(ROOT).as_posix()
            tested = room in BY_THEIR_DOOR or any(home.exists() for home in homes_of(file, ROOT / top, tests))
            if has_code(file) and not tested:
                yield file.relative_to(ROOT).as_posix()


def test_every_module_has_a_test_of_its_name():
    missing = set(modules_without_a_test())
    assert missing - NOT_YET == set(), "want tests of the same name"
    assert NOT_YET - missing == set(), "these have a test, or are gone: take them off the list"


def test_doors_exist():
    assert all((ROOT / room).is_dir() and (ROOT / "tests" / test).exists() for room, test in BY_THEIR_DOOR.items())
