"""A repository of 40 circuits, ten of them bad: its baseline, its diff gate and its cache, as a team meets them."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.plugins import load

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {loss}\n// bplint: shots = {shots}\n'
RXX = "gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }\n"
QISKIT = """
import bplint
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from helper import rotation

@bplint.circuit(sizes=[2, 4], observable="mean(Z)")
def hea(n):
    circuit, t = QuantumCircuit(n), ParameterVector("t", n)
    for i in range(n):
        getattr(circuit, rotation)(t[i], i)
    return circuit
"""
CIRQ = """
import bplint, cirq, sympy

@bplint.circuit(sizes=[2, 3, 4], observable="mean(Z)")
def ring(n):
    qubits = cirq.LineQubit.range(n)
    return cirq.Circuit(cirq.rx(sympy.Symbol(f"t{i}"))(q) for i, q in enumerate(qubits))
"""
NOTEBOOK = (
    ["%matplotlib inline\n", "import bplint\n", "import circuit_ring\n"],
    [
        '@bplint.circuit(sizes=[3, 5], observable="mean(Z)")\n',
        "def notebook(n):\n",
        "    return circuit_ring.ring(n)\n",
    ],
)

pytestmark = pytest.mark.slow


def layered(n, layers, loss="mean(Z)", shots=100):
    """Layers of RY on each qubit, CZ along a path between them."""
    text = [HEAD.format(loss=loss, shots=shots), f"input array[float[64], {n * layers}] a;\nqubit[{n}] q;\n"]
    for layer in range(layers):
        text += [f"cz q[{i}], q[{i + 1}];\n" for i in range(n - 1)] if layer else []
        text += [f"ry(a[{layer * n + i}]) q[{i}];\n" for i in range(n)]
    return "".join(text)


def matchgates(n, field=""):
    """XX couplings, Z fields, XX couplings along a path: free fermions."""
    sizes = {"a": n - 1, "b": n, "c": n - 1}
    inputs = "".join(f"input array[float[64], {size}] {name};\n" for name, size in sizes.items())
    first, last = ("".join(f"rxx({name}[{i}]) q[{i}], q[{i + 1}];\n" for i in range(n - 1)) for name in "ac")
    fields = "".join(f"rz(b[{i}]) q[{i}];\n" for i in range(n))
    extra = "input float x;\n" if field else ""
    return f"{HEAD.format(loss='mean(Z)', shots=1000)}{RXX}{inputs}{extra}qubit[{n}] q;\n{first}{fields}{field}{last}"


def git(*arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout


def run(*arguments, code):
    command = ["check", ".", "--exec", "--no-suggest", *arguments]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == code, result.output
    return result.output


def reasons(circuit):
    """The findings that count, without those that explain another."""
    explains = {rule.code: rule.explains for rule in load().rules}
    found = [f["code"] for f in circuit["findings"] if f["severity"] != "note"]
    return [code for code in found if not set(explains[code]) & set(found)]


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """39 circuits on the branch main."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPLINT_NO_CACHE")
    git("init", "-q", "-b", "main")
    Path("bplint.toml").write_text('fail-on = "warning"\n')
    Path("circuits").mkdir()
    for i in range(20):
        Path(f"circuits/good{i:02}.qasm").write_text(layered(2 + i % 3, 1 + i % 2))
    for i in range(10):
        Path(f"circuits/bad{i}.qasm").write_text(layered(6, 1, loss="projector(0..n-1)"))
    Path("circuits/chain.qasm").write_text(matchgates(8))
    Path("circuits/local.qasm").write_text(layered(6, 1))
    Path("circuit_qiskit.py").write_text(QISKIT)
    Path("circuit_ring.py").write_text(CIRQ)
    Path("helper.py").write_text("rotation = 'ry'\n")
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in NOTEBOOK]
    Path("notebook.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}, indent=1))
    commit()


def commit():
    git("add", "-A")
    git("commit", "-q", "-m", "next")


def test_a_team_adopts_it(repo):
    Path("circuits/deep.qasm").write_text(layered(8, 10, shots=50))
    commit()
    first = run("--format", "json", code=1)
    document = json.loads(first)
    assert document["summary"]["circuits"] == 40
    assert sum(bool(reasons(circuit)) for circuit in document["circuits"]) == 10

    assert run("--format", "json", code=1) == first  # from the cache
    screen = run(code=1).splitlines()
    assert len(screen) <= 120
    bad = {finding["path"] for c in document["circuits"] for finding in c["findings"] if finding["severity"] == "error"}
    assert all(any(line.startswith(f"{path}:") for line in screen) for path in bad)
    assert "40 of 40 circuits from the cache" in run("-v", code=1)

    run("--write-baseline", "-k", "bad", code=0)
    assert "in the baseline" in run("-k", "bad", "--baseline", ".bplint-baseline.json", code=0)
    Path("circuits/good00.qasm").write_text(layered(2, 1) + "// changed\n")
    assert "39 of 40 circuits from the cache" in run("-v", code=1)
    git("checkout", "-q", ".")

    # What must be blocked, each for one reason.
    Path("circuits/chain.qasm").write_text(matchgates(8, field="rx(x) q[3];\n"))
    Path("circuits/local.qasm").write_text(layered(6, 1, loss="projector(0..n-1)"))
    Path("circuits/deep.qasm").write_text(layered(8, 80, shots=50))
    Path("helper.py").write_text("rotation = 'rz'\n")
    document = json.loads(run("--diff-base", "main", "--format", "json", code=1))
    blocked = {circuit["id"]: reasons(circuit) for circuit in document["circuits"]}
    assert blocked == {
        "circuits/chain.qasm": ["BP101"],
        "circuits/deep.qasm": ["BP301"],
        "circuits/local.qasm": ["BP301"],
        "circuit_qiskit.py::hea[n=2]": ["BP104"],
        "circuit_qiskit.py::hea[n=4]": ["BP104"],
    }
    assert document["diff"]["unchanged"] == 35


def test_what_is_harmless_is_green_and_an_undeclared_loss_is_not(repo):
    git("mv", "circuits/bad0.qasm", "circuits/moved.qasm")
    Path("circuits/bad1.qasm").write_text(Path("circuits/bad1.qasm").read_text() + "// a comment\n")
    Path("circuits/chain.qasm").write_text(matchgates(8).replace("b[", "w[").replace("] b;", "] w;"))
    Path("helper.py").write_text("# order\nunused = 1\nrotation = 'ry'\n")
    document = json.loads(run("--diff-base", "main", "--format", "json", code=0))
    assert [circuit["findings"] for circuit in document["circuits"] if reasons(circuit)] == []
    git("checkout", "-q", ".")

    # A loss that is no longer declared.
    Path("bplint.toml").write_text('fail-on = "warning"\nrequire-observable = true\n')
    Path("circuits/local.qasm").write_text(layered(6, 1).replace("// bplint: observable = mean(Z)\n", ""))
    document = json.loads(run("--diff-base", "main", "--format", "json", code=1))
    assert [one["path"] for one in document["unreadable"]] == ["./circuits/local.qasm"]
