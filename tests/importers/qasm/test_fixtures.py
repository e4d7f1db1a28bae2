"""Every stored OpenQASM file, as found in public repositories or exported: read, counted and compared with Qiskit."""

import json
import math
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from bplint.errors import SourceError
from bplint.importers.decoding import decode
from bplint.importers.qasm import read
from dense import unitary

FOLDER = Path(__file__).parents[3] / "fixtures" / "circuits"
ROWS = {row["file"]: row for row in json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))}

UNFOLDED = {
    "qasm3/f_alias_slices.qasm": "ry(th) q[0],q[2],q[4]; rx(th) q[0]; cx q[5],q[0]; rz(2*th) q[4],q[5]; ry(th) q[5];",
    "qasm3/f_classical_state.qasm": "ry(0.1*th) q[0]; ry(0.2*th) q[1]; ry(0.3*th) q[2];",
    "qasm3/f_delay_box.qasm": "rx(th) q[0]; ry(th) q[1];",
    "qasm3/f_for_underscore.qasm": "rx(n) q[0]; rx(n) q[0]; rx(n) q[0];",
    "qasm3/f_input_array.qasm": "ry(theta[0]) q[0]; ry(theta[1]) q[1]; ry(theta[2]) q[2]; ry(theta[3]) q[3];"
    "cx q[0],q[1]; cx q[1],q[2]; cx q[2],q[3];"
    "ry(theta[4]) q[0]; ry(theta[5]) q[1]; ry(theta[6]) q[2]; ry(theta[7]) q[3];",
    "qasm3/f_modifiers.qasm": "crx(th) q[0],q[1]; x q[1]; cry(th) q[1],q[2]; x q[1];"
    "cp(ph/2) q[0],q[3]; cx q[0],q[1]; cp(-ph/2) q[1],q[3]; cx q[0],q[1]; cp(ph/2) q[1],q[3]; cp(-ph/2) q[0],q[1];"
    "rz(-ph) q[2]; rx(2*th) q[3]; sx q[0]; cp(-ph) q[0],q[3]; p(th) q[1];"
    "p(th/2) q[0]; cu3(th,ph,0) q[0],q[1];",
    "qasm3/f_scalar_inputs_loop.qasm": "h q;"
    + 2
    * (
        "".join(f"cx q[{i}],q[{i + 1}]; rz(2*gamma) q[{i + 1}]; cx q[{i}],q[{i + 1}];" for i in range(5))
        + "rx(2*beta) q;"
    ),
    "qasm3/f_subroutine.qasm": "".join(
        "".join(f"ry({x}) q[{i}]; rz({y}) q[{i}];" for i in range(4)) + "cz q[0],q[1]; cz q[1],q[2]; cz q[2],q[3];"
        for x, y in (("a", "b"), ("2*a", "0.1"))
    ),
}
"""Files with more than plain gates, with the same gates one by one."""

REFUSED = {
    "qasm3/f_extern_vqe.qasm": "extern function cannot be modelled",
    "qasm3/f_while.qasm": "c has no value that is known before the program is run",
    "qasm3/f_bad_input_array.qasm": "the size of an array stands in its type",
}
"""Files that are refused for good."""

READ = sorted(set(ROWS) - set(REFUSED))


def load(file):
    return read(decode((FOLDER / file).read_bytes()))


def used_symbols(circuit):
    """The symbols of the source that occur in a gate; an expression counts for the symbols in it."""
    used = [circuit.parameters[row] for row in set(circuit.angles.parameter.tolist())]
    return {name for parameter in used for name in parameter.sources or (parameter.name,)}


@pytest.mark.parametrize("file", READ)
def test_file_has_the_qubits_and_symbols_of_the_index(file):
    circuit = load(file).circuit
    assert (circuit.n_declared, len(used_symbols(circuit))) == (ROWS[file]["n_qubits"], ROWS[file]["n_parameters"])


@pytest.mark.parametrize("file", sorted(UNFOLDED))
def test_file_of_the_full_grammar_is_what_it_unfolds_to(file):
    text = (FOLDER / file).read_text(encoding="utf-8")
    head = "".join(re.findall(r"^(?:input|qubit)[^;]*;", text.replace("qubit[n]", "qubit[6]"), re.MULTILINE))
    # One call for each operand of the hand-written lists that name several.
    calls = re.sub(
        r"\b(r[yz]\([^;]*\)) (q[^;]*);", lambda m: "".join(f"{m[1]} {q};" for q in m[2].split(",")), UNFOLDED[file]
    )
    want = read(f'include "stdgates.inc"; {head} {calls}').circuit
    got = load(file).circuit
    assert [p.name for p in got.parameters] == [p.name for p in want.parameters]
    values = {p.name: 0.3 + 0.41 * i for i, p in enumerate(got.parameters)}
    overlap = np.vdot(unitary(want, values), unitary(got, values)) / 2**got.n_qubits
    assert abs(overlap) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("file", sorted(REFUSED))
