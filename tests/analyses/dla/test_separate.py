"""Strings that are generators by themselves: linear algebra on the generators' coefficients knows."""

import numpy as np
import pytest

from bplint.analyses.dla.separate import independent, related_parameters, separate_strings
from bplint.ir.circuit import Parameter, Role
from bplint.ir.frame import frame
from bplint.ir.generators import Generators, Group, generators
from bplint.ir.pauli import from_label
from cases import case
from samples import circuit


def rank(vectors, strings):
    rows = [[dict(v).get(s, 0.0) for s in strings] for v in vectors]
    return np.linalg.matrix_rank(np.array(rows)) if rows else 0


def random_groups(rng):
    """Generators, each of a parameter of its own, on few strings."""
    groups = []
    for p in range(int(rng.integers(1, 6))):
        strings = rng.permutation(np.arange(1, 6))[: int(rng.integers(1, 4))]
        groups.append(
            Group(p, tuple((int(s), float(rng.normal())) for s in strings), (2 * p, 2 * p + 1), (2 * p,) * len(strings))
        )
    shared = tuple(int(p) for p in range(len(groups)) if rng.random() < 0.2)
    return Generators(tuple(groups), shared)


@pytest.mark.parametrize("seed", range(60))
def test_separate_strings_are_in_the_span_of_the_generators(seed):
    """And those that the first so many rotations show are in the span of the generators that end by then."""
    groups = random_groups(np.random.default_rng(seed))
    own = [g for g in groups.groups if g.parameter not in groups.shared]
    found = separate_strings(groups, ())
    for string, place in found.items():
        seen = [g.terms for g in own if g.rotations[-1] <= place]
        assert rank([*seen, ((string, 1.0),)], range(1, 6)) == rank(seen, range(1, 6))
    # Nothing is missed that one string at a time can be solved for: no generator has one unknown string left.
    assert all(sum(s not in found for s, _ in g.terms) != 1 for g in own)


@pytest.mark.parametrize("seed", range(60))
def test_no_more_are_counted_than_are_independent(seed):
    rng = np.random.default_rng(seed)
    groups = random_groups(rng)
    fixed = [int(rng.integers(10))] if seed % 2 else []
    own = [
        g.terms
        for g in groups.groups
        if g.parameter not in groups.shared and not (fixed and g.rotations[-1] > fixed[0])
    ]
    count = independent(groups, (), fixed)
    assert count <= rank(own, range(1, 6))
    assert (count > 0) == bool(own)
    assert independent(groups, range(9), fixed) == 0


def test_sums_are_known_once_all_their_strings_but_one_are():
    """X; X + Z; Z + Y: each shows one more. The third string takes the last rotation of all."""
    c = circuit(1, [("rx", [0], "a"), ("rx", [0], "b")])
    x, z, y = (from_label(k) for k in "XZY")
    chain = Generators(
        (
            Group(0, ((x, 1.0),), (0,), (0,)),
            Group(1, ((x, 1.0), (z, 1.0)), (1, 2), (1, 2)),
            Group(2, ((z, 1.0), (y, 1.0)), (3, 4), (3, 4)),
        ),
        (),
    )
    assert separate_strings(chain, ()) == {x: 0, z: 2, y: 4}
    assert separate_strings(chain._replace(shared=(0,)), ()) == {}
    assert len(separate_strings(chain, (2,))) == 2
    assert generators(c, frame(c)).shared == ()


def test_parameters_computed_from_one_symbol_are_related():
    """a and b are expressions in s, c is itself."""
    c = circuit(1, [("rx", [0], "a"), ("ry", [0], "b"), ("rx", [0], "c")])
    sources = {"a": ("s",), "b": ("s", "t"), "c": ()}
    known = case(c, "Z0")
    parameters = tuple(Parameter(p.name, Role.TRAINABLE, sources=sources[p.name]) for p in c.parameters)
    related = _with(known, parameters)
    assert related_parameters(related, generators(c, frame(c))) == {0: "s", 1: "s"}
    assert related_parameters(known, generators(c, frame(c))) == {}


def _with(known, parameters):
    from dataclasses import replace

    return known._replace(circuit=replace(known.circuit, parameters=parameters))
