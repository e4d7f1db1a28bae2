"""What bplint found, as an editor shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lsprotocol import types
from pygls.workspace import PositionCodec

from bplint.explain import url
from bplint.rule import Rule
from bplint.server.linting import Entry

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


class Document(NamedTuple):
    """A text as the editor has it: ``lines`` with their ends; ``codec`` counts columns as the editor does."""

    uri: str
    version: int | None
    lines: tuple[str, ...]
    codec: PositionCodec

    def range(self, line: int, column: int, end_line: int, end_column: int) -> types.Range:
        """A place of bplint, 1-based in characters, as one of the editor."""
        return types.Range(self._position(line, column), self._position(end_line, end_column))

    def _position(self, line: int, column: int) -> types.Position:
        if line > len(self.lines):
            return types.Position(len(self.lines), 0)
        text = self.lines[line - 1].rstrip("\r\n")
        return types.Position(line - 1, self.codec.client_num_units(text[: column - 1]))


class Shown(NamedTuple):
    """A finding of the machine output, and what the editor shows of it."""

    finding: Mapping[str, Any]
    diagnostic: types.Diagnostic


def shown(entry: Entry, document: Document, rules: Sequence[Rule]) -> list[Shown]:
    """The findings of an entry."""
    urls = {rule.code: url(rule) for rule in rules}
    findings = entry["findings"] if entry["type"] == "circuit" else [entry]
    return [Shown(finding, _diagnostic(finding, document, urls.get(finding["code"], ""))) for finding in findings]


def failed(messages: Sequence[str], document: Document) -> list[types.Diagnostic]:
    """What failed, at the first line: a document on which a part failed must not look clean."""
    place = document.range(1, 1, 1, len(document.lines[0]) + 1 if document.lines else 1)
    return [
        types.Diagnostic(place, message, severity=types.DiagnosticSeverity.Warning, source="bplint")
        for message in messages
    ]


def failures(entry: Entry) -> Iterator[str]:
    """The parts that failed, a message each."""
    for failure in entry["failures"]:
        yield f"{failure['part']} {failure['name']} failed: {'; '.join(failure['lines'])}"


def _diagnostic(finding: Mapping[str, Any], document: Document, href: str) -> types.Diagnostic:
    told = "could not tell: " if finding["undecided"] else ""
    return types.Diagnostic(
        range=document.range(finding["line"], finding["column"], finding["end_line"], finding["end_column"]),
        message="\n".join([f"{finding['name']}: {told}{finding['message']}", *finding["help"]]),
        severity=_SEVERITIES[finding["severity"]],
        code=finding["code"],
        code_description=types.CodeDescription(href) if href else None,
        source="bplint",
    )
