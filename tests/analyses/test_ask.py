"""Asking: once, timed, no circles, budgets remembered."""

import math
import pickle
import time
from typing import NamedTuple

import numpy as np
import pytest

from bplint.analyses.ask import (
    AT_LEAST,
    BRIEF,
    MINUTE,
    PATIENCE,
    Analysis,
    Ask,
    BudgetError,
    FailedError,
    Unsettled,
    analysis,
    malformed,
)
from bplint.analyses.light_cone.locality import locality
from bplint.bounds import Status
from bplint.failure import PartKind
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

    @analysis("outer")
    def outer(case, ask):
        return ask(torn)

    one = ask()
    for asked in (outer, torn, outer):
        with pytest.raises(FailedError, match="analysis torn failed"):
            one(asked)
    assert [(fault.part, fault.name, fault.lines[-1]) for fault in one.faults] == [
        (PartKind.ANALYSIS, "torn", "ValueError: no")
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
    @analysis("hungry")
    def hungry(case, ask):
        raise BudgetError("10 MB are not enough")

    one = ask()
    for _ in range(2):
        with pytest.raises(BudgetError, match="10 MB"):
            one(hungry)
    result = one.results()["hungry"]
    assert (result.status, result.reason) == (Status.INCONCLUSIVE, "10 MB are not enough")
    assert result.as_json() == {"status": "inconclusive", "reason": "10 MB are not enough"}


def test_only_analyses_with_a_name_stand_in_the_results():
    def private(case, ask):
        return 1

    one = ask()
    one(private)
    one(locality)
    assert list(one.results()) == ["locality"]


def test_an_analysis_passes_between_processes_as_itself():
    assert isinstance(locality, Analysis)
    assert pickle.loads(pickle.dumps(locality)) is locality
    assert (locality.name, locality.__name__, locality.in_profile) == ("locality", "locality", True)
    assert "light cones" in locality.__doc__


def test_two_analyses_of_one_name_are_not_one():
    @analysis("locality")
    def other(case, ask):
        return Unsettled("never computed")

    one = ask()
    found = one(locality)
    with pytest.raises(FailedError):
        one(other)
    assert one.results() == {"locality": found}
    (fault,) = one.faults
    assert fault.name == "locality"
    assert fault.module == __name__
    assert f"is provided twice, in {locality.__module__} and in {__name__}" in fault.lines[-1]


def test_what_is_known_is_not_computed_again():
    @analysis("mine")
    def mine(case, ask):
        raise AssertionError

    known = Answer()
    assert Ask(ask().case, known={"mine": known})(mine) is known


@pytest.mark.parametrize("error", [BudgetError, FailedError])
def test_what_is_known_to_be_without_an_answer_is_not_tried_again(error):
    @analysis("mine")
    def mine(case, ask):
        raise AssertionError

    one = Ask(ask().case, known={"mine": Unsettled("too long", error)})
    with pytest.raises(error, match="too long"):
        one(mine)
    assert (one.faults, one.results()) == ([], {"mine": Unsettled("too long", error)})


class Answer(NamedTuple):
    status: object = Status.EXACT
    reason: object = ""
    json: object = {}  # read only
    said: object = (("mine", "all is well"),)

    def as_json(self):
        return self.json

    def sentences(self):
        return self.said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": "exact"}, "want a result with a Status as status and a string as reason, got dict"),
        (Answer(status="exact"), "want a result with a Status"),
        (Answer(reason=None), "a string as reason"),
        (Answer(json=[1]), "want a mapping from as_json(), got list"),
        (Answer(json={"x": [math.inf]}), "as_json()['x'][0]: want a finite number, got inf"),
        (Answer(json={"x": np.int64(3)}), "as_json()['x']: want plain data, got numpy.int64"),
        (Answer(said=("text",)), "want pairs of strings (label, sentence) from sentences(), got 'text'"),
        (Answer(said=(("mine", 3),)), "want pairs of strings"),
    ],
)
def test_what_is_no_result_is_a_fault_of_the_analysis(answer, said):
    @analysis("mine")
    def mine(case, ask):
        return answer

    one = ask()
    with pytest.raises(FailedError, match="analysis mine failed"):
        one(mine)
    assert said in one.faults[0].lines[-1]
    assert one.results()["mine"].as_json()["status"] == "inconclusive"
    assert malformed(Answer()) == ""
    candidate = one.about(one.case)
    assert candidate(mine) == answer, "which no report holds"
    assert not candidate.faults


def test_seconds_are_work_at_a_fixed_rate():
    c = case(circuit(1, []), "Z0")
    assert [Ask(c, budget=seconds).work for seconds in (60, 30, 0.5)] == [MINUTE, MINUTE // 2, round(MINUTE / 120)]
    assert Ask(c, brief=True).work == MINUTE >> BRIEF


def test_the_clock_is_in_no_hurry_where_the_budget_is_small(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    ask = Ask(case(circuit(1, []), "Z0"), budget=1e-9)
    now[0] = AT_LEAST
    ask.clock.check()
    now[0] += 1e-3
    with pytest.raises(BudgetError, match="stopped by the clock after 30 s"):
        ask.clock.check()


def test_the_clock_stops_once_time_is_up_and_says_so(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    ask = Ask(case(circuit(1, []), "Z0"), budget=20.0)
    now[0] = 20.0 * PATIENCE
    ask.clock.check()
    assert not ask.clock.stopped
    now[0] += 1e-3
    other = ask.about(ask.case, brief=True)
    with pytest.raises(BudgetError, match="stopped by the clock after 200 s"):
        other.clock.check()  # a candidate's time is that of its circuit
    assert ask.clock.stopped
