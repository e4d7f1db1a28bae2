"""What must hold for every report format: it is tried on a finished report in which everything occurs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.plugins import Reporter
from bplint.rule import rule
from bplint.run import lint_text
from bplint.runs.run_report import Report
from bplint.testing.check import Check


def format_checks(reporter: Reporter, says: Sequence[str] = ()) -> list[Check]:
    """Everything that must hold for a format; ``says`` are texts that it must have of the :func:`finished` report."""
    return list(_checks(reporter, says))


def finished() -> Report:
    """A report in which everything occurs: an error XX901 with evidence in line 5 of ``circuit.qasm``, a note XX902 on the
    file, a source ``broken.qasm`` that cannot be read (BP001), and a rule XX903 that failed."""
    rules = [_error, _note, _failing]
    first = lint_text(_SOURCE, Settings(suggest=False), rules=rules)
    second = lint_text("OPENQASM 3.0;\nbroken\n", Settings(suggest=False), name="broken.qasm", rules=rules)
    return replace(first, entries=(*first.entries, *second.entries), seconds=0.25)


def _checks(reporter: Reporter, says: Sequence[str]) -> Iterator[Check]:
    yield Check(f"{reporter.name} naming", partial(_naming, reporter))
    yield Check(f"{reporter.name} writes a finished report", partial(_writes, reporter, finished))
    yield Check(f"{reporter.name} writes an empty report", partial(_writes, reporter, _empty))
    for text in says:
        yield Check(f"{reporter.name} says {text}", partial(_says, reporter, text))


def _naming(reporter: Reporter) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]*", reporter.name), f"want a name like sarif, got {reporter.name!r}"
    assert reporter.help, f"{reporter.name}: want a line of help"


def _writes(reporter: Reporter, make: Callable[[], Report]) -> None:
    for verbosity in (0, 1, 2):
        report = make()
        text = reporter.write(report, report.exit_code(), verbosity)
        assert type(text) is str, f"{reporter.name}: want a string from write(), got {type(text).__name__}"
        assert text.endswith("\n"), f"{reporter.name}: want a newline at the end, got {text[-20:]!r}"
        again = make()
        assert text == reporter.write(again, again.exit_code(), verbosity), (
            f"{reporter.name}: want the same text each time"
        )


def _says(reporter: Reporter, text: str) -> None:
    report = finished()
    written = reporter.write(report, report.exit_code(), 0)
    assert text in str(written), (
        f"{reporter.name}: want {text!r} in what it writes of the finished report, got {written!r}"
    )


def _empty() -> Report:
    return Report(Settings(), (), (), 0.0)


@rule("XX901", "found-error", Severity.ERROR, kind=Kind.EXACT, since="1.0")
def _error(case: Case, ask: Ask) -> Iterator[Hit]:
    evidence = {"share": 0.5, "of": [1, None, "two"]}
    yield Hit("An error, with evidence: 50 % | <b>.", proof="as given", span=case.circuit.span(0), evidence=evidence)


@rule("XX902", "found-note", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def _note(case: Case, ask: Ask) -> Iterator[Hit]:
    yield Hit("A note on the file.", help=("leave it",))


@rule("XX903", "failing", Severity.NOTE, kind=Kind.EXACT, since="1.0")
def _failing(case: Case, ask: Ask) -> Iterator[Hit]:
    raise ValueError("this rule always fails")


_SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a; qubit[1] q;\nry(a) q[0];\n'
)
