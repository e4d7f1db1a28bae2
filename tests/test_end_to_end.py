"""From text to numbers: tables of exact dimensions as circuits, and both versions of OpenQASM."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import dla
from bplint.config import Settings
from bplint.importers import qasm
from bplint.importers.decoding import decode
from bplint.ir.trainable import count_trainable, select
from bplint.run import lint_text

FIXTURES = Path(__file__).parents[1] / "fixtures"
TABLE = [row for row in json.loads((FIXTURES / "dla_table.json").read_text()) if row["kind"] == "pauli"]


def as_circuit(row):
    """Each generator as RZ between basis changes and a CX ladder: the frame has to undo all of it."""
    n, lines = row["n"], []
    for k, generator in enumerate(row["generators"]):
        ((label, _),) = generator.items()
        before, after = [], []
        for q, letter in enumerate(label):
            if letter == "X":
                before.append(f"h q[{q}];")
                after.insert(0, f"h q[{q}];")
            if letter == "Y":
                before += [f"sdg q[{q}];", f"h q[{q}];"]
                after[:0] = [f"h q[{q}];", f"s q[{q}];"]
        places = [q for q, letter in enumerate(label) if letter != "I"]
        ladder = [f"cx q[{a}], q[{b}];" for a, b in pairwise(places)]
        lines += [*before, *ladder, f"rz(t[{k}]) q[{places[-1]}];", *reversed(ladder), *after]
    head = [
        "OPENQASM 3.0;",
        'include "stdgates.inc";',
        f"input array[float[64], {len(row['generators'])}] t;",
        f"qubit[{n}] q;",
    ]
    return "\n".join([*head, *lines])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['name']} n={row['n']}")
def test_dimensions_of_the_table_as_circuits(row):
    report = lint_text(as_circuit(row), Settings(select=("BP101",), observable="Z0"))
    answer = Ask(report.circuits[0].case)(dla)
    assert (answer.status, answer.algebra.dimension) == ("exact", row["dimension"])


def test_both_versions_give_the_same_analyses():
    rotations = "".join(f"ry(0.{q + 1}37) q[{q}];\n" for q in range(6))
    body = rotations + "cx q[0], q[1];\ncx q[2], q[3];\nrz(pi/2) q[1];\nry(0.91) q[2];\n"
    two = f'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0 Z1\nqreg q[6];\n{body}'
    three = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\nqubit[6] q;\n{body}'
    first, second = (
        {name: answer.as_json() for name, answer in lint_text(text).circuits[0].analyses.items()}
        for text in (two, three)
    )
    assert set(first) == {"dla", "gradient", "locality", "loss"}
    assert first == second


NUMERIC = [
    row
    for row in json.loads((FIXTURES / "circuits" / "index.json").read_text())
    if row["format"] == "qasm2" and row.get("n_parameters_true")
]
# Data values stand beside weights, or one number feeds expressions: nothing in the file tells.
AMBIGUOUS = {"qnn_zz_ra_n4", "expr_mix", "xxz_hva_n4"}


@pytest.mark.parametrize("row", NUMERIC, ids=lambda row: row["file"])
def test_the_number_of_parameters_is_recovered_from_exported_numbers(row):
    path = FIXTURES / "circuits" / row["file"].removeprefix("public/")
    circuit, selection = select(qasm.read(decode(path.read_bytes())).circuit)
    assert selection.guessed
    if path.stem in AMBIGUOUS:
        assert count_trainable(circuit) > row["n_parameters_true"]
    else:
        assert count_trainable(circuit) == row["n_parameters_true"]
