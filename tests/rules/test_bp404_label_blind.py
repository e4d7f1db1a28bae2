"""BP404: exactly blind is a warning, hardly aligned a note, and samples decide nothing."""

from bplint.config import Settings
from bplint.finding import Severity
from bplint.run import lint_text
from bplint_rules.bp404_label_blind import BAD, GOOD


def found(text):
    (report,) = lint_text(text, Settings(select=("BP404",))).circuits
    return report.findings


def test_exactly_blind_is_a_warning():
    (finding,) = found(BAD[0].source)
    assert finding.severity is Severity.WARNING
    assert finding.hit.evidence["label_signal"] == 0
    assert finding.hit.evidence["alignment"] == 0


def test_hardly_aligned_is_a_note():
    nearly = BAD[0].source.replace("-0.9,-0.9,1", "-0.8,-0.9,1")
    (finding,) = found(nearly)
    assert finding.severity is Severity.NOTE
    assert 0 < finding.hit.evidence["alignment"] < 0.5


def test_one_class_and_no_labels_are_nothing_to_speak_of():
    assert not found(BAD[0].source.replace(",-1;", ",1;"))
    assert not found(GOOD[1].source)
