"""Random programs with measurement, reset and feedback, and what they do to a density matrix, one branch after the other.

The other road to what importers make of them: it knows nothing of ancillas.
"""

import math
import random

import numpy as np

from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CLIFFORDS
from matrices import CLIFFORD_MATRICES, exponential

N = 3
"""Qubits, and bits, of each program."""
Z, X = np.diag([1, -1]), np.array([[0, 1], [1, 0]])
ROTATIONS = {"rx": X, "ry": 1j * X @ Z, "rz": Z}


def conditions(rng):
    """A condition as text of OpenQASM 3, and as a function of the bits."""
    i, j = rng.sample(range(N), 2)
    value = rng.randrange(1 << N)
    return rng.choice(
        [
            (f"c[{i}]", lambda c: c[i]),
            (f"!c[{i}]", lambda c: not c[i]),
            (f"c[{i}] == 0", lambda c: not c[i]),
            (f"c == {value}", lambda c: sum(c[k] << k for k in range(N)) == value),
            (f"c != {value}", lambda c: sum(c[k] << k for k in range(N)) != value),
            (f"c[{i}] ^ c[{j}]", lambda c: c[i] ^ c[j]),
            (f"c[{i}] && !c[{j}]", lambda c: c[i] and not c[j]),
            (f"c[{i}] || c[{j}]", lambda c: c[i] or c[j]),
            (f"c > {value}", lambda c: sum(c[k] << k for k in range(N)) > value),
        ]
    )


def statements(rng, count, left, depth=0, *, inside=True):
    """Pairs: a name, and what it acts on. ``left`` is a list of as many True as there may be measurements and resets;
    ``inside`` of blocks too.
    """
    made = []
    for _ in range(count):
        kind = rng.choice(("turn", "cx", "measure", "reset", "if", "fed"))
        if (kind in ("measure", "reset") and not left) or (kind == "if" and depth):
            kind = "turn"
        if kind in ("measure", "reset"):
            left.pop()
        if kind == "turn":
            made.append(("turn", (rng.choice("xyz"), rng.uniform(-3, 3), rng.randrange(N))))
        elif kind == "cx":
            made.append(("cx", tuple(rng.sample(range(N), 2))))
        elif kind == "measure":
            made.append(("measure", (rng.randrange(N), rng.randrange(N))))
        elif kind == "reset":
            made.append(("reset", rng.randrange(N)))
        elif kind == "fed":  # an angle that depends on a bit
            made.append(("fed", (rng.choice("xyz"), rng.uniform(-3, 3), rng.randrange(N), rng.randrange(N))))
        else:
            blocks = [
                statements(rng, rng.randint(1, 2), left if inside else [], depth + 1) for _ in range(rng.randint(1, 2))
            ]
            made.append(("if", (*conditions(rng), *blocks)))
    return made


def without_fed_angles(program):
    """The same program for frameworks in which angles do not depend on bits: a turn on a condition in place of one."""
    made = []
    for name, what in program:
        if name == "fed":
            axis, angle, bit, qubit = what
            made.append(("if", (f"c[{bit}]", lambda c, bit=bit: c[bit], [("turn", (axis, angle, qubit))])))
        elif name == "if":
            made.append((name, (*what[:2], *map(without_fed_angles, what[2:]))))
        else:
            made.append((name, what))
    return made


def agrees(circuit, program):
    """Whether a circuit does to its declared qubits what the program does.

    Bits that are still on their qubits are measured at the end, in place of where they were.
    """
    at_end = {*circuit.measured, *(qubit for qubit in circuit.deciding if qubit < N)}
    got = reduced(final_state(circuit), N)
    return circuit.n_declared == N and np.allclose(dephased(got, at_end), dephased(density(program), at_end), atol=1e-9)


