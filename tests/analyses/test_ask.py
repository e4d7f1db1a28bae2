"""Asking: once, timed, no circles, budgets remembered."""

import pytest

from bplint.analyses.ask import Ask, BudgetError, FailedError, reported
from bplint.analyses.light_cone.locality import locality
from bplint.bounds import Status
from bplint.failure import Part
from cases import case
from samples import circuit


def ask():
    return Ask(case(circuit(1, [("rx", [0], "a")]), "Z0"))


def test_an_analysis_is_computed_once_for_each_arguments():
    calls = []

    def count(case, ask, *, step=1):
        calls.append(step)
        return step

    one = ask()
    assert [one(count), one(count), one(count, step=2), one(count, step=2)] == [1, 1, 2, 2]
    assert calls == [1, 2]
    assert one.seconds["count"] >= 0


def test_a_circle_is_refused_by_name():
    def first(case, ask):
        return ask(second)

    def second(case, ask):
        return ask(first)

    one = ask()
    with pytest.raises(FailedError, match="analysis second failed"):
        one(first)
    assert one.faults[0].lines[-1] == "RuntimeError: analyses ask in a circle: first -> second -> first"


def test_a_failure_is_recorded_once_and_known_from_then_on():
    def torn(case, ask, *, size=1):
        raise ValueError("no")

    @reported
    def outer(case, ask):
        return ask(torn)

    one = ask()
    for analysis in (outer, torn, outer):
        with pytest.raises(FailedError, match="analysis torn failed"):
            one(analysis)
    assert [(fault.part, fault.name, fault.lines[-1]) for fault in one.faults] == [
        (Part.ANALYSIS, "torn", "ValueError: no")
    ]
    assert one.results()["outer"].as_json() == {"status": "inconclusive", "reason": "analysis torn failed"}


def test_an_analysis_with_a_wrong_signature_is_at_fault_itself():
    def narrow(case):
        return case

    one = ask()
    with pytest.raises(FailedError):
        one(narrow, size=2)
    assert [fault.name for fault in one.faults] == ["narrow"]


def test_a_spent_budget_is_reported_once_and_raised_again():
    @reported
    def hungry(case, ask):
        raise BudgetError("10 MB are not enough")

    one = ask()
    for _ in range(2):
        with pytest.raises(BudgetError, match="10 MB"):
            one(hungry)
    result = one.results()["hungry"]
    assert (result.status, result.reason) == (Status.INCONCLUSIVE, "10 MB are not enough")
    assert result.as_json() == {"status": "inconclusive", "reason": "10 MB are not enough"}


def test_only_reported_analyses_stand_in_the_results():
    def private(case, ask):
        return 1

    one = ask()
    one(private)
    one(locality)
    assert list(one.results()) == ["locality"]
