"""Orbits of Pauli strings: theorems at every width, and orbits walked string by string at small ones."""

import json
import random
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import comb
from operator import xor

import pytest

from bplint.analyses.deep_limit.orbits import Orbits
from bplint.ir.pauli import anticommute, flipped, from_label, from_letters
from paths import FIXTURES

X, Z, Y = 1, 2, 3
WIDTHS = [6, 63, 64, 65, 200]
TABLE = [
    row for row in json.loads((FIXTURES / "variance_table.json").read_text()) if row["quantity"] == "deep-limit E[C^2]"
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['name']} {row['n']}")
def test_published_deep_limits(row):
    axes = [from_label(label) for label in row["generators"]]
    assert share(axes, from_label(row["observable"]), row["n"]) == Fraction(row["value"])


# Theorems.


@pytest.mark.parametrize("n", [*WIDTHS, 1000])
def test_on_all_strings_every_orbit_is_one_and_locality_does_not_matter(n):
    axes = [*all_of(X, n), *all_of(Y, n), *path(Z, Z, n)]
    for string in (from_letters([(0, Z)], n), product(all_of(Z, n)), from_letters([(n - 1, X), (0, Y)], n)):
        assert share(axes, string, n) == Fraction(1, 2**n + 1)


@pytest.mark.parametrize("n", [*WIDTHS, 1000])
def test_real_rotations(n):
    orbits = Orbits([*all_of(Y, n), *path(Y, Z, n), *path(Z, Y, n)], n)
    assert share_of(orbits, from_letters([(0, Z)], n)) == Fraction(1, 2 ** (n - 1) + 1)
    assert share_of(orbits, product(all_of(X, n))) == Fraction(1, 2 ** (n - 1) + 1)
    assert share_of(orbits, from_letters([(0, Y)], n)) == 0  # an odd number of Ys stays odd


