"""What a run found as a whole: the exit code for each way to end, and formats that fail."""

from dataclasses import replace

import pytest

from bplint.plugins import load
from bplint.report import Reporter
from bplint.rule import Kind, Severity, Undecided, rule
from bplint.run import lint_text
from bplint.runs.run_report import FormatError, written

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\n'
FINE, DEAD = HEAD + "ry(a) q[0];\n", HEAD + "rz(a) q[0];\n"


@rule("XY301", "torn", Severity.WARNING, kind=Kind.EXACT, since="1")
def torn(case, ask):
    raise Undecided("it is tied")


@rule("XY302", "broken", Severity.WARNING, kind=Kind.EXACT, since="1")
def broken(case, ask):
    raise RuntimeError("no")


NOTHING = replace(lint_text(FINE), entries=())


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (lint_text(FINE), 0),
        (lint_text(DEAD), 1),
        (lint_text("no circuit"), 1),
        (lint_text(FINE, rules=[broken]), 3),
        (lint_text(FINE, rules=[torn]), 0),
        (NOTHING, 5),
        (replace(lint_text(FINE, rules=[broken]), interrupted=True), 130),
    ],
    ids=["fine", "finding", "unreadable", "failed", "undecided", "nothing", "interrupted"],
)
def test_exit_codes(report, code):
    assert report.exit_code() == code


def test_exit_codes_on_request():
    assert lint_text(FINE, rules=[torn]).exit_code(fail_on_incomplete=True) == 4
    assert replace(lint_text(FINE, rules=[]), not_built=1).exit_code(fail_on_incomplete=True) == 4
    assert lint_text(FINE, rules=[]).exit_code(fail_on_incomplete=True) == 0
    assert NOTHING.exit_code(allow_empty=True) == 0


def test_a_report_is_one_line_in_a_prompt():
    report = lint_text(DEAD)
    assert repr(report) == "<Report of 1 circuit: 1 error, 0 warnings, 0 notes>"
    assert report._repr_html_().startswith("<div")
    assert "\x1b" not in str(report)


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda report, exit_code, verbosity: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda report, exit_code, verbosity: b"bytes", "want a string from a format, got bytes"),
    ],
)
def test_a_format_that_fails_is_named(monkeypatch, write, reason):
    plugins = load()
    with_it = plugins._replace(reporters={**plugins.reporters, "odd": Reporter("odd", "fails", write)})
    monkeypatch.setattr("bplint.runs.run_report.load", lambda blocked=(): with_it)
    with pytest.raises(FormatError, match=r"format odd of plugin .* failed") as caught:
        written(lint_text(FINE), "odd", 0, 0)
    assert caught.value.failure.reason == reason
