"""One loop over every rule: page, names, examples."""

from pathlib import Path

import pytest

from bplint.explain import CATALOGUE, catalogue
from bplint.finding import Severity
from bplint.plugins import load
from bplint.run import lint_text
from bplint.testing import checks

RULES = load().rules
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check", checks(RULES), ids=str)
def test_what_holds_for_every_rule(check):
    check()


def test_the_catalogue_is_current():
    assert (ROOT / CATALOGUE).read_text(encoding="utf-8") == catalogue(RULES), "run: python -m bplint.explain"


def test_a_signal_at_the_noise_is_undecided_and_says_so():
    """One RY: the signal is exactly 1/2, and with 2 shots the noise is 1/2."""
    text = "OPENQASM 3.0;\n// bplint: observable = Z0\n// bplint: shots = 2\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n"
    (finding,) = lint_text(text).findings
    assert (finding.code, finding.severity) == ("BP301", Severity.NOTE)
    assert "is not settled: the largest signal is about 0.5" in finding.hit.message
