"""The members of a family: what is asked of each, and the two numbers that are followed over the sizes."""

import pytest

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.dla import dla
from bplint.analyses.family import AskOf, Family, Member, dimension, signal
from bplint.bounds import Status
from cases import case
from dense import average
from samples import circuit


def member(n, observable, **given):
    return Member(n, case(circuit(n, [("ry", [i], f"t{i}") for i in range(n)]), observable, **given))


def about(*members):
    return AskOf({m.size: Ask(m.case) for m in members})


def test_each_member_is_asked_once():
    two, three = member(2, "Z0"), member(3, "Z0")
    calls = []

    def count(case, ask, *, step=1):
        calls.append((case.circuit.n_qubits, step))
        return case.circuit.n_qubits * step

    ask = about(two, three)
    assert [ask(count, of=three), ask(count, of=two), ask(count, of=three), ask(count, of=two, step=5)] == [3, 2, 3, 10]
    assert calls == [(3, 1), (2, 1), (2, 5)]


def test_a_spent_budget_is_raised():
    def hungry(case, ask):
        raise BudgetError("10 MB are not enough")

    with pytest.raises(BudgetError):
        about(member(2, "Z0"))(hungry, of=member(2, "Z0"))


def test_what_is_known_is_not_computed_again():
    two = member(2, "Z0")
    first = Ask(two.case)
    found = first(dla)
    again = Ask(two.case, known=first.results())
    assert again(dla) is found
    assert len(first.seconds) > 1
    assert list(again.seconds) == ["dla"], "what it rests on is not asked either"


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("observable", ["projector(0..n-1)", "mean(Z)"])
def test_the_signal_of_a_product_is_that_of_state_vectors(n, observable):
    one = member(n, observable)
    found = signal(about(one), one)
    observable = one.case.context.observable
    want = average(one.case.circuit, observable)[2].max() / observable.scale
    low, high = found.interval
    assert found.n == n
    assert low <= want <= high
    assert found.value == pytest.approx(want, rel=0.1)


def test_dimensions_are_exact_or_none():
    product = member(3, "Z0")
    ask = about(product)
    assert dimension(ask, product) == 3
    bounded = {"dla": ask(dla, of=product)._replace(status=Status.BOUNDED)}
    assert dimension(AskOf({3: Ask(product.case, known=bounded)}), product) is None


def test_a_family_says_its_sizes_and_what_it_rests_on():
    members = tuple(member(n, "Z0") for n in (2, 3))
    assert Family("f", members).sizes == "n = 2 … 3, 2 sizes"
    assert not Family("f", members).assumed
    assert Family("f", (*members, member(4, "Z0", source="assumed"))).assumed
