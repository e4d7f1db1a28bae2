"""BP303: an exponential is claimed where there is one, from five sizes on, and is an error where no shots show it."""

import math

import pytest

from bplint import engine
from bplint.analyses.ask import Ask
from bplint.analyses.family import AskOf, Family, Member
from bplint.finding import Severity
from bplint.rule import Undecided
from bplint_rules.bp303_exponential_decay import check
from cases import case
from samples import circuit


def product(n, dead=False):
    return circuit(n, [("rz" if dead else "ry", [i], f"t{i}") for i in range(n)])


def hits(cases):
    """What is found of these cases by size."""
    family = Family("product", tuple(Member(n, k) for n, k in sorted(cases.items())))
    return list(check.family(family, AskOf({n: Ask(k) for n, k in cases.items()})))


def test_the_fidelity_of_a_product_falls_by_three_eighths():
    """S of a component is 4 · (1/8)(3/8)^(n-1) (theory: section 4)."""
    (hit,) = hits({n: case(product(n), "projector(0..n-1)") for n in (4, 5, 6, 7, 8)})
    low, high = hit.evidence["rate_interval"]
    assert low < math.log2(3 / 8) < high
    for n, value, (below, above), bound in zip(
        *(hit.evidence[k] for k in ("qubits", "signals", "intervals", "bounds"))
    ):
        assert below <= value <= above
        assert bound >= (3 / 8) ** (n - 1) / 2
        assert value == pytest.approx((3 / 8) ** (n - 1) / 2, rel=0.15)
    assert hit.evidence["chi2_power"] > hit.evidence["chi2_exponential"] + 10
    assert hit.severity is None
    assert "by a factor 0.38 for each further qubit" in hit.message


def test_it_is_an_error_where_a_size_is_below_the_noise():
    (hit,) = hits({n: case(product(n), "projector(0..n-1)", shots=200) for n in (4, 5, 6, 7, 8)})
    assert hit.severity is Severity.ERROR
    assert hit.evidence["below_noise"] == [6, 7, 8]
    assert "On 6 qubits it is already below the noise of 200 shots." in hit.message


@pytest.mark.parametrize(
    "cases",
    [
        {n: case(product(n), "projector(0..n-1)") for n in (3, 4, 5, 6, 7)},
        {n: case(product(n, dead=True), "Z0") for n in (4, 5, 6, 7, 8)},
        {n: case(product(min(n, 7)), "projector(0..n-1)") for n in (4, 5, 6, 7, 8)},
    ],
    ids=["two of 6 qubits", "dead", "one width twice"],
)
def test_it_is_silent(cases):
    assert not hits(cases)


def test_what_cannot_be_told_is_said():
    """A decay over four sizes, one that may be 1/n; and what is not known at a size is not left out."""
    with pytest.raises(Undecided, match="4 sizes, at least 5 are needed"):
        hits({n: case(product(n), "projector(0..n-1)") for n in (4, 6, 8, 10)})
    with pytest.raises(Undecided, match="an exponential and a power of n describe the values as well"):
        hits({n: case(product(n), "mean(Z)") for n in (4, 5, 6, 7, 8)})
    cases = {n: case(product(n), "projector(0..n-1)") for n in (4, 5, 6, 7, 8)}
    with pytest.raises(Undecided, match="not known at every size"):
        hits(cases | {9: case(circuit(9, [("h", [0])]), "projector(0..n-1)")})


def test_the_rate_is_by_qubits_not_by_the_size():
    (hit,) = hits({n // 2: case(product(n), "projector(0..n-1)") for n in (4, 6, 8, 10, 12)})
    assert hit.evidence["qubits"] == [4, 6, 8, 10, 12]
    assert hit.evidence["rate"] == pytest.approx(math.log2(3 / 8), abs=0.05)


@pytest.mark.parametrize(("source", "severity"), [("option", Severity.ERROR), ("assumed", Severity.WARNING)])
def test_what_rests_on_a_guess_is_a_warning(source, severity):
    cases = {n: case(product(n), "projector(0..n-1)", shots=200, source=source) for n in (4, 5, 6, 7, 8)}
    family = Family("product", tuple(Member(n, k) for n, k in cases.items()))
    (finding,) = engine.check_family(family, AskOf({n: Ask(k) for n, k in cases.items()}), [check]).findings
    assert (finding.code, finding.severity, finding.path) == ("BP303", severity, "product")
