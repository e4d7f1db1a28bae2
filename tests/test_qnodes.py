"""QNodes at every door: linted with their arguments, asserted, as families, declared, built by a run, collected by pytest."""

import functools
import subprocess
import sys

import numpy as np
import pytest

import bplint
from bplint.api import lint_builder
from bplint.errors import SourceError, UsageError

qml = pytest.importorskip("pennylane")
from pennylane import numpy as pnp  # noqa: E402  # there is PennyLane

DEVICE = qml.device("default.qubit")


@qml.qnode(DEVICE)
def ansatz(weights, seed=1.0):
    """RY on each wire and one RX; ``seed`` is called as one of bplint's own arguments."""
    for wire in range(len(weights)):
        qml.RY(weights[wire], wire)
    qml.RX(seed, 0)
    return qml.expval(qml.Z(0))


def parameters(report):
    return [p.name for p in report.circuits[0].case.circuit.parameters]


def test_arguments_follow_the_qnode_and_keywords_are_bplints_first():
    weights = np.ones(3)
    assert parameters(bplint.lint(ansatz, weights, isolated=True)) == [f"weights[{k}]" for k in range(3)] + ["seed"]
    report = bplint.lint(ansatz, weights=weights, shots=500, argnums=0, isolated=True)
    assert report.circuits[0].case.context.shots == 500
    assert [f.code for f in report.findings] == ["BP203", "BP004"]
    prepared = functools.partial(functools.partial(ansatz, seed=2), weights)
    assert parameters(bplint.lint(prepared, shots=500, isolated=True)) == [f"weights[{k}]" for k in range(3)]
    assert bplint.profile(prepared, isolated=True).circuits[0].case.id == "<ansatz>"


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        ((), {}, r"ansatz\(weights, seed=1.0\): missing a required argument: 'weights'; the circuit's own arguments"),
        ((np.ones(2),), {"observabel": "Z0"}, "unexpected keyword argument 'observabel'"),
        ((np.ones(2), 1.0, 2.0), {}, "too many positional arguments"),
        ((np.ones(2),), {"argnums": 2}, "argnums: no real numbers are in argument 2"),
        ((np.ones(2),), {"observable": qml.Z(7)}, "observable: wire 7 of PauliZ is not in the circuit"),
        ((np.ones(2),), {"observable": 7}, "observable: want an operator of PennyLane, got int"),
        ((np.ones(2),), {"trainable": ["v*"]}, "no parameter of any circuit here is called v"),
    ],
)
def test_arguments_that_do_not_fit(arguments, keywords, message):
    with pytest.raises(UsageError, match=message):
        bplint.lint(ansatz, *arguments, isolated=True, **keywords)


def test_functions_are_no_circuits_and_circuits_take_no_arguments():
    with pytest.raises(UsageError, match=r"qml\.QNode\(function, device\) makes a circuit of a function"):
        bplint.lint(lambda w: qml.RX(w, 0), 0.1)
    from samples import circuit

    with pytest.raises(TypeError, match="1 further arguments are for a QNode, and this is a Circuit"):
        bplint.lint(circuit(1, [("ry", [0], "a")]), 0.1)
    with pytest.raises(TypeError, match="the keyword argument 'observabel' is for a QNode"):
        bplint.lint(circuit(1, [("ry", [0], "a")]), observabel="Z0")


def test_what_pennylane_does_not_train_stays_data_beside_what_the_caller_says():
    @qml.qnode(DEVICE)
    def encoding(w, x, z):
        qml.RX(x, 0)
        qml.RY(w, 0)
        qml.RZ(z, 0)
        qml.RY(w, 0)
        return qml.expval(qml.Z(0))

    def roles(*arguments, **more):
        report = bplint.lint(encoding, *arguments, isolated=True, **more)
        return "".join(p.role[0] for p in report.circuits[0].case.circuit.parameters)

    assert roles(pnp.array(0.1), 0.2, 0.3) == "tdd"
    assert roles(pnp.array(0.1), 0.2, pnp.array(0.3), data="z") == "tdd"
    assert roles(0.1, 0.2, 0.3, data="z") == "ttd"
    assert roles(0.1, 0.2, 0.3, argnums=[0, 2]) == "tdt"
    assert roles(0.1, 0.2, 0.3, argnum=[0, 2]) == "tdt"


def test_names_with_several_places_select():
    @qml.qnode(DEVICE)
    def grid(w):
        for i in range(2):
            for j in range(3):
                qml.RY(w[i, j], j)
        return qml.expval(qml.Z(0) @ qml.Z(1))

    report = bplint.lint(grid, np.ones((2, 3)), trainable=["w[0:1,1]"], init="w[0,1]=range:0.5", isolated=True)
    case = report.circuits[0].case
    assert [p.name for p in case.circuit.parameters if p.role == "trainable"] == ["w[0,1]", "w[1,1]"]
    assert str(case.context.init) == "uniform, w[0,1]=range:0.5"


