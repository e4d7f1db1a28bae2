"""What a run loads: a small file is linted in little more time than it takes to load click, pluggy and NumPy."""

import subprocess
import sys
from pathlib import Path

import pytest

from repair_texts import hardware_efficient

BROKEN = "OPENQASM 3.0;\nqubit[1 q;\n"


def written(folder, text):
    file = Path(folder) / "small.qasm"
    file.write_text(text)
    return str(file)


def loaded_by(*arguments):
    """Modules that a run has loaded at its end."""
    code = (
        "import sys; from bplint.cli import main\n"
        f"try: main({[*arguments, '-q']!r})\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr.split())


def test_a_flat_file_loads_no_heavy_package(tmp_path):
    loaded = loaded_by(written(tmp_path, hardware_efficient(4, 2, "Z0 Z1")))
    assert not loaded & {
        "qiskit",
        "cirq",
        "pennylane",
        "autograd",
        "sympy",
        "scipy",
        "antlr4",
        "openqasm3",
        "numba",
        "pathspec",
    }
    assert "numpy" in loaded
    for_others = (
        "analyses.family",
        "analyses.decay",
        "analyses.versions",
        "dataset.table",
        "cli.families",
        "cli.repairing",
    )
    assert not {f"bplint.{name}" for name in for_others} & loaded


@pytest.mark.parametrize(
    "text",
    [hardware_efficient(4, 2, "Z0 Z1"), hardware_efficient(7, 1, "projector(0..n-1)"), BROKEN],
    ids=["local", "global", "broken"],
)
def test_linting_by_structure_alone_loads_neither_numpy_nor_what_it_does_not_use(tmp_path, text):
    file = written(tmp_path, text)
    loaded = loaded_by(file, "--select", "BP0,BP1,BP2", "--no-suggest")
    assert "bplint.importers.qasm" in loaded
    assert not loaded & {"numpy", "json", "tomllib", "importlib.metadata", "email", "subprocess", "multiprocessing"}
    rooms = (
        "importers.from_qiskit",
        "importers.from_cirq",
        "importers.from_pennylane",
        "cache",
        "rewrite",
        "verify",
        "workers",
        "analyses.symmetry",
        "analyses.dla.closure",
        "fix",
    )
    engines = (
        "tied.evaluator",
        "propagation",
        "operator_module",
        "reachable_states",
        "visible_strings",
        "symmetric_states",
    )
    for name in (*rooms, *(f"analyses.gradients.{engine}" for engine in engines)):
        assert not any(f"{module}.".startswith(f"bplint.{name}.") for module in loaded), name


def test_importing_bplint_is_nearly_free():
    code = "import sys; import bplint; sys.exit(bool({'numpy', 'qiskit', 'cirq', 'pennylane'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True)
