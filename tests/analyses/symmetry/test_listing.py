"""Symmetries in words."""

import pytest

from bplint.analyses.symmetry.charges import conserved_weights
from bplint.analyses.symmetry.listing import Symmetry, listed, listed_prior
from bplint.analyses.symmetry.permutations import PermutationGroup
from bplint.analyses.symmetry.prior import Prior
from bplint.ir.pauli import from_label


def free_of(sums, n):
    """The weights of the charges that keep the sums, by letter."""
    return {letter: conserved_weights(sums, n, letter) for letter in "XYZ"}


def test_strings_are_counted_and_the_plainest_come_first():
    n = 3
    strings = [from_label("XXX"), from_label("IZI"), from_label("ZIZ")]
    (found,) = listed(strings, free_of([[(from_label(s), 1.0)] for s in ("XYZ", "YZX", "ZXY")], n), (), n)
    assert found == Symmetry("Z_2^3", ("Z1", "Z0 Z2", "X0 X1 X2"))
    assert found.as_json() == {"group": "Z_2^3", "generators": ["Z1", "Z0 Z2", "X0 X1 X2"]}


@pytest.mark.parametrize(
    ("terms", "groups"),
    [
        ([("XX", 1.0), ("YY", 1.0)], [("U(1)", ("Z0 + Z1",))]),
        ([("XX", 1.0), ("YY", -1.0)], [("U(1)", ("Z0 - Z1",))]),
        ([("ZI", 1.0)], [("U(1)", ("X1",)), ("U(1)", ("Y1",)), ("U(1)^2", ("Z0", "Z1"))]),
        (
            [("XX", 1.0), ("YY", 1.0), ("ZZ", 1.0)],
            [("U(1)", ("X0 + X1",)), ("U(1)", ("Y0 + Y1",)), ("U(1)", ("Z0 + Z1",)), ("SU(2)", None)],
        ),
    ],
)
def test_charges(terms, groups):
    found = listed((), free_of([[(from_label(s), c) for s, c in terms]], 2), (), 2)
    assert [s.group for s in found] == [name for name, _ in groups]
    for symmetry, (_, generators) in zip(found, groups, strict=True):
        assert generators is None or symmetry.generators == generators


@pytest.mark.parametrize(
    ("permutation", "words"),
    [((1, 2, 0, 3), "(0 1 2)"), ((1, 0, 3, 2), "(0 1)(2 3)"), ((0, 3, 2, 1), "(1 3)")],
)
def test_permutations_are_cycles(permutation, words):
    weights = free_of([[(from_label("XYZX"), 1.0)], [(from_label("YZXY"), 1.0)], [(from_label("ZXYZ"), 1.0)]], 4)
    (found,) = listed((), weights, [PermutationGroup("sn", "G", (permutation,), 1.0)], 4)
    assert found == Symmetry("G", (words,))


def test_long_ones_are_cut_in_the_middle():
    n = 12
    turn = tuple((q + 1) % n for q in range(n))
    charge = tuple((1 << q + n, -1.0 if q == 1 else 2.0 if q == 2 else 1.0) for q in range(n))
    words = listed_prior(Prior("", "", "", "", charges=(charge,), permutations=(turn,), strings=(1,)), n)
    assert words == ("Z0 - Z1 + 2*Z2 + Z3 + Z4 + Z5 + Z6 + … + Z11", "(0 1 2 3 4 5 6 … 11)", "X0")


def test_of_many_the_first_few_are_named():
    n = 10
    words = listed_prior(Prior("", "", "", "", strings=tuple(1 << q for q in range(n))), n)
    assert words == tuple(f"X{q}" for q in range(8))
