"""``bplint fix`` without a name: the loss before and after by dense matrices, on random texts and on cases made for it."""

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.config import Settings
from bplint.run import lint_text
from grid import matrix_of
from rewriting import text
from samples import unitary_of

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def fixed(source, *arguments, code=0):
    Path("x.qasm").write_text(source)
    result = CliRunner().invoke(main, ["fix", "x.qasm", *arguments])
    assert result.exit_code == code, result.output
    return Path("x.qasm").read_text(), result.output


def read(source):
    """The case, and the codes found in it."""
    (entry,) = lint_text(source, Settings(select=("BP203", "BP204"), suggest=False)).circuits
    return entry.case, {finding.code for finding in entry.findings}


def loss(case, values):
    numbers = {p.name: values.get(p.name, p.value) for p in case.circuit.parameters}
    state = unitary_of(case.circuit, numbers)[:, 0]
    return np.vdot(state, matrix_of(case.context.observable) @ state).real


def used(case):
    return {case.circuit.parameters[p].name for operation in case.circuit.operations for p, _ in operation.terms}


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_random_texts_of_numbers_keep_their_loss(seed, version):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    word = "".join(rng.choice(list("IZZX"), size=n - 1)) + "Z"
    source = text(rng, n, version, numbers=True)
    declared = f"// bplint: observable = {word}\n// bplint: trainable = literals\n"
    source = re.sub(r"(OPENQASM [23].*;\n)", rf"\1{declared}", source, count=1)
    before, found = read(source)
    Path("x.qasm").write_text(source)
    result = CliRunner().invoke(main, ["fix", "x.qasm"])
    after, left = read(Path("x.qasm").read_text())
    assert (result.exit_code == 1) == bool(left)
    assert np.isclose(loss(after, {}), loss(before, {}), atol=1e-7)
    assert len(used(after)) < len(used(before)) or left or not found


