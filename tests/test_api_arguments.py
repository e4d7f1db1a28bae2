"""Arguments of the Python API: checked as on the command line, and refused in a sentence."""

import pytest

import bplint
from bplint.errors import BplintError, UsageError
from bplint.ir.observable import pauli_sum
from samples import circuit

ALONE = circuit(2, [("ry", [0], "a"), ("ry", [1], "b")])


def product(n):
    return circuit(n, [("ry", [i], f"t{i}") for i in range(n)])


GLOBAL = circuit(14, [("ry", [i], f"t{i}") for i in range(14)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shots": 0}, r"^shots: want a whole number from 1 to 10\^15, got 0$"),
        ({"shots": -5}, "^shots: want a whole number"),
        ({"shots": 2.5}, "^shots: want a whole number"),
        ({"shots": "100"}, "^shots: want a whole number"),
        ({"seed": -1}, "^seed: want a whole number from 0"),
        ({"seed": True}, "^seed: want a whole number from 0"),
        ({"budget": 0}, "^budget: want a positive number of seconds"),
        ({"budget": float("nan")}, "^budget: want a positive number"),
        ({"init": "gauss:1"}, "^init: want uniform"),
        ({"init": 0.1}, "^init: want a string"),
        ({"noise": "loud"}, "^noise: want a channel"),
        ({"trainable": ["a", 2]}, "^trainable: want a list of strings"),
        ({"data": 5}, "^data: want a list of strings"),
        ({"observable": 5}, "want a string, got 5"),
        ({"observable": "Q0"}, "want a letter and a qubit"),
    ],
)
@pytest.mark.parametrize("call", [bplint.lint, bplint.profile])
def test_arguments_are_checked_as_on_the_command_line(call, arguments, message):
    with pytest.raises(UsageError, match=message):
        call(ALONE, **{"observable": "Z0", **arguments})


def test_the_arguments_of_a_family_and_of_a_builder_are_checked_too():
    for arguments in ({"shots": 0}, {"init": "normal"}, {"data": [5]}):
        (name,) = arguments
        with pytest.raises(UsageError, match=f"^{name}: want"):
            bplint.lint_family(product, [2], observable="Z0", **arguments)
        with pytest.raises(UsageError, match=f"^{name}: want"):
            bplint.lint_family(bplint.circuit(sizes=[2], observable="Z0", **arguments)(lambda n: product(n)))


def test_one_string_is_one_name():
    """Letter by letter ``t*`` would have been any name at all, and everything would have carried data."""
    given = circuit(2, [("ry", [0], "t"), ("ry", [1], "x1")])
    for data in ("x*", ["x*"], ("x*",)):
        roles = [
            p.role.value for p in bplint.lint(given, observable="Z0 Z1", data=data).circuits[0].case.circuit.parameters
        ]
        assert roles == ["trainable", "data"]
    assert [f.code for f in bplint.lint(ALONE, observable="Z0", select="BP203").findings] == ["BP203"]
    assert bplint.circuit(data="x*")(product).__bplint__.data == ("x*",)
    del product.__bplint__


@pytest.mark.parametrize(
    "arguments",
    [
        {"data": "y*"},
        {"data": ["a", "z[0:3]"]},
        {"init": "normal:0.1, v*=range:1"},
        {"trainable": "literal"},
        {"trainable": ["a", "c"]},
    ],
)
def test_a_name_that_matches_nothing_is_refused(arguments):
    for call in (bplint.lint, bplint.profile):
        with pytest.raises(UsageError, match="no parameter of any circuit here is called"):
            call(ALONE, observable="Z0", **arguments)
    with pytest.raises(UsageError, match="no parameter of any circuit here is called"):
        bplint.lint_family(lambda n: ALONE, [2], observable="Z0", **arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"select": 3}, "^select: want a list of strings, got 3"),
        ({"ignore": [3]}, "^ignore: want a list of strings, got 3"),
        ({"config": ""}, "--config: want the path of a file, got ''"),
        ({"config": 3}, "--config: want the path of a file, got 3"),
    ],
)
def test_codes_and_paths_are_strings(arguments, said):
    with pytest.raises(UsageError, match=said):
        bplint.lint(ALONE, observable="Z0", **arguments)


def test_numbers_of_numpy_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert bplint.lint(ALONE, observable="Z0", shots=numpy.int64(7)).circuits[0].case.context.shots == 7


def test_an_operator_has_finite_coefficients():
    for coefficient in (float("nan"), 1e200):
        with pytest.raises(UsageError, match=r"^observable: coefficient"):
            bplint.lint(ALONE, observable=pauli_sum({1: coefficient}, 1))


def test_the_unreadable_cannot_be_ignored():
    for ignore in ("BP001", ["BP203", "BP001"], ["unreadable"]):
        with pytest.raises(UsageError, match="BP001 cannot be ignored"):
            bplint.lint(ALONE, observable="Z0", ignore=ignore)


def qiskit_objects():
    qiskit = pytest.importorskip("qiskit")
    from qiskit.circuit.library import RXGate
    from qiskit.converters import circuit_to_dag
    from qiskit.quantum_info import Operator, SparsePauliOp, Statevector

    one = qiskit.QuantumCircuit(1)
    return [
        circuit_to_dag(one),
        RXGate(0.1),
        SparsePauliOp("Z"),
        one.to_instruction(),
        Operator(one),
        Statevector([1, 0]),
    ]


def cirq_objects():
    cirq = pytest.importorskip("cirq")
    q = cirq.LineQubit(0)
    return [
        cirq.X,
        cirq.X(q),
        cirq.Moment(cirq.X(q)),
        cirq.PauliSum.from_pauli_strings([cirq.Z(q)]),
        cirq.Simulator(),
    ]


@pytest.mark.parametrize("objects", [qiskit_objects, cirq_objects, lambda: [None, "a.qasm", 7, ALONE.angles, print]])
def test_what_is_no_circuit_gets_the_usual_sentence(objects):
    for thing in objects():
        for call in (bplint.lint, bplint.profile, lambda given: bplint.lint_family(lambda n: given, [2])):
            with pytest.raises(UsageError, match="want a Qiskit, Cirq or PennyLane circuit, got "):
                call(thing)


def test_an_operator_of_another_kind_is_refused_in_a_sentence():
    qiskit, cirq = pytest.importorskip("qiskit"), pytest.importorskip("cirq")
    ours = [ALONE, qiskit.QuantumCircuit(2), cirq.Circuit(cirq.X(cirq.LineQubit(0)))]
    for given in ours:
        for observable in (5, [1, 2], object(), {"Z": 1}, 1j):
            with pytest.raises(BplintError):
                bplint.lint(given, observable=observable)
