"""Circuits for tests, from short lists of gates."""

from array import array
from dataclasses import replace
from functools import reduce

import numpy as np

from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import ROTATION, Parameter, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gates import gate
from matrices import CLIFFORD_MATRICES, exponential, pauli_matrix


def circuit(n_qubits, gates, *, roles=None, measured=()):
    """From (name, qubits, *angles): an angle is a number, a symbol "a", or a pair (coefficient, "a"), or a list of those."""
    builder, names = Builder(n_qubits), {}
    for line, (name, qubits, *angles) in enumerate(gates, start=1):
        rows = []
        for angle in angles:
            terms, constant = [], 0.0
            for part in angle if isinstance(angle, list) else [angle]:
                if isinstance(part, str | tuple):
                    coefficient, symbol = (1.0, part) if isinstance(part, str) else part
                    terms.append((names.setdefault(symbol, len(names)), coefficient))
                else:
                    constant += part
            rows.append(builder.angle(constant, terms))
        builder.gate(gate(name), qubits, rows, builder.statement(Span(line, 1, line, 2)))
    roles = roles or {}
    return builder.build([Parameter(s, roles.get(s, Role.TRAINABLE)) for s in names], measured)


def operation_matrices(c, values):
    """The matrix of each operation on all qubits, qubit 0 leftmost; ``values`` by parameter name."""
    numbers = [values.get(p.name) for p in c.parameters]
    for k in range(len(c)):
        qubits = c.operands(k)
        if c.code[k] != ROTATION:
            yield on(CLIFFORD_MATRICES[CLIFFORDS[c.code[k] - 1]], qubits, c.n_qubits)
            continue
        row = int(c.angle[k])
        angle = c.angles.constant[row] + sum(w * numbers[p] for p, w in c.angles.terms(row))
        yield exponential(c.factor[k] * angle / 2, {axis_label(c, k): 1.0})


def axis_label(c, k):
    label = ["I"] * c.n_qubits
    for q, code in zip(c.operands(k), c.letters[c.start[k] : c.start[k + 1]], strict=True):
        label[q] = "IXZY"[code]
    return "".join(label)


def unitary_of(c, values):
    return reduce(lambda total, m: m @ total, operation_matrices(c, values), np.eye(2**c.n_qubits, dtype=complex))


def on(matrix, qubits, n):
    k = len(qubits)
    full = np.tensordot(
        np.asarray(matrix, dtype=complex).reshape([2] * (2 * k)),
        np.eye(2**n, dtype=complex).reshape([2] * (2 * n)),
        axes=(range(k, 2 * k), qubits),
    )
    return np.moveaxis(full, range(k), qubits).reshape(2**n, 2**n)


def label_matrix(string, n):
    from bplint.ir.pauli import to_label

    return pauli_matrix(to_label(string, n))


FIXED = [name for name in CLIFFORDS if name != "iswapdg"]
ONE = [g for g in FIXED if gate(g).n_qubits == 1]
TWO = [g for g in FIXED if gate(g).n_qubits == 2]


def random_gates(rng, n, length, *, fixed=0.0, parametric=("rx", "ry", "rz", "rzz", "rxx", "rzx")):
    """A random list for :func:`circuit`: Cliffords, free rotations (a fresh symbol each), quarter turns, fixed ones."""
    gates, symbols = [], 0
    for _ in range(length):
        kind = rng.random()
        if kind < 0.45:
            name = str(rng.choice(parametric if n > 1 else parametric[:3]))
            if rng.random() < fixed:
                angle = float(rng.uniform(0, 6))
            elif rng.random() < 0.15:
                angle = float(rng.integers(4)) * np.pi / 2
            else:
                symbols += 1
                angle = f"t{symbols}"
            gates.append((name, pick(rng, n, gate(name).n_qubits), angle))
        else:
            name = str(rng.choice(ONE if n == 1 or kind < 0.7 else TWO))
            gates.append((name, pick(rng, n, gate(name).n_qubits)))
    return gates


def pick(rng, n, k):
    return [int(q) for q in rng.permutation(n)[:k]]


def with_angles(c, **columns):
    """The circuit with other numbers in columns of its table of angles, such as ``spelling=[0, 1]``."""
    old = c.angles.columns
    new = {name: array(getattr(old, name).typecode, values) for name, values in columns.items()}
    return replace(c, angles=replace(c.angles, columns=old._replace(**new)))
