"""The machine output, schema ``bplint/1`` (contract section 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from bplint import __version__
from bplint.bounds import Status
from bplint.finding import Finding, Hit, Severity, Suggestion, Untold, sign
from bplint.ir.circuit import ROTATION
from bplint.ir.context import Context
from bplint.ir.pauli import to_label, to_sparse
from bplint.ir.trainable import count_trainable
from bplint.number_format import integer
from bplint.report.relations import explained
from bplint.runs.entries import CircuitReport, FamilyReport
from bplint.runs.run_report import Report

SCHEMA = "bplint/1"

_DENSE_UP_TO = 64
"""Qubits up to which observable terms are written as dense labels; wider ones as ``Z0 Z1``."""


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """The report as one JSON object."""
    document = {
        **header(report, exit_code),
        "circuits": [circuit(c) for c in report.circuits],
        **({"families": [family(f) for f in report.families]} if report.families else {}),
        "unreadable": [finding(u.finding) for u in report.unreadable],
        "failures": [failure.as_json() for failure in report.failures],
        **gone(report),
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def header(report: Report, exit_code: int) -> dict[str, object]:
    """Who speaks, and what the run amounts to in numbers."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "seed": report.seed,
        "exit_code": exit_code,
        "summary": {
            "circuits": len(report.circuits),
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "notes": report.count(Severity.NOTE),
            "skipped": report.ended(Status.SKIPPED) + report.not_built,
            "not_variational": report.not_variational,
            "inconclusive": report.ended(Status.INCONCLUSIVE),
            "undecided": report.undecided,
            "failed": len(report.failures),
            "suppressed": report.suppressed,
            "baseline": report.known,
            "unreadable": len(report.unreadable),
            "not_run": report.not_run,
        },
        **({"diff": report.base._asdict()} if report.base else {}),
    }


def gone(report: Report) -> dict[str, object]:
    """Entries of the baseline that no longer occur, where there are any."""
    entries = [{**known._asdict(), "count": count} for known, count in report.gone.items()]
    return {"gone": entries} if entries else {}


def circuit(entry: CircuitReport) -> dict[str, object]:
    """One circuit with its context, its analyses and its findings."""
    case = entry.case
    return {
        "id": case.id,
        "path": case.path,
        "n_qubits": case.circuit.n_declared,
        **({"ancillas": case.circuit.ancillas} if case.circuit.ancillas else {}),
        "n_parameters": count_trainable(case.circuit),
        **({"deterministic": False} if entry.stopped else {}),
        **({"not_variational": case.not_variational} if case.not_variational else {}),
        "n_rotations": int((case.circuit.code == ROTATION).sum()),
        "context": _context(case.context, case.circuit.n_declared),
        "analyses": {name: result.as_json() for name, result in entry.analyses.items()},
        "findings": findings((*entry.findings, *_untold(entry.untold, case.path, case.id))),
    }


def family(entry: FamilyReport) -> dict[str, object]:
    """One family with its members' ids, the curve of its largest signal, and its findings."""
    curves, trend = entry.curves, entry.curves.trend
    members = zip(entry.family.members, curves.points, strict=True)
    return {
        "id": entry.family.id,
        "axis": curves.axis,
        "fixed": dict([curves.fixed] if curves.fixed else []),
        "members": [
            {
                "size": member.size,
                "id": member.case.id,
                "n_qubits": point.n_qubits,
                "signal": point.signal and point.signal.value,
                "signal_interval": point.signal and list(point.signal.interval),
            }
            for member, point in members
        ],
        "decay": {
            "model": trend.model,
            "reason": trend.reason,
            "rate": trend.rate,
            "rate_interval": list(trend.interval),
            "since": trend.since,
        },
        "findings": findings((*entry.findings, *_untold(entry.untold, entry.family.id, entry.family.id))),
    }


def _untold(untold: Sequence[Untold], path: str, id: str) -> Iterator[Finding]:
    """The rules that could not tell, as findings that say so; where an analysis ran out, it stands among the analyses."""
    for one in untold:
        if one.counts:
            hit = Hit(one.reason, structure="undecided", undecided=True)
            yield sign(hit, code=one.code, name=one.name, severity=Severity.NOTE, path=path, case_id=id)


def _context(context: Context, n_qubits: int) -> dict[str, object]:
    return {
        "observable": _observable(context, n_qubits),
        "observable_source": context.observable_source,
        "init": str(context.init),
        "shots": context.shots,
        "seed": context.seed,
        "noise": str(context.noise) or None,
        "trainable": context.selection.policy,
        "guessed": context.selection.guessed,
        "data": list(context.data),
        "budget": context.budget,
        "dataset": context.dataset or None,
        "rows": None if context.rows is None or context.rows.drawn else len(context.rows),
        "data_law": context.data_law or None,
        "loss": str(context.loss),
        "target": context.target or None,
    }


def _observable(context: Context, n_qubits: int) -> Mapping[str, float]:
    observable = context.observable
    if observable.projector:
        return {f"projector({', '.join(map(str, observable.projector))})": 1.0}
    name, width = to_label if n_qubits <= _DENSE_UP_TO else to_sparse, observable.n_qubits
    constant = (
        {("I" * n_qubits if n_qubits <= _DENSE_UP_TO else "I"): observable.constant} if observable.constant else {}
    )
    terms = {name(string, width): c for string, c in observable.terms}
    return constant | {label[:n_qubits] if name is to_label else label: c for label, c in terms.items()}


def findings(several: Sequence[Finding]) -> list[dict[str, object]]:
    """The findings of one circuit or family, each with the codes of those that it explains."""
    return [finding(one, several) for one in several]


def finding(one: Finding, others: Sequence[Finding] = ()) -> dict[str, object]:
    """One finding with its place, its numbers and its suggestions; ``others`` are those of its circuit."""
    span = one.span
    return {
        "code": one.code,
        "name": one.name,
        "severity": one.severity.label,
        "undecided": one.hit.undecided,
        "message": one.hit.message,
        "path": one.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "evidence": dict(one.hit.evidence),
        "help": list(one.hit.help),
        "explains": explained(one, others),
        "fingerprint": one.fingerprint,
        "suggestions": [_suggestion(s) for s in one.suggestions],
        **(one.compared._asdict() if one.compared else {}),
    }


def _suggestion(suggestion: Suggestion) -> dict[str, object]:
    effect = suggestion.effect
    return {
        "name": suggestion.name,
        "title": suggestion.title,
        "prior": {"group": suggestion.group, "generators": list(suggestion.generators)} if suggestion.group else None,
        "keeps": suggestion.keeps,
        "loses": suggestion.loses,
        "also": suggestion.also,
        "verdict": suggestion.verdict,
        "reason": suggestion.reason,
        "effect": {
            "dla": [None if d is None else integer(d) for d in effect.dla],
            "gradient_max": list(effect.gradient_max),
            "signal": list(effect.signal),
            "reaches": list(effect.reaches),
            "parameters": list(effect.parameters),
        },
        "edits": [edit._asdict() for edit in suggestion.edits],
    }
