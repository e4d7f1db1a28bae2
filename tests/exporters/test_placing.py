"""What takes the place of statements, and what gates are made of."""

from math import pi

from bplint.exporters.placing import Elementary, before_first, changed, elementary
from bplint.rewrite import Rewrite
from bplint.rewrite.change import Placed
from bplint.rewrite.reading import placed, source_gates
from samples import circuit

C = circuit(2, [("ry", [0], "a"), ("crx", [0, 1], "b"), ("cz", [0, 1])])


def test_statements_that_stay_are_not_named_and_the_gates_beside_a_change_are():
    gates = source_gates(C)
    new = (Placed("rz", (0,), ((0.0, ((0, 1.0),)),)),)
    rewrite = Rewrite(new, {0: new}, C.parameters)
    assert changed(C, rewrite, [4, 5, 5]) == {4: [*new]}
    assert changed(C, rewrite, [4, 4, 5]) == {4: [*new, gates[1]]}
    assert changed(C, rewrite._replace(changes={2: ()}), [4, 5, 6]) == {6: []}
    assert changed(C, rewrite._replace(changes={0: (placed(C, gates[0]),)}), [4, 5, 6]) == {}, "put back as it was"
    assert before_first(rewrite, [4, 5, 5]) == {4: new}
    assert before_first(rewrite._replace(start=()), [4, 5, 5]) == {}


def test_gates_are_cliffords_and_rotations():
    x, z = 1, 2
    _, crx, cz = source_gates(C)
    b = 0.0, ((1, 1.0),)
    strings = ((0.5, ((1, x),)), (-0.5, ((0, z), (1, x))))
    assert list(elementary(C, crx)) == [Elementary(strings=strings, angle=b)]
    assert list(elementary(C, cz)) == [Elementary("cz", (0, 1))]
    assert list(elementary(C, Placed("crx", (0, 1), (b,)))) == [Elementary(strings=strings, angle=b)]
    (t,) = elementary(C, Placed("t", (1,)))
    assert t == Elementary(strings=((-1.0, ((1, z),)),), angle=(-pi / 4, ()))
