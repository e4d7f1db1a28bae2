"""SARIF 2.1.0 (OASIS), for code scanning: rules with their pages, findings with places and fingerprints.

What could not be told, and what failed, stands in the run's notifications, so that an empty list of results is not taken
for "clean".
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from urllib.parse import quote

from bplint import __version__
from bplint.errors import Span
from bplint.explain import page, url
from bplint.failure import Failure
from bplint.finding import Finding, Suggestion, Verdict
from bplint.report.relations import explained
from bplint.rule import Rule
from bplint.runs.entries import CircuitReport
from bplint.runs.run_report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """The report as one SARIF log with one run."""
    index = {rule.code: i for i, rule in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "bplint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, report.rules) for rule in report.rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "exitCode": exit_code,
                "toolExecutionNotifications": [
                    *(n for entry in report.circuits for n in _unsettled(entry)),
                    *map(_failure, report.failures),
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, index, explained(finding, entry.findings))
            for entry in (*report.entries, *report.families)
            for finding in entry.findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _rule(rule: Rule, rules: tuple[Rule, ...]) -> dict[str, object]:
    text = page(rules, rule.code)
    more = url(rule)
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.page.partition("\n")[0]},
        "fullDescription": {
            "text": rule.page.partition("## Why it matters")[0].partition("## What it does")[2].strip()
        },
        "help": {"text": text, "markdown": text},
        **({"helpUri": more} if more else {}),
        "defaultConfiguration": {"level": rule.severity.label},
        "properties": {"evidence": rule.kind, "since": rule.since},
    }


def _result(finding: Finding, index: dict[str, int], explains: list[str]) -> dict[str, object]:
    hit = finding.hit
    details = [hit.proof and f"Evidence: {hit.proof}.", *(f"Help: {line}" for line in hit.help)]
    return {
        "ruleId": finding.code,
        **({"ruleIndex": index[finding.code]} if finding.code in index else {}),
        **({"kind": "open", "level": "none"} if hit.undecided else {"level": finding.severity.label}),
        "message": {"text": "\n".join([hit.message, *filter(None, details)])},
        "locations": [_location(finding.path, finding.span)],
        "partialFingerprints": {"bplint/v1": finding.fingerprint},
        **({"fixes": fixes} if (fixes := [_fix(finding.path, s) for s in finding.suggestions if _is_fix(s)]) else {}),
        "properties": {"evidence": dict(hit.evidence), "explains": explains},
    }


def _is_fix(suggestion: Suggestion) -> bool:
    return suggestion.verdict is Verdict.VERIFIED and bool(suggestion.edits)


def _fix(path: str, suggestion: Suggestion) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": {
                "startLine": edit.line,
                "startColumn": edit.column,
                "endLine": edit.end_line,
                "endColumn": edit.end_column,
            },
            "insertedContent": {"text": edit.new},
        }
        for edit in suggestion.edits
    ]
    return {
        "description": {"text": f"{suggestion.order}; {suggestion.also}" if suggestion.also else suggestion.order},
        "artifactChanges": [{"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}],
    }


def _unsettled(entry: CircuitReport) -> Iterator[dict[str, object]]:
    for one in entry.unsettled:
        yield {
            "level": "note",
            "descriptor": {"id": f"{one.what}-{one.status}"},
            "message": {"text": f"{one.what} is {one.status}: {one.reason}"},
            "locations": [_location(entry.case.path, Span(1, 1, 1, 1))],
        }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "level": "error",
        "descriptor": {"id": f"{failure.part}-failed".replace(" ", "-")},
        "message": {"text": "\n".join([f"{failure.title}:", *failure.lines])},
        **({"locations": [_location(failure.circuit, Span(1, 1, 1, 1))]} if failure.circuit else {}),
    }


def _location(path: str, span: Span) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path)},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        },
        "logicalLocations": [{"fullyQualifiedName": path, "kind": "module"}],
    }


def _uri(path: str) -> str:
    """A relative path stays relative: code scanning resolves it against the repository."""
    encoded = quote(path.replace(os.sep, "/").removeprefix("./"), errors="surrogateescape")
    return f"file://{encoded}" if encoded.startswith("/") else encoded
