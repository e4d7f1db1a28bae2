"""Tests mirror the sources by name: ``bplint/ir/frame.py`` is tested in ``tests/ir/test_frame.py``."""

import re

from paths import ROOT

SOURCES = {"bplint": ROOT / "tests", "rules/bplint_rules": ROOT / "tests" / "rules"}

BY_THEIR_DOOR = {
    ("bplint/cli", "test_cli.py"): "catalogue group listing measuring options output",
    ("bplint/cli", "test_sweep.py"): "families",
    ("bplint/cli", "server/test_language_server.py"): "serving",
    ("bplint/cli", "test_fix.py"): "repairing",
    ("bplint/runs", "runs/test_diff_gate.py"): "run_sources",
    ("bplint/runs", "test_run.py"): "jobs",
    ("bplint/runs", "runs/test_workers.py"): "execution",
    ("bplint/analyses", "runs/test_diff_gate.py"): "versions",
    ("bplint/sources/building", "sources/building/test_process.py"): "child circuit",
    ("bplint/sources/building", "sources/building/test_files.py"): "run",
    ("bplint/importers/from_cirq", "sources/building/test_gate_lines.py"): "gate_lines",
    ("bplint/importers/from_qiskit", "sources/building/test_gate_lines.py"): "gate_lines",
    ("bplint/config", "config/test_reading.py"): "key toml",
    ("bplint/config", "config/test_in_force.py"): "settings",
    ("bplint/config", "sources/building/test_files.py"): "targets",
    (
        "bplint/importers/from_cirq",
        "importers/test_from_cirq.py",
    ): "files lowering observables reading rows symbols table unitaries",
    (
        "bplint/importers/from_qiskit",
        "importers/test_from_qiskit.py",
    ): "evolution listing lowering observables reading symbols",
    ("bplint/importers/from_qiskit", "importers/test_from_qiskit_feedback.py"): "feedback",
    (
        "bplint/importers/from_pennylane",
        "importers/test_from_pennylane.py",
    ): "functions listing measurements operators probing reading recording",
    (
        "bplint/importers/from_pennylane",
        "importers/test_from_pennylane_gates.py",
    ): "exponentials lowering table",
    ("bplint/importers", "importers/qasm/test_evaluator.py"): "operations",
    ("bplint/importers/qasm", "importers/qasm/test_fixtures.py"): (
        "__init__ arithmetic callees comments library names reading registers"
    ),
    ("bplint/importers/qasm", "importers/qasm/test_evaluator.py"): (
        "classical compiling definitions gates modifiers numbering operands scopes subroutines survey values"
    ),
    ("bplint/importers/qasm/grammar", "importers/qasm/test_grammar.py"): (
        "calls declarations expressions lexer nodes phrases statements"
    ),
    ("bplint/testing", "testing/test_testing.py"): "analyses check formats importers unitary",
    ("rules/bplint_rules", "rules/test_rules.py"): (
        "__init__ bp003_assumed_observable bp401_entangling_embedding bp403_unseen_feature "
        "bp405_wrapped_feature bp406_weak_rows bp801_explicit_loss bp501_locally_mixed bp601_noise_induced_plateau "
        "bp701_uniform_deep_start"
    ),
}
"""(room, the test that runs these modules through the room's door): where texts or programs go in and circuits, settings or
findings come out, tables of them and the rules' own examples say more than a test of one inner function."""

THROUGH_A_DOOR = {f"{room}/{name}.py" for (room, _), names in BY_THEIR_DOOR.items() for name in names.split()}


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
            if has_code(file) and not any(home.exists() for home in homes_of(file, ROOT / top, tests)):
                yield file.relative_to(ROOT).as_posix()


def test_every_module_has_a_test_of_its_name():
    missing = set(modules_without_a_test())
    assert missing - THROUGH_A_DOOR == set(), "want tests of the same name"
    assert THROUGH_A_DOOR - missing == set(), "these have a test, or are gone: take them off the list"


def test_doors_exist():
    assert all((ROOT / "tests" / test).exists() for _, test in BY_THEIR_DOOR)
