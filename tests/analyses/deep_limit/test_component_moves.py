"""What one component makes of a string, against the orbit walked string by string under the component's own axes."""

import random
from collections import Counter

import pytest

from bplint.analyses.deep_limit.component_moves import action
from bplint.analyses.deep_limit.trellis import Budget, total
from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import LinearSpan, anticommute, from_label, x_part


def walked(string, axes, n):
    """All strings that a string can become."""
    orbit = [string]
    for member in orbit:
        orbit += [new for g in axes if anticommute(member, g, n) and (new := member ^ g) not in orbit]
    return orbit


def cases():
    """(component, string, n) for random axes on two to four qubits, and strings that do not commute with all of them."""
    rng = random.Random(5)
    for _ in range(40):
        n = rng.randint(2, 4)
        axes = [rng.randrange(1, 4**n) for _ in range(rng.randint(1, 2 * n))]
        for component in classify(axes, n).components:
            strings = [rng.randrange(1, 4**n) for _ in range(3)]
            yield from ((component, s, n) for s in strings if any(anticommute(s, g, n) for g in component.core))


def test_moves_are_as_many_as_the_walk_finds():
    seen = Counter()
    for component, string, n in cases():
        moved = action(component, n)(string)
        orbit = walked(string, component.core, n)
        assert moved.classes << len(moved.translations) == len(orbit)
        assert len(LinearSpan(moved.translations)) == len(moved.translations)
        assert {string ^ t for t in moved.translations} <= set(orbit)
        assert 1 << moved.degree <= len(orbit)
        seen[component.free_fermion, component.pairs > 1] += 1
    assert set(seen) == {(True, False), (True, True), (False, True)}


def test_x_parts_are_those_of_the_walk():
    """Also modulo a translation of another component, which commutes with all axes of this one."""
    rng = random.Random(6)
    for component, string, n in cases():
        moved = action(component, n)(string)
        if moved.parted is None:
            continue
        shifts = [x_part(t, n) for t in moved.translations]
        apart = [s for s in range(4**n) if not any(anticommute(s, g, n) for g in component.core)]
        for more in (0, x_part(rng.choice(apart), n)):
            modulo = LinearSpan([*shifts, more])
            first, part = moved.parted(modulo)
            parts = Counter(modulo.reduce(x_part(string ^ s, n)) for s in walked(string, component.core, n))
            for x in range(2**n):
                if modulo.reduce(x) == x:
                    counted = total([part], modulo.reduce(x ^ first), Budget(1 << 30))
                    assert counted << len(moved.translations) == parts[x] * moved.repeats


def test_one_axis_takes_a_string_to_one_other():
    (component,) = classify([from_label("XX")], 2).components
    assert action(component, 2)(from_label("ZI")) == (1, [from_label("XX")], 1, None, 1)


@pytest.mark.parametrize(("label", "moves"), [("XII", 6), ("YZX", 15), ("ZII", 15), ("IXI", 20)])
def test_majorana_modes_are_exchanged(label, moves):
    """Z on all and XX on a path of three: a product of k of six modes, or of 6 - k, becomes any other."""
    (component,) = classify([from_label(s) for s in ("ZII", "IZI", "IIZ", "XXI", "IXX")], 3).components
    moved = action(component, 3)(from_label(label))
    assert moved.classes << len(moved.translations) == moves


def test_x_parts_where_all_strings_but_the_identity_are_reached():
    """From Z0 on three qubits: of 63 strings 7 have no letter but I and Z, and 8 have each other X part."""
    axes = [from_label(s) for s in ("XII", "YII", "IXI", "IYI", "IIX", "IIY", "ZZI", "IZZ")]
    (component,) = classify(axes, 3).components
    first, part = action(component, 3)(from_label("ZII")).parted(LinearSpan())
    assert [total([part], x ^ first, Budget(1 << 20)) for x in range(8)] == [7, *[8] * 7]
