"""What is chosen of a report: a suggestion by its name, and what the loss does not need."""

from bplint.config import Settings
from bplint.finding import Effect, Suggestion, Verdict
from bplint.plugins import load
from bplint.repairs.editing import EditedText, Text
from bplint.rewrite import Refused
from bplint.run import lint_text
from bplint.runs.remedies import suggestion, unneeded
from repair_texts import INCLUDE

HEAD = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = Z0 Z1\ninput array[float[64], 4] t;\nqubit[2] q;\n"
TEXT = f"{HEAD}ry(t[0]) q[0]; ry(t[1]) q[1]; rz(t[2]) q[1]; ry(t[3]) q[0];\n"
EFFECT = Effect((None, None), (None, None), (None, None), (4, 4))


def entry(text=TEXT):
    (found,) = lint_text(text, Settings(suggest=False)).circuits
    return found


def offering(*suggestions):
    found = entry()
    first, *rest = found.findings
    return found._replace(findings=(first._replace(suggestions=suggestions), *rest))


def test_the_best_of_a_name_is_chosen():
    written = EditedText("", ())
    refuted = Suggestion("u1", "", Verdict.REFUTED, EFFECT, "training ends elsewhere")
    unwritten = Suggestion("u1", "", Verdict.VERIFIED, EFFECT, unwritten="only OpenQASM is written")
    unverified = Suggestion("u1", "", Verdict.UNVERIFIED, EFFECT, "not known", written=written)
    verified = Suggestion("u1", "", Verdict.VERIFIED, EFFECT, written=written)
    assert suggestion(offering(refuted, unverified, unwritten, verified), "u1", None) is verified
    assert suggestion(offering(unwritten, unverified), "u1", None) == Refused(
        f"u1 cannot be written: {unwritten.unwritten}"
    )
    assert suggestion(offering(unverified), "u1", None) is unverified
    assert suggestion(offering(refuted), "u1", None) == Refused("u1 is refuted: training ends elsewhere")
    assert suggestion(offering(unwritten), "u1", None) == Refused("u1 cannot be written: only OpenQASM is written")
    assert suggestion(offering(verified), "u2", Text(TEXT)).reason.startswith("u2 is not offered; what is: u1")


def test_a_prior_can_be_had_without_a_finding_that_asks_for_it():
    found = suggestion(entry(), "sn", Text(TEXT))
    assert found == Refused("sn is refuted: the signal is not surely larger: 0.13")


def test_what_the_loss_does_not_need():
    rules = load().rules
    found = unneeded(entry(), rules)
    assert (found.dropped, found.merged) == (1, 1)
    assert found.change.rewrite is found.rewrite
    assert unneeded(entry(f"{HEAD}ry(t[0]) q[0]; ry(t[1]) q[1];\n"), rules) is None
