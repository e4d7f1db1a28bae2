"""Cirq's files: what is built, where it points to, and what never reaches Cirq."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bplint.errors import LimitError, SourceError, Unsupported
from bplint.importers import cirq_json
from bplint.importers.cirq_json import bplint_importers, read
from bplint.plugins import load
from bplint.sources.collect import collect

FIXTURES = Path(__file__).parents[2] / "fixtures"
CANARY = "BPLINT_PWNED"
RX = {"cirq_type": "Rx", "rads": 0.1}


def text(gate=None, *, qubits=1, **operation):
    """A circuit with one operation."""
    line = [{"cirq_type": "LineQubit", "x": x} for x in range(qubits)]
    operation = operation or {"cirq_type": "GateOperation", "gate": gate, "qubits": line}
    moment = {"cirq_type": "Moment", "operations": [operation]}
    return json.dumps({"cirq_type": "Circuit", "moments": [moment]}, indent=2)


def rx(angle):
    return text({"cirq_type": "Rx", "rads": angle})


def expression(kind, *args):
    return {"cirq_type": f"sympy.{kind}", "args": list(args)}


def symbol(name):
    return {"cirq_type": "sympy.Symbol", "name": name}


def integer(number):
    return {"cirq_type": "sympy.Integer", "i": number}


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("", SourceError, "the file is empty"),
        ("[1, 2", SourceError, "this is not JSON"),
        ("[1, 2, 3]", SourceError, "not of Cirq"),
        ('{"a": 1}', SourceError, "not of Cirq"),
        ('{"cirq_type": "LineQubit", "x": 3}', SourceError, "want a Circuit or FrozenCircuit of Cirq, got LineQubit"),
        ("[" * 100_000, LimitError, "the limit `nesting`"),
        (rx(float("nan")), SourceError, "NaN is not a finite number"),
        (rx(float("-inf")), SourceError, "-Infinity is not a finite number"),
        (rx(0.1).replace("0.1", "1e999"), SourceError, "1e999 is not a finite number"),
        (rx(0.1).replace("0.1", "9" * 5000), LimitError, "5,000 digits: the limit `digits`"),
        (rx("0.1"), SourceError, "Rx has text for rads"),
        (rx({"cirq_type": "sympy.Integer", "i": "9**9**9"}), SourceError, "sympy.Integer has text for i"),
        (rx(symbol("x" * 2000)), LimitError, "the limit `name`"),
        (rx(expression("Pow", integer(10), integer(10**10))), LimitError, "the limit `power`"),
        (rx(expression("Pow", integer(10), expression("Add", integer(9), integer(9)))), LimitError, "the limit `power`"),
        (text({"cirq_type": "EvilGate"}), Unsupported, "the type EvilGate of Cirq is not read"),
        (
            text({"cirq_type": "BooleanHamiltonianGate", "parameter_names": [], "boolean_strs": [], "theta": 1}),
            Unsupported,
            "BooleanHamiltonianGate",
        ),
        (text({"cirq_type": "IdentityGate", "num_qubits": 10**9}), LimitError, "num_qubits is 1,000,000,000"),
        (text(cirq_type="CircuitOperation", repetitions=10**18, use_repetition_ids=True), LimitError, "repetitions is about"),
        (text({"py/reduce": [], "payload": 1}), Unsupported, "an object without cirq_type"),
        (json.dumps({"cirq_type": "Circuit", "moments": [], "payload": "gASV"}), SourceError, "text for payload"),
    ],
)  # fmt: skip
def test_what_is_refused_before_cirq_sees_it(source, kind, message, monkeypatch):
    monkeypatch.setattr(cirq_json, "find_spec", lambda name: pytest.fail("the check let it through"))
    with pytest.raises(kind, match=message):
        read(source)


def test_a_fault_in_json_has_its_place():
    with pytest.raises(SourceError) as caught:
        read('{\n  "cirq_type": }')
    assert (caught.value.span.line, caught.value.span.column) == (2, 16)


def test_without_cirq_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(cirq_json, "find_spec", lambda name: None)
    with pytest.raises(Unsupported, match="Cirq is not installed") as caught:
        read(text(RX))
    assert caught.value.hint == "pip install 'bplint[cirq]'"


def test_loading_the_module_loads_no_cirq():
    code = "import sys, bplint.importers.cirq_json; assert not {'cirq', 'sympy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_importer_reads_json():
    (importer,) = bplint_importers()
    assert (importer.suffixes, importer.read) == ((".json",), read)


def test_directories_give_the_json_files_of_cirq_only(tmp_path):
    (tmp_path / "circuit.json").write_text(text(RX))
    (tmp_path / "package.json").write_text('{"name": "web"}')
    (tmp_path / "a.qasm").write_text("OPENQASM 3.0;")
    found = collect([str(tmp_path), str(tmp_path / "package.json")], load().importers)
    assert [Path(source.path).name for source in found] == ["a.qasm", "circuit.json", "package.json"]


def test_operations_have_their_place_in_the_text():
    pytest.importorskip("cirq")
    source = "\ufeff" + text(RX)
    (span,) = read(source).circuit.spans
    lines = text(RX).splitlines()
    assert lines[span[0] - 1][span[1] - 1 :] == "{"
    assert lines[span[2] - 1][: span[3] - 1].strip() == "}"
    assert '"GateOperation"' in lines[span[0]]


def test_a_refusal_points_to_the_operation():
    pytest.importorskip("cirq")
    with pytest.raises(Unsupported, match="moment 0, operation 0: depolarize") as caught:
        read(text({"cirq_type": "DepolarizingChannel", "p": 0.1}))
    assert caught.value.span.line == 7


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (rx({"cirq_type": "complex", "real": 0, "imag": 1}), "Cirq refuses it|not a finite real number"),
        (text({"cirq_type": "CZPowGate", "exponent": 1.0, "global_shift": 0.0}), "Cirq refuses it"),
    ],
)
def test_what_cirq_objects_to_is_said(source, message):
    pytest.importorskip("cirq")
    with pytest.raises(SourceError, match=message):
        read(source)


def test_code_as_the_name_of_a_symbol_is_only_a_name(tmp_path, monkeypatch):
    pytest.importorskip("cirq")
    monkeypatch.chdir(tmp_path)
    name = f"__import__('os').system('touch {CANARY}')"
    assert read(rx(symbol(name))).circuit.parameters[0].name == name
    assert not (tmp_path / CANARY).exists()


def test_what_cirq_writes_is_read_as_the_object_is():
    cirq = pytest.importorskip("cirq")
    import sympy

    from bplint.importers.from_cirq import from_cirq

    a, b = sympy.symbols("a b")
    q = cirq.GridQubit.rect(2, 2)
    block = cirq.FrozenCircuit(cirq.ry(a)(q[0]), cirq.CX(q[0], q[1]))
    circuit = cirq.Circuit(
        cirq.X(q[0]) ** (0.3183 * a), cirq.rz(sympy.pi * b / 7 + a**2).on(q[1]).controlled_by(q[2], control_values=[0]),
        cirq.CircuitOperation(block, repetitions=3).with_params({"a": b + 1}), cirq.CircuitOperation(block),
        cirq.MatrixGate(cirq.testing.random_unitary(4, random_state=1)).on(q[3], q[0]),
        cirq.PauliStringPhasor(cirq.X(q[0]) * cirq.Y(q[2]), exponent_neg=a).with_tags("tag"), cirq.SWAP(q[1], q[3]) ** b,
        cirq.FSimGate(a, 0.2).on(q[0], q[1]), cirq.measure(*q, key="m"),
    )  # fmt: skip
    read_back, direct = read(cirq.to_json(circuit)).circuit, from_cirq(circuit).circuit
    assert read_back.parameters == direct.parameters
    assert read_back.measured == direct.measured == (0, 1, 2, 3)
    for column in ("code", "qubits", "letters", "factor", "angle"):
        assert getattr(read_back, column).tolist() == getattr(direct, column).tolist()
    assert read_back.angles.rows() == direct.angles.rows()
    assert len(set(read_back.spans)) == sum(len(m) for m in circuit)


def complex_number(real, imag):
    return {"cirq_type": "complex", "real": real, "imag": imag}


FIELDS = [
    ("Rx", ("rads",), {}, 1),
    ("XPowGate", ("exponent", "global_shift"), {"exponent": 0.3, "global_shift": 0.0}, 1),
    ("CZPowGate", ("exponent", "global_shift"), {"exponent": 0.3, "global_shift": 0.0}, 2),
    ("FSimGate", ("theta", "phi"), {"theta": 0.1, "phi": 0.2}, 2),
    ("PhasedXPowGate", ("exponent", "phase_exponent"), {"phase_exponent": 0.2, "exponent": 0.3, "global_shift": 0}, 1),
    ("PhasedXZGate", ("x_exponent",), {"axis_phase_exponent": 0.1, "x_exponent": 0.2, "z_exponent": 0.3}, 1),
    ("PhasedISwapPowGate", ("exponent", "phase_exponent"), {"phase_exponent": 0.2, "exponent": 0.3}, 2),
    ("DiagonalGate", ("diag_angles_radians",), {"diag_angles_radians": [0.1] * 4}, 2),
    ("MatrixGate", ("matrix",), {"matrix": [[1, 0], [0, 1]], "qid_shape": [2]}, 1),
    (
        "CliffordGate",
        ("rs", "xs", "zs"),
        {"n": 1, "rs": [False] * 2, "xs": [[True], [False]], "zs": [[False], [True]]},
        1,
    ),
    ("GlobalPhaseGate", ("coefficient",), {"coefficient": complex_number(0, 1)}, 0),
    ("ParallelGate", ("sub_gate",), {"sub_gate": RX, "num_copies": 1}, 1),
    ("QubitPermutationGate", ("permutation",), {"permutation": [1, 0]}, 2),
]
WRONG = [
    None,
    [],
    [[1, 2], [3]],
    complex_number(0, 1),
    {"cirq_type": "LineQubit", "x": 0},
    {"cirq_type": "Circuit", "moments": []},
]


@pytest.mark.parametrize(("kind", "names", "fields", "qubits"), FIELDS, ids=[kind for kind, *_ in FIELDS])
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_field_of_the_wrong_type_is_a_fault_of_the_file(kind, names, fields, qubits, wrong):
    pytest.importorskip("cirq")
    for name in names:
        if (name, wrong) != ("coefficient", complex_number(0, 1)):
            with pytest.raises(SourceError):
                read(text({"cirq_type": kind, **fields, name: wrong}, qubits=qubits))


@pytest.mark.parametrize(
    "wrong", [None, 1, [], {"cirq_type": "Moment", "operations": []}, RX, complex_number(0, 1)], ids=str
)
def test_what_is_no_qubit_and_no_operation(wrong):
    pytest.importorskip("cirq")
    for broken in (
        {"cirq_type": "GateOperation", "gate": RX, "qubits": [wrong]},
        {"cirq_type": "TaggedOperation", "sub_operation": wrong, "tags": ["t"]},
        {"cirq_type": "ControlledOperation", "controls": [wrong], "control_values": None, "sub_operation": wrong},
    ):
        moment = {"cirq_type": "Moment", "operations": [broken]}
        with pytest.raises(SourceError):
            read(json.dumps({"cirq_type": "Circuit", "moments": [moment]}))


@pytest.mark.parametrize(
    "qubits", [[{"cirq_type": "LineQubit", "x": None}], [{"cirq_type": "GridQubit", "row": [], "col": 0}]], ids=str
)
def test_qubits_that_cannot_be_sorted(qubits):
    pytest.importorskip("cirq")
    operation = {"cirq_type": "GateOperation", "gate": RX, "qubits": qubits}
    moments = [{"cirq_type": "Moment", "operations": [operation]}, json.loads(text(RX))["moments"][0]]
    with pytest.raises(SourceError):
        read(json.dumps({"cirq_type": "Circuit", "moments": moments}))


def test_wrong_types_all_over():
    """Found by fuzzing."""
    pytest.importorskip("cirq")
    with pytest.raises(SourceError):
        read((FIXTURES / "hostile" / "cirq_wrong_type.json").read_text())


@pytest.mark.parametrize(
    "source",
    ['"' + r"\"" * 200_000, '{"cirq_type": "Circuit", "a": "' + r"\"" * 200_000 + '"}', "[" + '"\\\n' * 100_000],
)
def test_quotes_are_read_once(source):
    begin = time.process_time()
    with pytest.raises(SourceError):
        read(source)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("kind", ["Add", "Mul"])
def test_expressions_nested_too_deeply(kind):
    pytest.importorskip("cirq")
    value = symbol("a")
    for k in range(60):
        value = expression("Add" if k % 2 else kind, value, symbol(f"b{k}"))
        value = expression("Mul" if k % 2 else "Add", value, symbol(f"c{k}"))
    with pytest.raises(LimitError, match="nested too deeply"):
        read(rx(value))
