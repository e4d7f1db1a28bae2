"""Loss and gradient of a case: numbers where the chain applies, reasons where it does not."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.moments.choose import gradient, loss
from bplint.bounds import Status
from cases import case
from samples import circuit


def answers(c, observable="Z0", **options):
    ask = Ask(case(c, observable, **options))
    return ask(loss), ask(gradient)


def test_one_rotation():
    found, slope = answers(circuit(1, [("ry", [0], (2.0, "a"))]))
    assert found.status is Status.ESTIMATED
    assert found.mean == 0
    assert found.interval[0] <= 0.5 <= found.interval[1]
    (component,) = slope.components
    assert component.interval[0] <= 0.5 <= component.interval[1]
    assert component.scale == 2.0  # the figures are in the rotation's own angle
    assert slope.as_json()["parameters"][0]["name"] == "a"


def test_a_dead_parameter_is_exactly_zero_and_says_so():
    _, slope = answers(circuit(1, [("ry", [0], "a"), ("rz", [0], "b")]))
    assert [(c.second_moment, c.interval, c.dead) for c in slope.components][1] == (0.0, (0.0, 0.0), True)


def test_an_exactly_constant_loss():
    """exp(-iθ XY/2) on |01>: Z0 and Z1 move against each other, so the chain's two strings cancel exactly."""
    found, _ = answers(circuit(2, [("x", [1]), ("s", [1]), ("rxx", [0, 1], "a"), ("sdg", [1])]), "Z0 + Z1")
    assert (found.status, found.mean, found.variance) == (Status.EXACT, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gates", "reason"),
    [
        ([("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")], "rx in line 1"),
        ([("ry", [1], "b"), ("crx", [1, 0], "a")], "crx in line 2"),
        ([("rx", [0], "a"), ("t", [0]), ("rx", [0], 0.3)], "in line"),
        ([("ry", [0], "c"), ("rx", [0], [(1.0, "a"), (1.0, "b")]), ("ry", [0], "a"), ("rx", [0], "b")], "line"),
    ],
)
def test_where_the_chain_does_not_apply_there_is_a_reason_and_no_number(gates, reason):
    found, slope = answers(circuit(2, gates))
    assert found.status is slope.status is Status.INCONCLUSIVE
    assert reason in found.reason
    assert found.variance is None
    assert slope.components == ()
    assert set(found.as_json()) == {"status", "reason"}


def test_a_tie_among_dead_rotations_does_not_matter():
    found, slope = answers(circuit(2, [("ry", [0], "a"), ("rz", [0], "b"), ("rx", [1], "b")]))
    assert found.status is Status.ESTIMATED
    assert [c.dead for c in slope.components] == [False, True]


def test_a_live_rotation_tied_to_a_dead_one_is_measured():
    _, slope = answers(circuit(2, [("rx", [1], "a"), ("ry", [0], "a")]))
    (component,) = slope.components
    assert not component.dead
    assert component.interval[0] <= 0.5 <= component.interval[1]


def test_nothing_trainable_is_skipped():
    found, slope = answers(circuit(1, [("h", [0])]))
    assert found.status is slope.status is Status.SKIPPED
    assert "no trainable parameter" in found.reason


def test_a_fixed_symbol_has_no_known_angle():
    c = circuit(1, [("ry", [0], "a"), ("rx", [0], "f"), ("ry", [0], "b")])
    found, _ = answers(c, names=["a", "b"])
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, "rx in line 2 is fixed at an angle that is not given")


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    c = circuit(2, [("ry", [0], "a"), ("rxx", [0, 1], "b"), ("ry", [1], "c")])
    first, again, other = (answers(c, "Z0 Z1", seed=s)[0].variance for s in (0, 0, 1))
    assert first == again != other
