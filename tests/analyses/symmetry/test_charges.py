"""Conserved charges against the null space of commutators, by matrices."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.charges import conserved_weights, to_z, turned
from bplint.analyses.symmetry.generator_sums import driven_sums
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label, from_letters
from cases import case
from samples import circuit, label_matrix, unitary_of

CODE = {"X": 1, "Z": 2, "Y": 3}


def letters(n, letter):
    return [label_matrix(from_letters([(q, CODE[letter])], n), n) for q in range(n)]


def null_dimension(columns):
    """Of the map m -> Σ m_q column_q, with the vectors that it has to have among its solutions."""
    matrix = np.array([np.concatenate([c.real.ravel(), c.imag.ravel()]) for c in columns]).T
    return matrix.shape[1] - np.linalg.matrix_rank(matrix, tol=1e-8), matrix


def agree(weights, columns):
    dimension, matrix = null_dimension(columns)
    basis = weights.basis(len(columns))
    assert len(basis) == weights.n_free == dimension
    for m in basis:
        assert np.allclose(matrix @ m, 0, atol=1e-8)
        assert m in weights
    if basis:
        assert np.linalg.matrix_rank(np.array(basis)) == dimension


TEXTS = [
    "XXI + YYI + IZZ",
    "XXI - YYI + IZZ",
    "XXI + 0.5*YYI",
    "XXI + 0.1*YYI + 0.2*YYI + IXX + IYY - 0.7*XXI",
    "ZII + IZZ",
    "XXX + XYY + YXY + YYX",
    "XXX - XYY - YXY - YYX",
    "XZX + YZY + IZI",
    "XXI + IYY",
    "XYI - YXI",
    "XXY + YYY",
    "0.3*XXI + 0.3*YYI + 0.3*IXX + 0.3*IYY + IIZ",
]


@pytest.mark.parametrize("letter", "XYZ")
@pytest.mark.parametrize("text", TEXTS)
def test_weights_of_an_observable(text, letter):
    o = parse(text, 3)
    matrix = sum(c * label_matrix(s, 3) for s, c in o.terms)
    agree(conserved_weights([o.terms], 3, letter), [q @ matrix - matrix @ q for q in letters(3, letter)])


@pytest.mark.parametrize("seed", range(40))
def test_weights_of_sums_that_turn_into_each_other(seed):
    """Sums of products of raising and lowering operators, which have charges, in random company."""
    rng = np.random.default_rng(seed)
    n, terms = 4, {}
    for _ in range(int(rng.integers(1, 3))):
        places = rng.permutation(n)[: int(rng.integers(2, n + 1))].tolist()
        signs = rng.choice([1, -1], len(places))
        for choice in np.ndindex(*(2,) * len(places)):
            # Π (X ± iY) + h.c.: products with an even number of Y.
            if sum(choice) % 2 == 0:
                value = float(np.prod([s if y else 1 for s, y in zip(signs, choice, strict=True)])) * (-1) ** (
                    sum(choice) // 2
                )
                string = from_letters([(q, 3 if y else 1) for q, y in zip(places, choice, strict=True)], n)
                terms[string] = terms.get(string, 0.0) + value
    matrix = sum(c * label_matrix(s, n) for s, c in terms.items())
    for letter in "XYZ":
        weights = conserved_weights([list(terms.items())], n, letter)
        agree(weights, [q @ matrix - matrix @ q for q in letters(n, letter)])


@pytest.mark.parametrize("seed", range(40))
def test_weights_of_a_circuit(seed):
    rng = np.random.default_rng(seed)
    n = 3
    gates = []
    for k in range(int(rng.integers(1, 5))):
        a, b = (int(q) for q in rng.permutation(n)[:2])
        kinds = [
            ("xx_plus_yy", [a, b], f"t{k}", 0.0),
            ("rz", [a], f"t{k}"),
            ("swap", [a, b]),
            ("iswap", [a, b]),
            ("x", [a]),
        ]
        kinds += [("cz", [a, b]), ("xx_minus_yy", [a, b], [f"t{k}", 0.3], 0.0), ("rzz", [a, b], 0.7), ("cx", [a, b])]
        gates.append(kinds[int(rng.choice(len(kinds), p=[0.25, 0.15, 0.15, 0.1, 0.05, 0.1, 0.1, 0.05, 0.05]))])
    c = circuit(n, gates)
    sums = Ask(case(c, "Z0"))(driven_sums)
    unitaries = [unitary_of(c, {p.name: rng.uniform(0, 6) for p in c.parameters}) for _ in range(3)]
    for letter in "XYZ":
        columns = [np.array([q @ u - u @ q for u in unitaries]) for q in letters(n, letter)]
        agree(conserved_weights(sums, n, letter, frame(c)), columns)


def test_letters_are_turned_in_a_circle():
    assert turned(from_label("XYZI"), 4, 1) == from_label("YZXI")
    assert to_z([(from_label("XY"), 0.5)], "Y", 2) == ((from_label("YZ"), 0.5),)
    assert to_z([(from_label("XY"), 0.5)], "X", 2) == ((from_label("ZX"), 0.5),)


def test_a_shuffled_ring_of_a_thousand_has_one_charge():
    n = 1000
    order = np.random.default_rng(0).permutation(n).tolist()
    terms = [
        (from_letters([(a, code), (b, code)], n), 1.0)
        for a, b in zip(order, order[1:] + order[:1], strict=True)
        for code in (1, 3)
    ]
    assert conserved_weights([terms], n).basis(5) == [[1] * n]
