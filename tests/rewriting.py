"""Priors written by hand, random OpenQASM texts, and what a rewrite has to keep."""

from itertools import product

import numpy as np

from bplint.analyses.symmetry.prior import Prior
from bplint.ir.frame import Turning, frame
from bplint.ir.pauli import from_letters
from samples import circuit, label_matrix, unitary_of

X, Z, Y = 1, 2, 3


def total(n, letter, weights=None):
    """Σ weight · letter_q."""
    return tuple((from_letters([(q, letter)], n), float(weights[q]) if weights else 1.0) for q in range(n))


def parity(n, letter):
    return ((from_letters([(q, letter) for q in range(n)], n), 1.0),)


def chain_strings(n, field, bonds):
    """The strings of an open chain: one letter on each qubit, pairs of equal letters on each bond."""
    return tuple(
        [from_letters([(q, field)], n) for q in range(n)]
        + [from_letters([(q, b), (q + 1, b)], n) for q in range(n - 1) for b in bonds]
    )


def priors(n):
    """One of each kind, and two that ask for a charge and for permutations."""
    turn, mirror, swap = tuple((q + 1) % n for q in range(n)), tuple(reversed(range(n))), (1, 0, *range(2, n))
    return [
        Prior("z2", "Z2", "the parity of X", "", charges=(parity(n, X),)),
        Prior("z2-2", "Z2", "the parity of Z", "", charges=(parity(n, Z),)),
        Prior("z2-3", "Z2^2", "both parities", "", charges=(parity(n, Z), parity(n, X))),
        Prior("z2-4", "Z2", "one string", "", charges=(((from_letters([(0, X), (n - 1, Z)], n), 1.0),),)),
        Prior("u1", "U(1)", "the particle number", "", charges=(total(n, Z),), start=(("x", (0,)),)),
        Prior("u1-2", "U(1)", "the staggered charge", "", charges=(total(n, Z, [(-1) ** q for q in range(n)]),)),
        Prior("u1-3", "U(1)", "the weighted charge", "", charges=(total(n, Z, ([1, 2, 0, 1] * n)[:n]),)),
        Prior("su2", "SU(2)", "the total spin", "", charges=tuple(total(n, letter) for letter in (X, Y, Z))),
        Prior("cn", "C_n", "the translations", "", permutations=(turn,)),
        Prior("dn", "D_n", "the ring", "", permutations=(turn, mirror)),
        Prior("sn", "S_n", "all permutations", "", permutations=(turn, swap)),
        Prior("mirror", "Z2", "the reflection", "", permutations=(mirror,)),
        Prior("fermions", "so(2n)", "free fermions", "", strings=chain_strings(n, X, (Z,))),
        Prior("fermions-2", "so(2n)", "free fermions", "", strings=chain_strings(n, Z, (X, Y))),
        Prior("z2-cn", "Z2 × C_n", "parity and translations", "", charges=(parity(n, X),), permutations=(turn,)),
        Prior("u1-cn", "U(1) × C_n", "number and translations", "", charges=(total(n, Z),), permutations=(turn,)),
    ]


def keeps(c, prior, values):
    """Whether the unitary after the start commutes with the charges and, up to a phase, with the permutations."""
    n = c.n_qubits
    u = unitary_of(c, values)
    start = circuit(n, [(name, list(qubits)) for name, qubits in prior.start])
    u = u @ unitary_of(start, {}).conj().T
    charges = [sum(w * label_matrix(s, n) for s, w in charge) for charge in prior.charges]
    return all(np.allclose(u @ q, q @ u) for q in charges) and all(
        same(u @ m, m @ u) for m in map(permutation_matrix, prior.permutations)
    )


def same(u, v, tolerance=1e-7):
    """Whether two unitaries are equal up to a phase."""
    return abs(abs(np.trace(u.conj().T @ v)) / len(u) - 1) < tolerance


def permutation_matrix(permutation):
    n = len(permutation)
    matrix = np.zeros((2**n, 2**n))
    for bits in product((0, 1), repeat=n):
        moved = [0] * n
        for q, bit in enumerate(bits):
            moved[permutation[q]] = bit
        matrix[int("".join(map(str, moved)), 2), int("".join(map(str, bits)), 2)] = 1
    return matrix


