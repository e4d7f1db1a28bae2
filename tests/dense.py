"""The other road to every number: matrices of 2^n or 4^n, no tables of the fast code."""

from functools import cache

import numpy as np

from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import ROTATION, Parameter, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gates import Gate, Turn, gate
from bplint.ir.observable import Observable, pauli_sum
from matrices import CLIFFORD_MATRICES, exponential
from samples import axis_label, label_matrix, on

# Second moments over independent uniform angles. Operators are vectors of Pauli coordinates, of index = string; going
# backwards through a gate multiplies them by its transfer matrix. A pair of them is a 4^n x 4^n matrix, and the average
# of a polynomial of degree 2 in cos, sin over three equally spaced angles is exact.

THIRDS = (0.3, 0.3 + 2 * np.pi / 3, 0.3 + 4 * np.pi / 3)


def average(c, observable):
    """Exact (mean, E[l²], E[(∂_k l)²] of each trainable rotation by its own angle)."""
    n = c.n_qubits
    operator = observable_vector(observable)
    steps, state = [_transfers(c, k) for k in range(len(c))], _initial(n)
    forward = [np.outer(state, state)]
    for step in steps:
        forward.append(sum(t.T @ forward[-1] @ t for t in step) / len(step))
    pair, mean, gradients = np.outer(operator, operator), operator, []
    for k in reversed(range(len(c))):
        if _is_free(c, k):
            slopes = [_slope(axis_label(c, k), a) for a in THIRDS]
            gradients.append(sum(np.sum(forward[k] * (t @ pair @ t.T)) for t in slopes) / len(slopes))
        pair = sum(t @ pair @ t.T for t in steps[k]) / len(steps[k])
        mean = sum(t @ mean for t in steps[k]) / len(steps[k])
    return state @ mean, state @ pair @ state, np.array(gradients[::-1])


def chain(c, weights):
    """(P(hit), P(met k and hit)) of the string chain by its transition matrices; weights of the starts by string."""
    moves = [sum(t * t for t in step) / len(step) for step in (_transfers(c, k) for k in range(len(c)))]
    hit = [_initial(c.n_qubits)]
    for move in moves:
        hit.append(move.T @ hit[-1])
    met, now = [], np.asarray(weights, dtype=float)
    total = now @ hit[-1]
    for k in reversed(range(len(c))):
        if _is_free(c, k):
            moved = ~np.isclose(np.diag(_rotation(axis_label(c, k), 1.0)), 1)
            met.append((moves[k] @ (now * moved)) @ hit[k])
        now = moves[k] @ now
    return total, np.array(met[::-1])


def observable_vector(observable):
    """Pauli coordinates of an observable, from its matrix."""
    n = observable.n_qubits
    matrix = observable.constant * np.eye(2**n) + sum(c * label_matrix(s, n) for s, c in observable.terms)
    if observable.projector:
        matrix = np.eye(2**n)
        for q in observable.projector:
            matrix = matrix @ on(np.diag([1, 0]), [q], n)
    return np.real(np.einsum("iab,ba->i", _paulis(n), matrix)) / 2**n


def random_circuit(rng, n, length, *, free=0.45, fixed=0.0):
    """Cliffords of the whole table and rotations about strings of up to three letters.

    A share ``free`` of the operations turns by a parameter of its own with an offset, ``fixed`` by a constant: an
    eighth or quarter turn, any number, or a parameter that is not trained.
    """
    builder, parameters = Builder(n), []
    statement = builder.statement(Span(1, 1, 1, 2))
    for _ in range(length):
        draw = rng.random()
        if draw > free + fixed:
            row = gate(str(rng.choice([g for g in CLIFFORDS if gate(g).n_qubits <= n])))
            builder.gate(row, _pick(rng, n, row.n_qubits), [], statement)
            continue
        weight = int(rng.integers(1, min(n, 3) + 1))
        letters = tuple((a, int(rng.integers(1, 4))) for a in range(weight))
        axis = Gate("turn", 1, weight, (Turn(0, 0.0, ((float(rng.choice([1, -0.5])), letters),)),), (0.0, 0.0))
        angle = [float(rng.choice([0.5, np.pi / 2, np.pi, np.pi / 4, -2.2, 1.1]))]
        if draw < free:
            parameters.append(Parameter(f"t{len(parameters)}", Role.TRAINABLE))
            angle += [[(len(parameters) - 1, float(rng.choice([1, -1, 2])))]]
        elif rng.random() < 0.2:
            parameters.append(Parameter(f"t{len(parameters)}", Role.FIXED, value=float(rng.normal())))
            angle += [[(len(parameters) - 1, 1.5)]]
        builder.gate(axis, _pick(rng, n, weight), [builder.angle(*angle)], statement)
    return builder.build(parameters)


def rotations(n, axes):
    """Free rotations about (letters, qubits), in order."""
    builder = Builder(n)
    statement = builder.statement(Span(1, 1, 1, 2))
    for k, (word, qubits) in enumerate(axes):
        letters = tuple((a, "IXZY".index(letter)) for a, letter in enumerate(word))
        axis = Gate("turn", 1, len(word), (Turn(0, 0.0, ((1.0, letters),)),), (0.0, 0.0))
        builder.gate(axis, qubits, [builder.angle(0.0, [(k, 1.0)])], statement)
    return builder.build([Parameter(f"t{k}", Role.TRAINABLE) for k in range(len(axes))])


