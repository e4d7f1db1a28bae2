"""The margin above the noise against the moments of one rotation."""

import pytest

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.gradients import margin as module
from bplint.analyses.gradients.gradient import Gradient, gradient
from bplint.analyses.gradients.margin import is_settled, leaves_little, margin
from bplint.bounds import Status
from cases import case
from samples import circuit


@pytest.mark.parametrize(
    ("observable", "shots", "expected"), [("Z0", 1_000, 500), ("0.1*Z0", 1_000, 500), ("Z0 Z1", 16, 4)]
)
def test_it_is_the_signal_in_units_of_the_noise(observable, shots, expected):
    """E[sin² a] = ½, and ¼ where another cosine multiplies it."""
    k = case(circuit(2, [("ry", [0], "a"), ("ry", [1], "b")]), observable, shots=shots)
    assert margin(k, Ask(k)) == pytest.approx(expected, rel=0.05)


def test_what_is_not_known_is_no_margin(monkeypatch):
    def out(case, ask):
        raise BudgetError("no time")

    k = case(circuit(1, [("ry", [0], "a")]), "Z0")
    monkeypatch.setattr(module, "gradient", out)
    assert margin(k, Ask(k)) == 0.0


@pytest.mark.parametrize(
    ("lower", "estimate", "settled", "little"),
    [(0.02, 0.03, True, True), (0.002, 0.03, False, True), (0.002, 0.003, False, False), (1e-5, 0.03, False, False)],
)
def test_what_is_left_open_matters_less_than_what_is_found(monkeypatch, lower, estimate, settled, little):
    """10,000 shots: the noise is 1e-4."""
    k = case(circuit(1, [("ry", [0], "a")]), "Z0")
    component = Ask(k)(gradient).components[0]._replace(second_moment=estimate * Ask(k)(gradient).components[0].noise)
    answer = Gradient(Status.ESTIMATED, components=(component,), lower=lower, upper=1.0)
    monkeypatch.setattr(module, "gradient", lambda case, ask: answer)

    def ask(analysis):
        return analysis(k, None)

    assert (is_settled(k, ask), leaves_little(k, ask)) == (settled, little)