def axes_by_parameter(c):
    """For each parameter its rotations in the frame of the start, up to a common factor; the parameters unnamed, in no order."""
    f = frame(c)
    found = {}
    for operation, axis, negative, turning in zip(f.operations, f.axes, f.negative, f.turning, strict=True):
        if turning is Turning.FREE:
            for p, w in c.angles.terms(int(c.angle[operation])):
                terms = found.setdefault(p, {})
                sign = -1 if negative else 1
                terms[axis] = terms.get(axis, 0.0) + sign * w * float(c.factor[operation])
    return sorted(tuple(_scaled(sorted(terms.items()))) for terms in found.values())


def _scaled(terms):
    scale = next((w for _, w in terms if abs(w) > 1e-12), 1.0)
    return [(axis, round(w / scale, 6)) for axis, w in terms]


def ansatz(n, layers, entangler, rotations):
    """A hardware-efficient circuit for :func:`samples.circuit`; a trained entangler has an angle of its own each."""
    gates, k = [], 0
    for _ in range(layers):
        for name in rotations:
            for q in range(n):
                gates.append((name, [q], f"t[{k}]"))
                k += 1
        for q in range(n - 1):
            angle = [f"t[{k}]"] if entangler in ("rzz", "rxx", "crx") else []
            k += len(angle)
            gates.append((entangler, [q, q + 1], *angle))
    return gates


def text(rng, n, version, *, numbers):
    """A random OpenQASM text with broadcasts, loops, arrays, defined gates, several statements a line, comments."""
    k = 0
    brackets = rng.random() < 0.5
    a, b = ("q", "q") if rng.random() < 0.7 else ("a", "b")
    sizes = {a: n} if a == b else {a: 1, b: n - 1}

    def angle():
        nonlocal k
        k += 1
        if numbers:
            return f"{rng.uniform(-3, 3):.9f}"
        name = f"t[{k - 1}]" if brackets else f"t{k - 1}"
        return str(rng.choice([name, name, name, f"2*{name}", f"-{name} + pi/4"]))

    def qubit(q):
        return f"{a}[{q}]" if q < sizes[a] else f"{b}[{q - sizes[a]}]"

    def turn():
        return str(rng.choice(["rx", "ry", "rz"]))

    def ladder(between):
        name = str(rng.choice(["cx", "cz"]))
        return between.join(f"{name} {qubit(q)}, {qubit(q + 1)};" for q in range(n - 1))

    kinds = [
        lambda name: "\n".join(f"{name}({angle()}) {qubit(q)};" for q in range(n)),
        lambda name: "\n".join(f"{name}({angle()}) {qubit(q)};" for q in range(n)),
        lambda name: f"{name}({angle()}) {b}; // all of it",
        lambda name: "// a ladder\n" + ladder("\n"),
        lambda name: f"/* one line; {{ */ {ladder(' ')} {name}({angle()}) {qubit(0)};",
        lambda name: f"h {a};\nbarrier {b};",
        lambda name: f"crz({angle()}) {qubit(0)}, {qubit(n - 1)};",
        lambda name: f"own({angle()}) {qubit(0)}, {qubit(n - 1)};  ",
        lambda name: f"{'u3' if version == 2 else 'U'}({angle()}, {angle()}, {angle()}) {qubit(0)};",
    ]
    if version == 3:
        kinds += [
            lambda name: f"for int i in [0:{sizes[b] - 1}] {{\n  {name}({angle()}) {b}[i]; // inside\n  h {b}[i];\n}}",
            lambda name: f"for int i in {{0}} {name}({angle()}) {b}[i];",
            lambda name: f"sub({a}[0:0], {angle()});",
            lambda name: f"ctrl @ {name}({angle()}) {qubit(0)}, {qubit(n - 1)};",
        ]
    body = [kinds[int(rng.integers(len(kinds)))](turn()) for _ in range(int(rng.integers(3, 9)))]
    declared = []
    if version == 3 and not numbers:
        declared = (
            [f"input array[float[64], {max(1, k)}] t;"] if brackets else [f"input float[64] t{i};" for i in range(k)]
        )
    subroutine = ["def sub(qubit[1] w, angle x) { ry(x) w[0]; }"] * (version == 3)
    registers = [f"qreg {r}[{s}];" if version == 2 else f"qubit[{s}] {r};" for r, s in sizes.items()]
    head = [f"OPENQASM {version}.0;", f'include "{"qelib1" if version == 2 else "stdgates"}.inc"; // the library']
    own = ["gate own(x) u, w { ry(x) u; cx u, w; rz(x/2) w; } // mine"]
    return "\n".join([*head, *declared, *own, *subroutine, *registers, *body, ""])
