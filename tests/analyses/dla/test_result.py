"""An algebra in the report's terms: bounds, parts, and numbers too large for JSON."""

import json
import math

import pytest

from bplint.analyses.dla.pauli.classify import classify
from bplint.analyses.dla.result import Dla, is_exponential
from bplint.bounds import Status
from bplint.ir.pauli import from_letters

X, Z, Y = 1, 2, 3


def exact(strings, n):
    algebra = classify(strings, n)
    return Dla(status=Status.EXACT, reason="", algebra=algebra, surely=algebra, repeat=None, lower=algebra.dimension)


def fields(n, letters):
    return [from_letters([(q, k)], n) for q in range(n) for k in letters]


def bonds(n):
    return [from_letters([(q, Z), (q + 1, Z)], n) for q in range(n - 1)]


@pytest.mark.parametrize("n", [2, 5, 63, 64, 130])
def test_the_open_ising_chain_is_so_2n(n):
    found = exact([*fields(n, [X]), *bonds(n)], n)
    name = {2: "su(2)"}.get(n, f"so({2 * n})")
    copies = 2 if n == 2 else 1  # so(4) is two copies of su(2)
    assert found.parts == ((name, n * (2 * n - 1) // copies, copies),)
    assert (found.kind, found.upper, found.separate) == ("free-fermion", n * (2 * n - 1), True)
    assert found.as_json()["dimension"] == n * (2 * n - 1)
    assert found.as_json()["log2_dimension"] == round(math.log2(n * (2 * n - 1)), 6)


@pytest.mark.parametrize(("n", "written"), [(26, 4**26 - 1), (27, str(4**27 - 1))])
def test_integers_beyond_2_53_are_strings(n, written):
    found = exact([*fields(n, [X, Z]), *bonds(n)], n)
    machine = json.loads(json.dumps(found.as_json()))
    assert machine["dimension"] == machine["lower"] == machine["upper"] == written
    assert machine["components"] == [{"algebra": f"su(2^{n})", "dimension": written, "copies": 1, "count": 1}]
    assert machine["log2_dimension"] == 2 * n


def test_equal_components_are_counted_once_and_the_centre_apart():
    two = exact([from_letters([(q, k)], 3) for q in (0, 1) for k in (X, Z)] + [from_letters([(2, Y)], 3)], 3)
    assert two.parts == (("su(2)", 3, 2), ("u(1)", 1, 1))
    assert two.summary == [(2, 1, "su(2)"), (1, 1, "u(1)")]
    assert two.as_json()["center"] == 1


def test_strings_that_commute_are_abelian_and_none_are_nothing():
    assert exact(fields(3, [Z]), 3).kind == "abelian"
    nothing = exact([], 3)
    assert (nothing.kind, nothing.upper, nothing.parts) == ("abelian", 0, ())
    assert nothing.as_json()["log2_dimension"] == 0.0


@pytest.mark.parametrize("ceiling", [None, 5, 500])
def test_bounds_end_at_the_lower_of_two_ceilings(ceiling):
    n = 3
    whole, inside = classify([*fields(n, [X, Z]), *bonds(n)], n), classify(fields(n, [X]), n)
    found = Dla(
        status=Status.BOUNDED,
        reason="tied",
        algebra=whole,
        surely=inside,
        repeat=None,
        lower=inside.dimension,
        ceiling=ceiling,
    )
    assert (found.lower, found.upper) == (3, min(ceiling or 63, 63))
    assert (found.separate, found.parts, found.kind) == (False, None, "exponential-type")
    machine = found.as_json()
    assert (machine["dimension"], machine["log2_dimension"], machine["center"]) == (None, None, None)
    assert (machine["lower"], machine["upper"], machine["reason"]) == (3, found.upper, "tied")


def test_what_grows_like_4_to_the_k_is_exponential():
    chain = [*fields(4, [X]), *bonds(4)]
    assert not any(is_exponential(c) for c in classify(chain, 4).components)
    assert any(is_exponential(c) for c in classify([*chain, from_letters([(1, Z)], 4)], 4).components)
