"""Which findings explain which: nothing is lost, nothing twice, and an error never yields."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplint.finding import Hit, Severity, sign
from bplint.report.relations import explained, with_reasons

NOTE, WARNING, ERROR = Severity


def finding(code, severity=WARNING, explains=(), undecided=False):
    hit = Hit(f"{code} is so.", undecided=undecided)
    return sign(hit, code=code, name=code.lower(), severity=severity, path="x", case_id="", explains=explains)


TOP, REASON, SECOND, OTHER = (
    finding("A", ERROR),
    finding("B", explains=("A",)),
    finding("C", NOTE, explains=("B",)),
    finding("D"),
)


@pytest.mark.parametrize("order", list(permutations([TOP, REASON, SECOND, OTHER])))
def test_reasons_stand_with_what_they_explain_at_second_hand_too(order):
    told = {one.finding.code: {f.code for f in one.reasons} for one in with_reasons(order)}
    assert told == {"A": {"B", "C"}, "D": set()}
    assert [one.finding for one in with_reasons(order)] == [TOP, OTHER]


def test_an_error_stands_by_itself():
    assert len(with_reasons([TOP, finding("B", ERROR, ("A",))])) == 2


def test_a_reason_is_no_graver_than_what_it_explains():
    graver = finding("B", WARNING, ("A",))
    assert [one.finding.code for one in with_reasons([finding("A", NOTE), graver])] == ["B", "A"]


def test_what_is_undecided_is_neither_explained_nor_a_reason():
    open_ = finding("A", NOTE, undecided=True)
    assert [one.finding for one in with_reasons([open_, REASON])] == [REASON]
    assert explained(REASON, [open_, REASON]) == []
    assert explained(REASON, [TOP, REASON]) == ["A"]


codes = st.sampled_from("ABCD")
some = st.tuples(codes, st.sampled_from(list(Severity)), st.lists(codes, max_size=3).map(tuple), st.booleans())


@given(st.lists(some, max_size=7))
def test_every_decided_finding_is_there_once_whatever_explains_what(drawn):
    findings = [finding(*one) for one in drawn]
    told = with_reasons(findings)
    shown = [id(f) for one in told for f in (one.finding, *one.reasons)]
    assert sorted(shown) == sorted(id(f) for f in findings if not f.hit.undecided)
    assert all(f in [one.finding for one in told] for f in findings if f.severity is ERROR and not f.hit.undecided)
    severities = [one.finding.severity for one in told]
    assert severities == sorted(severities, reverse=True)
