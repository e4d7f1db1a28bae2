"""The table of mutants fits the sources: what it breaks is there, for every rule."""

from collections import Counter

import pytest

from bplint.plugins import load
from mutant import ROOT
from mutants import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.rule} {mutant.old}")
def test_a_mutant_has_one_place(mutant):
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.made(text) != text


def test_every_rule_has_two_mutants():
    counts = Counter(mutant.rule for mutant in MUTANTS)
    codes = {rule.code for rule in load().rules}
    assert counts.keys() >= codes
    assert min(counts.values()) >= 2
    assert not [room for room in counts.keys() - codes if room.startswith("BP")], "no such rule"


def test_what_should_notice_exists():
    assert all((ROOT / "tests" / mutant.tests.partition(" ")[0]).exists() for mutant in MUTANTS)
