"""The contract of a rule: what it declares, and that nothing else knows it."""

import re
from pathlib import Path

import pytest

from bplint.finding import Hit, Kind, Severity
from bplint.plugins import load
from bplint.repairs import Change, near_zero
from bplint.rule import Scope, rule

RULES = load().rules
SOURCES = sorted((Path(__file__).parents[1] / "bplint").rglob("*.py"))


def test_no_rule_is_known_by_its_code_or_name():
    """Neither in code nor in words; what is unreadable (BP001) or a comment without use (BP002) is found outside rules."""
    names = {rule.name for rule in RULES if not rule.by_engine and "-" in rule.name}
    assert SOURCES
    for path in SOURCES:
        words = set(re.findall(r"\bBP\d{3}\b|\b[a-z]+(?:-[a-z]+)+\b", path.read_text("utf-8")))
        codes = {word for word in words if word.startswith("BP")}
        assert codes <= {"BP001", "BP002"}, path
        assert not words & names, path


def test_a_decorated_check_is_a_rule_with_all_that_is_declared():
    def narrow(case, ask, hit):
        yield near_zero(0.1)

    def check(case, ask, *, share=0.5):
        yield Hit("here")

    def grows(family, ask):
        yield Hit("there")

    made = rule(
        "XY001",
        "fine",
        Severity.WARNING,
        kind=Kind.EXACT,
        since="1.0",
        family=grows,
        worst=Severity.ERROR,
        repairs=(narrow,),
        explains=("XY002",),
        forbidden=True,
        offer=True,
    )(check)
    assert (made.code, made.name, made.severity, made.kind, made.since) == (
        "XY001",
        "fine",
        Severity.WARNING,
        Kind.EXACT,
        "1.0",
    )
    assert (made.check, made.family, made.module, dict(made.options)) == (check, grows, __name__, {"share": 0.5})
    assert (made.worst, made.repairs, made.explains, made.forbidden, made.offer) == (
        Severity.ERROR,
        (narrow,),
        ("XY002",),
        True,
        True,
    )
    assert made.scopes == (Scope.CIRCUIT, Scope.FAMILY)
    plain = rule("XY002", "plain", Severity.NOTE, kind=Kind.EXACT, since="1.0")(check)
    assert not any((plain.repairs, plain.explains, plain.forbidden, plain.offer, plain.worst, plain.family))


@pytest.mark.parametrize("one", [rule for rule in RULES if rule.repairs or rule.explains], ids=lambda rule: rule.code)
def test_what_built_in_rules_declare(one):
    codes = {rule.code for rule in RULES}
    assert codes.issuperset(one.explains)
    assert one.code not in one.explains
    assert all(repair.__doc__ for repair in one.repairs), "what it does, in an order"
    assert len(set(one.repairs)) == len(one.repairs)


def test_changes_are_told_apart_by_what_they_change():
    assert near_zero(0.1) == near_zero(0.1)
    assert len({near_zero(0.1), near_zero(0.1), near_zero(0.2), Change("small-angles", near_zero(0.1).title)}) == 3
