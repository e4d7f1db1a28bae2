"""One loop over every rule: page, names, examples."""

import re
from pathlib import Path

import pytest

from bplint.explain import CATALOGUE, catalogue
from bplint.finding import Severity
from bplint.plugins import load
from bplint.rule import HEADINGS
from bplint.run import lint_text

RULES = load().rules
ROOT = Path(__file__).parents[2]
EXAMPLES = [(r, kind, e) for r in RULES for kind in ("bad", "good") for e in getattr(r, kind)]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_the_page_has_all_headings_in_order_and_a_reference(rule):
    assert re.findall(r"^## (.+)$", rule.page, re.M) == list(HEADINGS)
    assert re.search(r"arXiv|doi", rule.page, re.I)
    assert rule.page.partition("\n")[0].endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_the_file_is_named_after_the_rule(rule):
    assert rule.module == f"bplint_rules.{rule.code.lower()}_{rule.name.replace('-', '_')}"


@pytest.mark.parametrize("rule", [r for r in RULES if r.check], ids=lambda r: r.code)
def test_every_check_has_examples_of_both_kinds(rule):
    assert rule.bad
    assert rule.good


@pytest.mark.parametrize(("rule", "kind", "example"), EXAMPLES, ids=[f"{r.code}-{k}-{e.why}" for r, k, e in EXAMPLES])
def test_bad_examples_fire_and_good_ones_do_not(rule, kind, example):
    report = lint_text(example.source)
    assert not report.unreadable
    codes = [f.code for f in report.findings]
    assert (rule.code in codes) == (kind == "bad")
    if kind == "bad" and rule.severity is Severity.ERROR and rule.check:
        worst = max(f.severity for f in report.findings if f.code == rule.code)
        assert worst is (
            Severity.ERROR
            if report.circuits[0].case.circuit.n_qubits >= 6 or rule.code != "BP301"
            else Severity.WARNING
        )


def test_the_catalogue_is_current():
    assert (ROOT / CATALOGUE).read_text(encoding="utf-8") == catalogue(RULES), "run: python -m bplint.explain"


def test_a_signal_at_the_noise_is_undecided_and_says_so():
    """One RY: the signal is exactly 1/2, and with 2 shots the noise is 1/2."""
    text = "OPENQASM 3.0;\n// bplint: observable = Z0\n// bplint: shots = 2\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n"
    (finding,) = lint_text(text).findings
    assert (finding.code, finding.severity) == ("BP301", Severity.NOTE)
    assert "is not settled: the largest signal is about 0.5" in finding.hit.message