def written(program):
    """The text of a program in OpenQASM 3, without its head."""
    lines = []
    for name, what in program:
        if name == "turn":
            lines.append(f"r{what[0]}({what[1]!r}) q[{what[2]}];")
        elif name == "cx":
            lines.append(f"cx q[{what[0]}], q[{what[1]}];")
        elif name == "measure":
            lines.append(f"c[{what[1]}] = measure q[{what[0]}];")
        elif name == "reset":
            lines.append(f"reset q[{what}];")
        elif name == "fed":
            lines.append(f"r{what[0]}({what[1]!r} * c[{what[2]}]) q[{what[3]}];")
        else:
            text, _, block, *other = what
            lines.append(f"if ({text}) {{ {written(block)} }}" + "".join(f" else {{ {written(b)} }}" for b in other))
    return " ".join(lines)


def density(program):
    """The density matrix at the end, qubit 0 first, from |000> with all bits 0."""
    start = np.eye(1 << N)[0].astype(complex)
    branches = [(start, (0,) * N)]
    for statement in program:
        branches = [after for state, bits in branches for after in _after(statement, state, bits)]
    return sum(np.outer(state, state.conj()) for state, _ in branches)


def dephased(matrix, qubits, n=N):
    """A density matrix without what is off the diagonal in these qubits."""
    numbers = np.arange(1 << n)
    for qubit in qubits:
        bit = numbers >> (n - 1 - qubit) & 1
        matrix = np.where(bit[:, None] == bit, matrix, 0)
    return matrix


def final_state(circuit):
    """The state that a circuit without parameters makes of |0...0>."""
    n = circuit.n_qubits
    state = np.eye(1, 1 << n, dtype=complex).reshape((2,) * n)
    for k in range(len(circuit)):
        qubits = circuit.operands(k)
        if circuit.code[k] == ROTATION:
            label = "".join("IXZY"[code] for code in circuit.letters[circuit.start[k] : circuit.start[k + 1]])
            angle = circuit.factor[k] * circuit.angles.constant[circuit.angle[k]]
            matrix = exponential(angle / 2, {label: 1.0})
        else:
            matrix = CLIFFORD_MATRICES[CLIFFORDS[circuit.code[k] - 1]]
        parts = matrix.reshape((2,) * (2 * len(qubits)))
        state = np.tensordot(parts, state, axes=(range(len(qubits), 2 * len(qubits)), qubits))
        state = np.moveaxis(state, range(len(qubits)), qubits)
    return state.reshape(-1)


def reduced(state, n):
    """The density matrix of the first n qubits of a state."""
    parts = state.reshape(1 << n, -1)
    return parts @ parts.conj().T


def _on(matrix, qubit):
    return np.kron(np.kron(np.eye(1 << qubit), matrix), np.eye(1 << (N - 1 - qubit)))


def _after(statement, state, bits):
    name, what = statement
    if name == "turn":
        axis, angle, qubit = what
        turn = math.cos(angle / 2) * np.eye(2) - 1j * math.sin(angle / 2) * ROTATIONS["r" + axis]
        return [(_on(turn, qubit) @ state, bits)]
    if name == "fed":
        axis, angle, bit, qubit = what
        return _after(("turn", (axis, angle * bits[bit], qubit)), state, bits)
    if name == "cx":
        control, target = what
        on = _on(np.diag([0, 1]), control)
        return [((np.eye(1 << N) - on) @ state + on @ _on(X, target) @ state, bits)]
    if name == "if":
        _, holds, block, *other = what
        chosen = block if holds(bits) else other[0] if other else []
        branches = [(state, bits)]
        for inner in chosen:
            branches = [after for branch in branches for after in _after(inner, *branch)]
        return branches
    qubit, bit = what if name == "measure" else (what, None)
    after = []
    for outcome in (0, 1):
        projected = _on(np.diag([1 - outcome, outcome]), qubit) @ state
        if name == "reset":
            projected = _on(X, qubit) @ projected if outcome else projected
            after.append((projected, bits))
        else:
            after.append((projected, tuple(outcome if k == bit else b for k, b in enumerate(bits))))
    return after


def seeded(seed, *, inside=True):
    """A program with this seed, whose qubits are turned first."""
    rng = random.Random(seed)
    first = [("turn", ("y", 0.3 + qubit, qubit)) for qubit in range(N)]
    return first + statements(rng, rng.randint(6, 14), [True] * 4, inside=inside)
