"""BP302: most means more than half, also where the numbers are exact."""

from bplint.analyses.ask import Ask
from bplint_rules.bp302_weak_parameters import check
from cases import case
from samples import circuit


def hits(n):
    """One strong parameter and ``n`` - 1 weak ones, each of two rotations: tied angles are measured exactly."""
    gates = [("ry", [q], f"t{q}") for q in range(n) for _ in range(2)]
    k = case(circuit(n, gates), "Z0 + " + " + ".join(f"0.01*Z{q}" for q in range(1, n)), shots=1000)
    return list(check.check(k, Ask(k)))


def test_half_of_the_parameters_is_not_most_of_them():
    assert not hits(2)


def test_two_of_three_are():
    (hit,) = hits(3)
    assert (hit.evidence["weak"], hit.evidence["live"], hit.evidence["samples"]) == (2, 3, 0)
    assert hit.proof.endswith(": exact")