def start_weights(blocks, n):
    """The starts of :class:`Blocks` as weights of index = string."""
    weights = np.zeros(4**n)
    for string, weight in blocks.starts:
        weights[string] += weight
    mask = sum(1 << (q + n) for q in blocks.projector)
    for string in range(1, 4**n):
        if string & mask == string:
            weights[string] += 4.0 ** -len(blocks.projector)
    return weights


def random_observable(rng, n):
    """A projector, or a sum of a few strings with coefficients that may cancel."""
    if rng.random() < 0.25:
        return Observable(n, projector=tuple(sorted(_pick(rng, n, int(rng.integers(1, n + 1))))))
    strings = [*rng.integers(0, 2**n, 1), *rng.integers(0, 2**n, 2) << n, *rng.integers(0, 4**n, 3)]
    kept = rng.permutation(strings)[: int(rng.integers(1, 7))]
    terms = {int(s): float(rng.choice([1, -1, 0.5, 2])) for s in kept}
    return pauli_sum(terms, n, constant=float(rng.choice([0, 0.7])))


def _is_free(c, k):
    if c.code[k] != ROTATION:
        return False
    return any(c.parameters[p].role is Role.TRAINABLE for p, _ in c.angles.terms(int(c.angle[k])))


def _transfers(c, k):
    """The transfer matrices over which an operation averages."""
    return [_rotation(axis_label(c, k), a) for a in THIRDS] if _is_free(c, k) else [_fixed(c, k)]


def _fixed(c, k):
    if c.code[k] != ROTATION:
        return _clifford(CLIFFORDS[c.code[k] - 1], tuple(c.operands(k)), c.n_qubits)
    row = int(c.angle[k])
    angle = c.angles.constant[row] + sum(w * c.parameters[p].value for p, w in c.angles.terms(row))
    return _rotation(axis_label(c, k), float(c.factor[k] * angle))


def _slope(label, angle):
    """Derivative by the angle: exact by two shifted values."""
    return (_rotation(label, angle + np.pi / 2) - _rotation(label, angle - np.pi / 2)) / 2


@cache
def _rotation(label, angle):
    return _transfer(exponential(angle / 2, {label: 1.0}), len(label))


@cache
def _clifford(name, qubits, n):
    return _transfer(on(CLIFFORD_MATRICES[name], list(qubits), n), n)


def _transfer(matrix, n):
    """T[i, j] = tr(P_i U† P_j U) / 2^n."""
    images = matrix.conj().T @ _paulis(n) @ matrix
    return np.real(_paulis(n).reshape(4**n, -1) @ images.transpose(0, 2, 1).reshape(4**n, -1).T) / 2**n


@cache
def _paulis(n):
    return np.array([label_matrix(string, n) for string in range(4**n)])


def _initial(n):
    """<0|P|0> of every string: 1 for those of I and Z alone."""
    return np.array([float(string % 2**n == 0) for string in range(4**n)])


def _pick(rng, n, k):
    return [int(q) for q in rng.permutation(n)[:k]]


# The unitary of a circuit: rotations as matrices on their own qubits, Cliffords as written down by hand.


def unitary(circuit, values):
    """The 2^n x 2^n matrix up to a global phase, at values by parameter name; qubit 0 is the leftmost tensor factor."""
    n = circuit.n_qubits
    state = np.eye(2**n, dtype=complex).reshape((2,) * n + (2**n,))
    for k in range(len(circuit)):
        qubits = circuit.operands(k)
        local = _local_matrix(circuit, k, values).reshape((2,) * (2 * len(qubits)))
        state = np.tensordot(local, state, axes=(range(len(qubits), 2 * len(qubits)), qubits))
        state = np.moveaxis(state, range(len(qubits)), qubits)
    return state.reshape(2**n, 2**n)


def _local_matrix(circuit, k, values):
    if circuit.code[k] != ROTATION:
        return CLIFFORD_MATRICES[CLIFFORDS[circuit.code[k] - 1]]
    row = int(circuit.angle[k])
    terms = [(circuit.parameters[p].name, w) for p, w in circuit.angles.terms(row)]
    angle = circuit.angles.constant[row] + sum(w * values[name] for name, w in terms)
    letters = circuit.letters[circuit.start[k] : circuit.start[k + 1]].tolist()
    return exponential(circuit.factor[k] * angle / 2, {"".join("IXZY"[letter] for letter in letters): 1.0})


# The Lie algebra of Pauli strings, as the set of the strings that span it: nested commutators with the generators, and
# no structure beyond the commutation of two strings.


def pauli_closure(axes, n):
    """All strings reached from the axes by commutators; string = x | z << n."""
    qubits = (1 << n) - 1
    generators = [(v, v >> n | (v & qubits) << n) for v in dict.fromkeys(axes) if v]
    found = [v for v, _ in generators]
    closure = set(found)
    for string in found:
        for generator, flipped in generators:
            if (string & flipped).bit_count() & 1 and string ^ generator not in closure:
                closure.add(string ^ generator)
                found.append(string ^ generator)
    return closure
