"""Suppression comments: what they hide, and which of their codes hide nothing."""

import pytest

from bplint.analyses.ask import BudgetError
from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity
from bplint.plugins import load
from bplint.rule import Undecided, rule
from bplint.run import lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BODY = "// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[1] q;\nry(a) q[0];\nrz(b) q[0];"
"""Line 8 has a dead parameter, BP203."""


def lint(text, **settings):
    return lint_text(HEAD + text, Settings(select=("BP002", "BP104", "BP203"), **settings))


def outcome(text, **settings):
    """The codes that are left, how many were suppressed, and what each BP002 says."""
    report = lint(text, **settings)
    left = [finding.code for finding in report.findings]
    return left, report.circuits[0].suppressed, [f.hit.message for f in report.findings if f.code == "BP002"]


@pytest.mark.parametrize(
    "text",
    [
        BODY + " // bplint: ignore[BP203] measured in another run\n",
        BODY + " /* bplint: ignore[BP203] */\n",
        BODY.replace("rz", "// bplint: ignore[BP203]\nrz"),
        BODY.replace("rz", "  /* bplint: ignore[BP203] because */  \nrz"),
        BODY.replace("rz", "pragma bplint ignore[BP203]\nrz"),
        BODY.replace("rz", "@bplint.ignore[BP203]\nrz"),
        "// bplint: ignore-file[BP203]\n" + BODY,
        BODY + "\n// bplint: ignore-file[ BP203 ]",
    ],
)
def test_a_comment_hides_what_it_names(text):
    assert outcome(text) == ([], 1, [])


@pytest.mark.parametrize(
    ("text", "left", "message"),
    [
        (BODY + "\n// bplint: ignore[BP203]\n", ["BP203", "BP002"], "BP203 does not fire here, only elsewhere"),
        (BODY + " // bplint: ignore[BP104]\n", ["BP203", "BP002"], "BP104 does not fire here."),
        (BODY + " // bplint: ignore[BP999]\n", ["BP203", "BP002"], "no rule is called BP999."),
        (BODY + " // bplint: ignore[bp203]\n", ["BP203", "BP002"], "no rule is called bp203."),
        (BODY + " // bplint: ignore[dead-parameter]\n", ["BP203", "BP002"], "is a name, its code is BP203."),
        (
            BODY + " // bplint: ignore[BP203, BP104]\n",
            ["BP002"],
            "Part of this comment suppresses nothing, BP104: BP104 ",
        ),
        (
            BODY + " // bplint: ignore[BP203 BP104,BP999]\n",
            ["BP002"],
            "nothing, BP104, BP999: no rule is called BP999; BP104",
        ),
    ],
)
def test_what_hides_nothing_is_reported_code_by_code(text, left, message):
    found, _, messages = outcome(text)
    assert found == left
    (said,) = messages
    assert message in said


def test_a_code_whose_rule_did_not_run_is_not_judged():
    assert outcome(BODY + " // bplint: ignore[BP203, BP301]\n") == ([], 1, [])
    assert outcome("// bplint: ignore-file[BP301]\n" + BODY)[2] == []


def test_a_code_whose_rule_ran_out_is_not_judged():
    def check(case, ask):
        raise BudgetError("too large")

    def unsure(case, ask):
        raise Undecided("it is tied")

    reporter = next(rule for rule in load().rules if rule.code == "BP002")
    dead = rule("BP203", "dead-parameter", Severity.WARNING, kind=Kind.EXACT, since="0.1")
    text = HEAD + BODY + " // bplint: ignore[BP203]\n"
    for told in (check, unsure):
        assert lint_text(text, rules=[reporter, dead(told)]).findings == []
    found = lint_text(text, rules=[reporter, dead(lambda case, ask: [Hit("here")])]).findings
    assert [f.code for f in found] == ["BP203", "BP002"]


def test_what_speaks_of_the_whole_file_needs_ignore_file():
    text = BODY.replace("// bplint: observable = Z0\n", "")
    for comment, left in (("ignore[BP003]", {"BP003", "BP002"}), ("ignore-file[BP003]", set())):
        report = lint_text(HEAD + text + f" // bplint: {comment}\n", Settings(select=("BP002", "BP003")))
        assert {finding.code for finding in report.findings} == left
        assert all("which ignore-file is for" in f.hit.message for f in report.findings if f.code == "BP002")


def test_unused_suppressions_can_be_suppressed_too():
    assert outcome("// bplint: ignore-file[BP002]\n" + BODY + " // bplint: ignore[BP203,BP104]\n") == ([], 2, [])
    assert outcome(BODY + " // bplint: ignore[BP203, BP104, BP002]\n") == ([], 2, [])
    left, _, messages = outcome(BODY + " // bplint: ignore[BP203, BP002]\n")
    assert left == ["BP002"]
    assert "BP002 does not fire here" in messages[0]