def test_file_is_refused_for_good(file):
    with pytest.raises(SourceError) as caught:
        load(file)
    assert caught.value.message == REFUSED[file]


def test_gates_are_those_of_the_index():
    """Names as the source spells them. A gate of the file's own counts by its body: such files are left out."""
    for file in READ:
        text = (FOLDER / file).read_text(encoding="utf-8")
        if "/f_" in file or "/midcircuit" in file or re.search(r"\bgate\b", text):
            continue
        gates = load(file).circuit.gates
        names = [gates.names[i] for i in gates.name.tolist()]
        want = {name: n for name, n in ROWS[file]["gates"].items() if name not in ("measure", "barrier")}
        assert {name: names.count(name) for name in set(names)} == want, file


# Gates of Braket and physical qubits have no spelling in OpenQASM 2, conditions and measurement no unitary.
ONLY_IN_3 = ("f_braket", "f_braket_hamiltonian", "f_physical", "f_if", "f_measure_if", "midcircuit_n3")


@pytest.mark.parametrize(
    "file",
    [f for f in READ if ROWS[f]["n_qubits"] <= 8 and Path(f).stem not in ONLY_IN_3 and f not in UNFOLDED],
)
def test_unitary_is_that_of_qiskit(file):
    pytest.importorskip("qiskit")
    circuit = load(file).circuit
    symbols = sorted({name for p in circuit.parameters for name in p.sources or (p.name,)})
    rng = np.random.default_rng(len(file))
    values = dict(zip(symbols, rng.uniform(-3, 3, len(symbols)).tolist(), strict=True))
    ours = unitary(circuit, with_expressions(circuit, values))
    theirs = qiskit_unitary(as_openqasm_2((FOLDER / file).read_text(encoding="utf-8"), values))
    assert abs(np.vdot(theirs, ours)) / len(ours) == pytest.approx(1, abs=1e-9)


def with_expressions(circuit, values):
    """The values, with those of the parameters that stand for an expression: their names read as Python."""
    names = {**values, "pi": math.pi, "sin": math.sin, "cos": math.cos}
    return {p.name: eval(p.name, {}, names) if p.sources else values[p.name] for p in circuit.parameters}


def as_openqasm_2(text, values):
    """The text in OpenQASM 2, numbers in place of symbols and gates of its own renamed: textual, for flat files."""
    text = re.sub(r"//[^\n]*|\bpragma[^\n]*|@bplint[^\n]*|gphase[^;]*;", "", text)
    text = re.sub(r"input[^;]*;|OPENQASM[^;]*;|include[^;]*;", "", text)
    text = re.sub(r"qubit\[(\d+)\] (\w+);", r"qreg \2[\1];", re.sub(r"qubit (\w+);", r"qubit[1] \1;", text))
    text = re.sub(r"bit\[(\d+)\] (\w+);", r"creg \2[\1];", text)
    text = re.sub(r"([\w\[\]]+) = measure ([\w\[\]]+);", r"measure \2 -> \1;", text)
    for name in re.findall(r"\bgate (\w+)", text):
        text = re.sub(rf"\b{name}\b", f"own_{name}", text)
    parts = re.split(r"(\bgate [^{]*\{[^}]*\})", text)
    text = "".join(part if part.startswith("gate ") else with_numbers(part, values) for part in parts)
    text = text.replace("_gate_q_", "w").replace("π", "pi").replace("τ", "(2*pi)").replace("**", "^")
    return 'OPENQASM 2.0;\ninclude "qelib1.inc";\n' + text


def with_numbers(text, values):
    """Calls with numbers for the symbols in their parentheses."""
    symbol = re.compile(r"[^\W\d]\w*(\[\d+\])?")

    def arguments(match):
        return symbol.sub(lambda name: f"({values[name[0]]!r})" if name[0] in values else name[0], match[0])

    return re.sub(r"\([^;]*\)", arguments, text)


def qiskit_unitary(text):
    """The matrix of an OpenQASM 2 text by Qiskit, qubit 0 leftmost."""
    from qiskit import qasm2
    from qiskit.circuit import library
    from qiskit.quantum_info import Operator

    extra = [
        qasm2.CustomInstruction(name, parameters, qubits, constructor, builtin=True)
        for name, parameters, qubits, constructor in (
            ("rzx", 1, 2, library.RZXGate),
            ("ryy", 1, 2, library.RYYGate),
            ("iswap", 0, 2, library.iSwapGate),
            ("ecr", 0, 2, library.ECRGate),
            ("r", 2, 1, library.RGate),
            ("xx_plus_yy", 2, 2, library.XXPlusYYGate),
        )
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        circuit = qasm2.loads(text, custom_instructions=(*qasm2.LEGACY_CUSTOM_INSTRUCTIONS, *extra))
        circuit.remove_final_measurements()
        return Operator(circuit.reverse_bits()).data