@pytest.mark.parametrize("seed", range(12))
def test_random_texts_of_symbols_lose_what_the_loss_does_not_need(seed):
    """A parameter that is gone moves the loss as some other does, at every point, or not at all; at zero nothing is changed."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    source = text(rng, n, 3, numbers=False)
    source = source.replace("OPENQASM 3.0;\n", "OPENQASM 3.0;\n// bplint: observable = " + "Z" * n + "\n", 1)
    before, _ = read(source)
    Path("x.qasm").write_text(source)
    CliRunner().invoke(main, ["fix", "x.qasm"])
    after, _ = read(Path("x.qasm").read_text())
    gone, kept = sorted(used(before) - used(after)), sorted(used(after))
    for _ in range(3):
        values = {name: rng.uniform(-3, 3) for name in kept}
        assert np.isclose(loss(before, {**dict.fromkeys(gone, 0.0), **values}), loss(after, values), atol=1e-9)
    slopes = {name: [] for name in [*gone, *kept]}
    for _ in range(3):
        at = {name: rng.uniform(-3, 3) for name in slopes}
        for name in slopes:
            up, down = ({**at, name: at[name] + sign * 1e-4} for sign in (1, -1))
            slopes[name].append((loss(before, up) - loss(before, down)) / 2e-4)
    for name in gone:
        assert np.allclose(slopes[name], 0, atol=1e-6) or any(_proportional(slopes[name], slopes[k]) for k in kept)


def _proportional(a, b):
    return np.linalg.norm(b) > 1e-6 and np.linalg.matrix_rank(np.array([a, b]), tol=1e-5) == 1


CASES = [
    ("Z0", "ry(a) q[0]; rz(b) q[0];", "ry(a) q[0]; ", "1 dead parameter dropped"),
    ("X0", "rz(a) q[0]; ry(b) q[0];", "ry(b) q[0];", "1 dead parameter dropped"),
    ("Z0", "ry(a) q[0]; ry(b) q[0];", "ry(a) q[0]; ", "1 redundant parameter merged"),
    ("Z0", "ry(a) q[0]; ry(-2*b) q[0]; rz(c) q[0];", "ry(a) q[0]; ", "1 dead parameter dropped, 1 redundant parameter merged"),
    ("Z0", "ry(a + b) q[0];", "ry(a) q[0];", "1 redundant parameter merged"),
    ("Z0", "rz(a) q[0]; ry(b) q[0]; rz(c) q[0];", "ry(b) q[0]; ", "2 dead parameters dropped"),
    ("Z0", "u3(a, b, c) q[0];", "u3(a, 0, 0) q[0];", "2 dead parameters dropped"),
    ("Z0", "ry(a) q[0]; rz(b + 0.3) q[0]; h q[0];", None, ""),
    ("X0 X1", "ry(c) q[0]; rz(a) q[0]; cx q[0], q[1]; rz(b) q[0];", "ry(c) q[0]; rz(a) q[0]; cx q[0], q[1]; ", "1 redundant"),
    ("Z0", "rx(a) q[0]; for int i in [0:1] { rz(b) q[i]; }", "rx(a) q[0]; ", "1 dead parameter dropped"),
]  # fmt: skip


@pytest.mark.parametrize(("observable", "body", "after", "said"), CASES)
def test_what_becomes_of_small_circuits(observable, body, after, said):
    head = f"{HEAD}// bplint: observable = {observable}\ninput float a;\ninput float b;\ninput float c;\nqubit[2] q;\n"
    result, output = fixed(head + body + "\n")
    assert result == head + (body if after is None else after) + "\n"
    assert f"x.qasm: {said}" in output if said else "nothing to fix" in output


def test_numbers_are_added_up():
    head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0\n// bplint: trainable = literals\nqreg q[1];\n'
    result, _ = fixed(head + "ry(0.25) q[0];\nrz(0.7) q[0];\nrx(1.5) q[0];\nrx(-0.25) q[0];\n")
    assert result == head + "ry(0.25) q[0];\nrz(0.7) q[0];\nrx(1.25) q[0];\n"


def test_what_is_suppressed_or_ignored_stays():
    head = f"{HEAD}// bplint: observable = Z0\ninput float a;\ninput float b;\ninput float c;\ninput float d;\nqubit[1] q;\n"
    kept = head + "rz(c) q[0]; // bplint: ignore[BP203] wanted\nry(a) q[0];\nrx(d) q[0];\n"
    result, output = fixed(kept + "rz(b) q[0];\n")
    assert (result, "1 dead parameter dropped" in output) == (kept, True)
    Path("bplint.toml").write_text('ignore = ["BP203"]\n')
    assert "nothing to fix" in fixed(head + "ry(a) q[0];\nrz(b) q[0];\n")[1]
    assert "1 dead parameter dropped" in fixed(head + "ry(a) q[0];\nrz(b) q[0];\n", "--select", "BP203")[1]
    assert "nothing to fix" in fixed(head + "ry(a) q[0];\nrz(b) q[0];\n", "--select", "BP002,redundant-parameter")[1]


def test_a_suppression_that_suppresses_nothing_any_more_goes_too():
    head = f"{HEAD}// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[1] q;\n"
    source = head + "ry(a) q[0]; // bplint: ignore[BP204]\nry(b) q[0];\n"
    result, output = fixed(source)
    assert result == head + "ry(a) q[0];\n"
    assert "1 redundant parameter merged, 1 unused suppression removed" in output


LOSS = "// bplint: observable = Z0\n"
BODY = "ry(a) q[0]; rz(b) q[0];"
REFUSED = [
    ("", BODY, (), "the loss is assumed"),
    (LOSS + "// bplint: noise = depolarizing:0.01\n", BODY, (), "takes its noise"),
    (LOSS, BODY, ("--noise", "1q=depolarizing:0.01"), "takes its noise"),
    (LOSS + "const int n = 2;\n", "for int i in [1:n] ry(a) q[i - 1]; rz(b) q[n - 1];", ("--set", "n=1"), "with --set"),
    (
        LOSS + "const int n = 2;\ninput array[float[64], n] t;\n",
        "for int i in [1:n] { rz(t[i - 1]) q[0]; ry(a) q[0]; }",
        (),
        "on n",
    ),
]


@pytest.mark.parametrize(("head", "body", "arguments", "why"), REFUSED)
def test_where_the_loss_might_change_nothing_is_done_and_it_is_said_why(head, body, arguments, why):
    source = f"{HEAD}{head}input float a;\ninput float b;\nqubit[2] q;\n{body}\n"
    result, output = fixed(source, *arguments, code=1)
    assert result == source
    assert output.startswith("x.qasm: parameters that the loss does not need are left: ")
    assert why in output


def test_sources_that_cannot_be_written_are_named():
    import cirq
    import sympy

    a, b = sympy.symbols("a b")
    q = cirq.LineQubit(0)
    Path("x.json").write_text(cirq.to_json(cirq.Circuit(cirq.ry(a)(q), cirq.rz(b)(q))))
    result = CliRunner().invoke(main, ["fix", "x.json", "--observable", "Z0"])
    assert result.exit_code == 1
    assert "left: only OpenQASM is written" in result.output
