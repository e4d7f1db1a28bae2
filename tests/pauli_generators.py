"""Strings that generate known Pauli algebras: chains, layers and anticommutation graphs, and the names of algebras."""

from itertools import combinations

from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import anticommute, from_label, from_letters

X, Z, Y = 1, 2, 3


def letters(n, codes):
    return from_letters(codes.items(), n)


def locals_(n, *codes, width=None):
    return [letters(width or n, {q: code}) for q in range(n) for code in codes]


def bonds(n, *pairs, width=None):
    return [letters(width or n, {q: a, q + 1: b}) for q in range(n - 1) for a, b in pairs]


def ising(n):
    return [*locals_(n, X), *bonds(n, (Z, Z))]


def products(strings):
    return [a ^ b for a, b in combinations(strings, 2)]


def without_radical(strings, n):
    """The images modulo all strings of the span that commute with it: their products with symplectic pairs."""
    pairs, rest = [], list(strings)
    while rest:
        left = rest.pop()
        right = next((v for v in rest if anticommute(left, v, n)), None)
        if right is None:
            continue
        pairs.append((left, right))
        rest = [v ^ left * anticommute(v, right, n) ^ right * anticommute(v, left, n) for v in rest if v != right]
    k = len(pairs)
    bits = [bit for pair in zip(*pairs, strict=True) for bit in pair]
    return [sum(anticommute(v, b, n) << i for i, b in enumerate(bits)) for v in strings], k


def strings_algebra(*labels):
    return classify([from_label(label) for label in labels], len(labels[0]))


def names(algebra):
    return [c.algebra if c.copies == 1 else f"{c.copies} {c.algebra}" for c in algebra.components]


def one_copy(component):
    n = component.size
    return {"u(1)": 1, "so": n * (n - 1) // 2, "sp": n * (2 * n + 1), "su": n * n - 1}[component.family]
