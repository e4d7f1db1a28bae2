"""BP304: the shots to ask for are more than are declared, in a number that one would type."""

import pytest

from bplint.analyses import Ask
from bplint_rules.bp304_shot_budget import check
from cases import case
from samples import circuit


@pytest.mark.parametrize(("declared", "wanted"), [(20, 80), (50, 80), (79, 80), (7, None), (81, None)])
def test_the_shots_to_ask_for_are_round_and_more_than_are_declared(declared, wanted):
    """A product of three cosines has gradients of mean square 1/8."""
    k = case(circuit(3, [("ry", [q], f"t{q}") for q in range(3)]), "Z0 Z1 Z2", shots=declared)
    helps = [line for hit in check.check(k, Ask(k)) for line in hit.help]
    assert helps == ([f"for a clear signal:  --shots {wanted}"] if wanted else [])


def test_two_digits_are_enough():
    gates = [("ry", [q], f"t{q}") for q in range(10)]
    k = case(circuit(10, gates), " ".join(f"Z{q}" for q in range(10)), shots=10_000)
    (hit,) = check.check(k, Ask(k))
    assert hit.help == ("for a clear signal:  --shots 11000",)
    assert 10 * 2**10 <= 11_000
