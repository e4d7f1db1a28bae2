"""Rewrites for charges and free fermions, against dense matrices and the closure of commutators."""

import pytest

from bplint.ir.circuit import Role
from bplint.ir.observable import parse
from bplint.rewrite import Refused, equivariant, rewritten
from rewriting import ansatz, priors
from samples import circuit

GATES = ("rx", "ry", "rz", "p", "rzz", "rxx", "rzx", "crx", "xy", "cp")


def prior(name, n):
    return next(one for one in priors(n) if one.name == name)


def names(c):
    return [c.gates.names[k] for k in c.gates.name.tolist()]


def without_preparation(c, rewrite):
    changes = {**rewrite.changes, **dict.fromkeys(rewrite.preparation, ())}
    return rewritten(c, rewrite._replace(changes=changes))


@pytest.mark.parametrize(
    ("name", "entangler", "turns", "want"),
    [
        ("z2", "cx", ["ry"], ["rx", "rx", "rx", "rzz", "rzz"]),
        ("z2-2", "cz", ["ry"], ["rz", "rz", "rz", "rxx", "rxx"]),
        ("u1", "cx", ["ry", "rz"], ["x", "rz", "rz", "rz", "xx_plus_yy", "xx_plus_yy"]),
        ("u1-2", "cz", ["rz"], ["rz", "rz", "rz", "xx_minus_yy", "xx_minus_yy"]),
        ("su2", "cx", ["ry", "rz"], ["exchange", "exchange"]),
        ("fermions", "cx", ["ry", "rz"], ["rx", "rx", "rx", "rzz", "rzz"]),
        ("fermions-2", "cx", ["ry"], ["rz", "rz", "rz", "rxx", "ryy", "rxx", "ryy"]),
    ],
)
def test_depth_and_layout_are_kept(name, entangler, turns, want):
    c = circuit(3, ansatz(3, 1, entangler, turns))
    assert names(rewritten(c, equivariant(c, prior(name, 3), parse("Z0 Z1", 3)))) == want


def test_a_term_of_the_observable_is_the_first_choice():
    c = circuit(2, ansatz(2, 1, "cx", ["ry"]))
    r = rewritten(c, equivariant(c, prior("z2", 2), parse("Y0 Y1", 2)))
    assert names(r) == ["rx", "rx", "ryy"]


def test_what_commutes_stays_untouched():
    c = circuit(3, [("rx", [0], "a"), ("rzz", [0, 1], "b"), ("h", [2]), ("swap", [0, 2]), ("ry", [1], "c")])
    assert set(equivariant(c, prior("z2", 3)).changes) == {2, 4} - set(equivariant(c, prior("z2", 3)).preparation)


def test_a_ring_of_cz_keeps_the_parity_of_x_as_a_whole():
    ring = [("cz", [q, (q + 1) % 4]) for q in range(4)]
    c = circuit(4, [*ansatz(4, 0, "cz", []), *[("rx", [q], f"a{q}") for q in range(4)], *ring, ("rx", [0], "b")])
    assert equivariant(c, prior("z2", 4)).changes == {}


def test_a_cz_ladder_gives_way_to_hopping_only_where_there_is_no_other():
    cz = [("rz", [0], "a"), ("cz", [0, 1]), ("rz", [1], "b")]
    hopping = [*cz, ("xy", [0, 1], "c"), ("ry", [0], "d")]
    c = circuit(2, cz)
    assert names(rewritten(c, equivariant(c, prior("u1", 2)))) == ["x", "rz", "xx_plus_yy", "rz"]
    c = circuit(2, hopping)
    assert 1 not in equivariant(c, prior("u1", 2)).changes


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("z2", ["rxx", "ryy"]),  # RX makes ZZ of YY
        ("z2-2", ["rzz", "ryy"]),
        ("u1", ["xx_plus_yy", "rzz"]),
        ("u1-2", ["xx_minus_yy", "rzz"]),
        ("su2", ["exchange"]),
        ("z2-3", ["rzz", "rxx", "ryy"]),
    ],
)
def test_mixed_entanglers_take_turns_on_every_pair(name, kinds):
    c = circuit(2, [gate for k in range(4) for gate in (("ry", [0], f"a{k}"), ("rz", [1], f"b{k}"), ("cz", [0, 1]))])
    r = rewritten(c, equivariant(c, prior(name, 2), mixed=True))
    placed = [gate for gate in names(r) if len(gate) > 2]
    assert set(placed[: len(kinds)]) == set(kinds)
    assert placed == [placed[k % len(kinds)] for k in range(4)]
    assert len({p for o in r.operations for p, _ in o.terms}) >= 4, "each has an angle of its own"


def test_a_replaced_rotation_keeps_its_angle():
    c = circuit(2, [("ry", [0], [(2.0, "a"), 0.5]), ("crx", [0, 1], (3.0, "b"))])
    rewrite = equivariant(c, prior("z2", 2))
    assert rewrite.changes[0][0].angles == ((0.5, ((0, 2.0),)),)
    assert rewrite.changes[1][0].angles == ((0.0, ((1, 3.0),)),)


def test_a_preparation_that_has_the_symmetry_stays():
    layer = [("h", [0]), ("h", [1])]
    c = circuit(2, [*layer, *ansatz(2, 1, "cz", ["ry"])])
    kept = equivariant(c, prior("z2", 2))
    assert kept.preparation == {0, 1}
    assert not kept.preparation & set(kept.changes)
    assert equivariant(c, prior("u1", 2)).changes[0] == ()


@pytest.mark.parametrize("gate", [("rx", [0], "x"), ("ry", [0], 0.3)])
def test_data_and_fixed_angles_are_not_changed(gate):
    c = circuit(2, [("rz", [0], "a"), gate, ("cx", [0, 1])], roles={"x": Role.DATA})
    rewrite = equivariant(c, prior("u1", 2))
    assert isinstance(rewrite, Refused)
    assert f"{gate[0]} in line 2" in rewrite.reason


def test_nothing_left_is_refused():
    c = circuit(2, [("rx", [0], "a"), ("ry", [1], "b")])
    assert isinstance(equivariant(c, prior("su2", 2)), Refused)
