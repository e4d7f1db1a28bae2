"""JUnit's XML, which most CI systems show: a circuit is a test case.

It fails on findings that fail the run, has an error where a part of bplint or a plugin failed, and is skipped where something
could not be told; what else was found stands in its output.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bplint.failure import Failure
from bplint.finding import Finding, Severity
from bplint.report.relations import explained
from bplint.report.text import printable, told_as
from bplint.runs.entries import CircuitReport, Entry, FamilyReport
from bplint.runs.run_report import Report


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """One test suite, called bplint; a failure of the whole run is a test case of its own."""
    root = Element("testsuites", name="bplint")
    suite = SubElement(root, "testsuite", name="bplint")
    for entry in (*report.entries, *report.families):
        _case(suite, entry)
    for failure in report.broken:
        _errors(_named(suite, failure.title, "bplint"), [failure])
    for element in (root, suite):
        element.set("tests", str(len(suite)))
        for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.set(name, str(sum(case.find(child) is not None for case in suite)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(suite: Element, entry: Entry | FamilyReport) -> None:
    case = _named(suite, *_place(entry))
    failing = [finding for finding in entry.findings if _fails(finding, entry)]
    unsettled = list(_unsettled(entry))
    if entry.failures:
        _errors(case, entry.failures)
    elif failing:
        _told(case, "failure", failing[0].hit.message, _all_lines(failing, entry), failing[0].code)
    elif unsettled:
        _told(case, "skipped", "; ".join(unsettled))
    said = [] if entry.failures else failing
    rest = [finding for finding in entry.findings if finding not in said]
    if told := [*_all_lines(rest, entry), *unsettled]:
        SubElement(case, "system-out").text = _text(told)


def _place(entry: Entry | FamilyReport) -> tuple[str, str]:
    """What a test case is called, and its file; of a family its id is both."""
    if isinstance(entry, CircuitReport):
        return entry.case.id, entry.case.path
    if isinstance(entry, FamilyReport):
        return entry.family.id, entry.family.id
    return entry.id or entry.finding.path.removeprefix("./"), entry.finding.path


def _fails(finding: Finding, entry: Entry | FamilyReport) -> bool:
    if isinstance(entry, CircuitReport | FamilyReport):
        return entry.fail_on is not None and finding.severity >= entry.fail_on and not finding.hit.undecided
    return finding.severity is Severity.ERROR


def _unsettled(entry: Entry | FamilyReport) -> Iterator[str]:
    if isinstance(entry, CircuitReport | FamilyReport):
        for one in entry.unsettled:
            yield one.text
        yield from (f"undecided: {f.code}: {f.hit.message}" for f in entry.findings if f.hit.undecided)


def _lines(finding: Finding, entry: Entry | FamilyReport) -> list[str]:
    hit, place = finding.hit, f"{finding.path}:{finding.span.line}:{finding.span.column}"
    first = f"{place}: {told_as(finding)} {finding.code} {finding.name}: {hit.message}"
    explains = ", ".join(explained(finding, entry.findings))
    more = [f"{label}: {text}" for label, text in (("evidence", hit.proof), ("explains", explains)) if text]
    return [first, *more, *(f"help: {line}" for line in hit.help)]


def _all_lines(findings: Sequence[Finding], entry: Entry | FamilyReport) -> list[str]:
    return [line for finding in findings for line in _lines(finding, entry)]


def _errors(case: Element, failures: Sequence[Failure]) -> None:
    lines = [line for failure in failures for line in (failure.title, *failure.lines)]
    _told(case, "error", f"{failures[0].title}: {failures[0].reason}", lines, f"{failures[0].part} {failures[0].name}")


def _named(suite: Element, name: str, path: str) -> Element:
    path = printable(path.replace(os.sep, "/").removeprefix("./"))
    return SubElement(suite, "testcase", classname="bplint", name=printable(name), file=path)


def _told(case: Element, tag: str, message: str, lines: Sequence[str] = (), type: str = "") -> None:
    element = SubElement(case, tag, {"message": printable(message)} | ({"type": printable(type)} if type else {}))
    element.text = _text(lines) or None


def _text(lines: Sequence[str]) -> str:
    """Lines without the characters that XML 1.0 has no way to write, which are none of the printable ones."""
    return "\n".join(map(printable, lines))