def test_assert_trainable_takes_what_a_qnode_measures():
    assert bplint.assert_trainable(ansatz, np.ones(3), argnums=0, isolated=True).ok()
    tape = qml.tape.QuantumScript([qml.RY(pnp.array(0.3), 0)], [])
    with pytest.raises(UsageError, match="observable: say what is measured"):
        bplint.assert_trainable(tape, isolated=True)
    with pytest.raises(AssertionError, match="vanishing-gradient"):
        bplint.assert_trainable(ansatz, np.ones(8), argnums=0, observable=qml.Projector([0] * 8, range(8)), shots=10)


def test_a_function_of_the_size_returns_a_prepared_qnode():
    @bplint.circuit(sizes=[2, 4, 6])
    def family(n):
        return functools.partial(ansatz, np.ones(n))

    report = bplint.lint_family(family, isolated=True)
    assert [entry.case.id for entry in report.circuits] == ["family[n=2]", "family[n=4]", "family[n=6]"]
    assert [entry.case.circuit.n_qubits for entry in report.circuits] == [2, 4, 6]


def test_a_declared_qnode_is_a_builder_of_its_own():
    @bplint.circuit(sizes=[2, 3], arguments=lambda n: (np.ones(n), 1))
    @qml.qnode(DEVICE)
    def above(weights, scale):
        qml.AngleEmbedding(weights * scale, range(len(weights)))
        return qml.expval(qml.Z(0))

    assert [entry.case.circuit.n_qubits for entry in bplint.lint_family(above, isolated=True).circuits] == [2, 3]

    @qml.qnode(DEVICE)
    @bplint.circuit(arguments=(np.ones(2),))
    def below(weights):
        qml.AngleEmbedding(weights, range(len(weights)))
        return qml.expval(qml.Z(0))

    assert lint_builder(below).circuits[0].case.circuit.n_qubits == 2

    @bplint.circuit(sizes=[2, 5])
    @qml.qnode(DEVICE)
    def of_the_size(n, theta=0.1):
        for wire in range(n):
            qml.RY(theta, wire)
        return qml.expval(qml.Z(0))

    assert [entry.case.circuit.n_qubits for entry in bplint.lint_family(of_the_size, isolated=True).circuits] == [2, 5]
    with pytest.raises(UsageError, match="arguments are for a QNode"):
        lint_builder(bplint.circuit(arguments=(1,))(lambda: below))


FILE = """
import functools
import bplint
import numpy as np
import pennylane as qml

DEVICE = qml.device("default.qubit")

@bplint.circuit(sizes=[2, 3], arguments=lambda n: (np.ones(n), np.ones(n)))
@qml.qnode(DEVICE)
def node(weights, x):
    qml.AngleEmbedding(x, range(len(x)))
    qml.AngleEmbedding(2 * weights, range(len(x)), rotation="Y")
    return qml.expval(qml.Z(0))

@bplint.circuit(sizes=[4], observable="mean(Z)", data="x*")
def family(n):
    return functools.partial(node, np.ones(n), np.ones(n))

@bplint.circuit()
@qml.qnode(DEVICE)
def measures_nothing(theta=0.3):
    qml.RX(theta, 0)
    return qml.state()
"""


def test_a_run_builds_them_in_a_process_of_its_own(tmp_path):
    (tmp_path / "nodes.py").write_text(FILE)
    command = [
        sys.executable,
        "-m",
        "bplint",
        "--exec",
        "nodes.py",
        "--isolated",
        "--format",
        "concise",
        "--no-suggest",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (
        "nodes.py:22:1: BP001 error measures_nothing cannot be linted: state is no loss: say what is one" in done.stdout
    )
    command = [*command, "-k", "not measures_nothing"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


pytest_plugins = ["pytester"]


def test_pytest_collects_declared_qnodes(pytester):
    pytester.makepyfile(test_nodes=FILE)
    result = pytester.runpytest_subprocess("--bplint", "-p", "no:cacheprovider", "-v", "--tb=short")
    result.stdout.fnmatch_lines_random(
        ["*::node?n=2? *", "*::node?n=3? *", "*::node *", "*::family?n=4? *", "*::measures_nothing FAILED*"]
    )
    result.stdout.fnmatch_lines(["*BP001 unreadable: state is no loss*"])


def test_nothing_is_loaded_before_a_qnode_comes():
    code = (
        "import sys, bplint, bplint.api; sys.exit(any(name in sys.modules for name in ('pennylane', 'qiskit', 'cirq')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_refusal_names_the_operation():
    @qml.qnode(DEVICE)
    def noisy(w):
        qml.RX(w, 0)
        qml.BitFlip(0.1, 0)
        return qml.expval(qml.Z(0))

    with pytest.raises(SourceError, match=r"operation 1 \(BitFlip\): BitFlip is a channel"):
        bplint.lint(noisy, 0.1)