@pytest.mark.parametrize("n", WIDTHS)
def test_matchgates_exchange_majorana_modes(n):
    orbits = Orbits([*all_of(Z, n), *path(X, X, n)], n)
    for k in (1, 2, 3, n // 2):
        string = product(from_letters([(q, Z)], n) for q in range(k))
        assert orbits.of(string) == (comb(2 * n, 2 * k), comb(n, k))
    assert share_of(orbits, from_letters([(0, Z)], n)) == Fraction(1, 2 * n - 1)
    assert orbits.of(from_letters([(0, X)], n)) == (2 * n, 0)
    assert orbits.of(from_letters([(n // 2, X)], n)) == (comb(2 * n, 2 * (n // 2) + 1), 0)


@pytest.mark.parametrize("n", WIDTHS)
def test_ising_ring(n):
    orbits = Orbits([*all_of(X, n), *path(Z, Z, n), from_letters([(n - 1, Z), (0, Z)], n)], n)
    assert orbits.of(from_letters([(0, X)], n)) == (2 * n * (2 * n - 1), n)
    assert orbits.degree(from_letters([(0, X)], n)) == 2
    # Z0 does not keep the parity: the quadric rule.
    assert orbits.size(from_letters([(0, Z)], n)) == 4**n // (2 if n % 2 else 4)
    assert orbits.degree(from_letters([(0, Z)], n)) == 2 * n - 4


@pytest.mark.parametrize("n", [3, 4, 6, 9, 20, 65])
def test_controlled_z_on_a_path_with_layers_of_ry(n):
    """Many layers: n(n + 1) dimensions, and 1/(n + 1) for Z at the end."""
    axes = layer = all_of(Y, n)
    for _ in range(2 * n + 2):
        layer = [behind_controlled_z(string, n) for string in layer]
        axes = axes + layer
    assert share(axes, from_letters([(0, Z)], n), n) == Fraction(1, n + 1)


def test_components_do_not_factor():
    """RX and RZ on each half of a Bell pair, seen from before H and CX: 1/3 for ZZ with one half turned or with both."""
    one, two = [from_label("ZX"), from_label("XI")], [from_label("IX"), from_label("XZ")]
    assert [share(axes, from_label("IZ"), 2) for axes in (one, two, one + two)] == [Fraction(1, 3)] * 3


@pytest.mark.parametrize("n", [6, 64, 130])
def test_bell_pairs_by_the_hundred(n):
    """A qubit of each pair in each half of the register: the pairs multiply."""
    half = n // 2
    pairs = [(q, q + half) for q in range(half)]
    axes = [from_letters([(a, Z), (b, X)], n) for a, b in pairs] + all_of(X, n)
    axes += [from_letters([(a, X), (b, Z)], n) for a, b in pairs]
    assert share(axes, product(from_letters([(b, Z)], n) for _, b in pairs), n) == Fraction(1, 3**half)


@pytest.mark.parametrize("n", [1, 3, 64, 300])
def test_commuting_axes_turn_independently(n):
    assert Orbits(all_of(X, n), n).of(product(all_of(Z, n))) == (2**n, 1)


# The other road: orbits walked string by string.


@pytest.mark.parametrize("seed", range(400))
def test_orbits_are_those_walked(seed):
    r = random.Random(seed)
    n = r.randint(1, 5)
    axes = random.Random(seed).choice([arbitrary, local, fermions])(r, n)
    orbits = Orbits(axes, n)
    for string in (r.randrange(1 << 2 * n) for _ in range(3)):
        orbit, walked = orbits.of(string), walk(string, axes, n)
        assert orbit == (len(walked), sum(v % 2**n == 0 for v in walked))
        assert orbits.size(string) == orbit.size >= 2 ** orbits.degree(string)


def test_a_string_that_commutes_with_a_radical_on_which_the_form_does_not_vanish():
    axes = [from_label(label) for label in ("YIIY", "YYYZ", "YIYI", "IZII", "ZXZZ", "ZYXY", "ZIYI")]
    string = from_label("XIII")
    assert Orbits(axes, 4).of(string) == (63, 4)
    assert len(walk(string, axes, 4)) == 63


@pytest.mark.parametrize("seed", range(40))
def test_groups_are_counted_by_representatives(seed):
    r = random.Random(seed)
    n = r.randint(1, 3)
    axes = arbitrary(r, n) + arbitrary(r, n)
    generators = [from_letters([(q, r.choice([X, Y, Z]))], n) for q in range(r.randint(1, n))]
    members = [product(chosen) for k in range(1, len(generators) + 1) for chosen in combinations(generators, k)]
    orbits = Orbits(axes, n)
    found = orbits.group(generators, limit=1 << n)
    assert sum(count for _, count in found) == len(members)
    assert sum(count * share_of(orbits, s) for s, count in found) == sum(share_of(orbits, s) for s in members)


def test_a_group_that_reaches_beyond_a_full_component():
    """su(8) on three of four qubits: a string on the fourth is conserved, one on both is not."""
    axes = [*all_of(X, 4)[:3], *all_of(Y, 4)[:3], *path(Z, Z, 4)[:2]]
    found = Orbits(axes, 4).group(all_of(Z, 4), limit=16)
    assert sum(count * share(axes, string, 4) for string, count in found) == 1 + 14 * Fraction(1, 9)


def test_a_group_too_large_to_list():
    n = 12
    generators = all_of(Z, n)
    assert Orbits([*all_of(Z, n), *path(X, X, n)], n).group(generators, limit=1024) is None
    found = Orbits([*all_of(X, n), *all_of(Y, n), *path(Z, Z, n)], n).group(generators, limit=1024)
    assert sum(count for _, count in found) == 2**n - 1


def test_a_budget_that_ends_spares_what_is_cheap():
    n = 6
    orbits = Orbits([*all_of(Z, n), *path(X, X, n)], n, work=8)
    assert orbits.of(from_letters([(0, Z)], n)) == (comb(2 * n, 2), n)
    assert orbits.of(from_letters([(0, Z), (1, Z)], n)) == (comb(2 * n, 4), None)
    assert orbits.of(0) == (1, 1)


def walk(string, axes, n):
    found, order = {string}, [string]
    for here in order:
        for axis in axes:
            if anticommute(here, axis, n) and here ^ axis not in found:
                found.add(here ^ axis)
                order.append(here ^ axis)
    return found


def arbitrary(r, n):
    return [r.randrange(1, 1 << 2 * n) for _ in range(r.randint(1, 3 * n))]


def local(r, n):
    supports = [r.sample(range(n), r.randint(1, min(2, n))) for _ in range(r.randint(1, 4 * n))]
    return [from_letters([(q, r.choice([X, Y, Z])) for q in support], n) for support in supports]


def fermions(r, n):
    """Pairs of Majorana modes on groups of qubits, times central strings, in a random Clifford frame."""
    qubits, axes = r.sample(range(n), n), []
    central = [1 << (qubits.pop() + n) for _ in range(r.randint(0, min(2, n - 1)))]
    while qubits:
        group, modes, tail = [qubits.pop() for _ in range(r.randint(1, len(qubits)))], [], 0
        for q in group:
            modes += [tail | 1 << q, tail | 1 << q | 1 << (q + n)]
            tail |= 1 << (q + n)
        modes += r.choice([[], [tail], [tail, 0]])
        for _ in range(r.randint(1, 2 * len(modes))):
            axes.append(reduce(xor, [*r.sample(modes, 2), *(c for c in central if r.random() < 0.3)]))
    for turn in [r.randrange(1, 1 << 2 * n) for _ in range(4 * n)]:
        axes = [v ^ turn * ((v & flipped(turn, n)).bit_count() & 1) for v in axes]
    return [axis for axis in axes if axis] or [1]


def share(axes, string, n):
    return share_of(Orbits(axes, n), string)


def share_of(orbits, string):
    size, z_type = orbits.of(string)
    return Fraction(z_type, size)


def all_of(letter, n):
    return [from_letters([(q, letter)], n) for q in range(n)]


def behind_controlled_z(string, n):
    """Conjugated by CZ on each edge of a path."""
    x = string & (1 << n) - 1
    return string ^ ((x << 1 ^ x >> 1) & (1 << n) - 1) << n


def path(left, right, n):
    return [from_letters([(q, left), (q + 1, right)], n) for q in range(n - 1)]


def product(strings):
    return reduce(xor, strings)
