"""Suppression comments: ``// bplint: ignore[CODE] reason`` at the end of a line, on the line before, or ``ignore-file[...]``.

Codes are mandatory. A code that suppresses nothing is finding BP002, unless its rule did not run or could not tell. Whether a
comment of a Python builder suppresses something, only all of its circuits can say (:mod:`bplint.runs.builder_comments`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, cast

from bplint.finding import Finding, Hit, Untold, sign
from bplint.importers.program import Directive
from bplint.ir.context import Case
from bplint.rule import Rule

REPORTER = "BP002"
"""The code of the rule that reports comments without use."""


class Suppression(NamedTuple):
    """The findings that remain, BP002 for unused codes included; how many were suppressed, and the codes that are in use: of
    these, and of rules that could not tell."""

    kept: tuple[Finding, ...]
    hidden: int
    in_use: frozenset[str]


def suppress(
    findings: Sequence[Finding],
    directives: Sequence[Directive],
    rules: Sequence[Rule],
    known: Sequence[Rule],
    case: Case,
    untold: Iterable[Untold] = (),
) -> Suppression:
    """What comments leave of the findings of one circuit.

    ``rules`` are those of this run, ``known`` all that are installed; ``untold`` are those that could not tell.
    """
    comments = [_read(directive, case) for directive in directives if directive.key in ("ignore", "ignore-file")]
    used: set[tuple[Directive, str]] = set()
    kept = _filter(findings, comments, used)
    open_ = frozenset(rule.code for rule in untold)
    in_use = open_.union(code for _, code in used)
    reporter = reporter_of(rules)
    if reporter is None or not comments:
        return Suppression(tuple(kept), len(findings) - len(kept), in_use)
    ran = {rule.code for rule in rules if rule.check or rule.by_engine}  # of one circuit: others look at families
    silent = {rule.code for rule in known} - ran | open_
    fired = {finding.code for finding in findings}

    def unused(comment: _Comment, codes: Iterable[str]) -> Finding | None:
        if comment.directive.of_builder:  # it speaks of all circuits of a builder, and this is one
            return None
        idle = [code for code in codes if (comment.directive, code) not in used and code not in silent]
        if not idle:
            return None
        report = unused_comment(comment.directive, idle, reporter, known, case.path, case.id, fired, comment.line)
        fix = f"{report.hit.help[0]}:  bplint fix {shlex.quote(case.path)} --select {report.code}"
        return report._replace(hit=report.hit._replace(help=(fix,)))

    # BP002 can be suppressed too; whether a comment of BP002 is used is known only when the others have been judged.
    reports = [unused(comment, (code for code in comment.codes if code != "BP002")) for comment in comments]
    unused_ones = [report for report in reports if report]
    kept_reports = _filter(unused_ones, comments, used)
    last = [unused(comment, ["BP002"]) for comment in comments if "BP002" in comment.codes]
    merged = [*kept_reports, *(report for report in last if report)]
    hidden = len(findings) + len(unused_ones) - len(kept) - len(kept_reports)
    return Suppression((*kept, *merged), hidden, in_use)


def whole_file(directives: Sequence[Directive]) -> frozenset[str]:
    """The codes that ``ignore-file`` names, or a comment in a Python builder, which speaks of all its sizes."""
    hiding = (d for d in directives if d.key == "ignore-file" or (d.key == "ignore" and d.of_builder))
    return frozenset(code for directive in hiding for code in codes_in(directive))


def reporter_of(rules: Iterable[Rule]) -> Rule | None:
    """The rule that reports comments without use, if it is in force."""
    return next((rule for rule in rules if rule.code == REPORTER), None)


class _Comment(NamedTuple):
    """A comment with the words in its brackets; ``line`` is the one it speaks of, None for the whole circuit."""

    directive: Directive
    codes: tuple[str, ...]
    line: int | None


def _read(directive: Directive, case: Case) -> _Comment:
    if directive.key == "ignore-file" or directive.of_builder:
        return _Comment(directive, codes_in(directive), None)
    span = directive.span
    alone = not case.source[span.line - 1][: span.column - 1].strip() and (
        not case.source[span.end_line - 1][span.end_column - 1 :].strip()
    )
    return _Comment(directive, codes_in(directive), span.end_line + 1 if alone else span.line)


def codes_in(directive: Directive) -> tuple[str, ...]:
    """The words in the brackets of a suppression, each once."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,]+", directive.value.partition("]")[0].removeprefix("["))))


def _filter(
    findings: Iterable[Finding], comments: Sequence[_Comment], used: set[tuple[Directive, str]]
) -> list[Finding]:
    """The findings that no comment hides; what hides one is added to ``used``."""
    kept = []
    for finding in findings:
        hiding = [comment.directive for comment in comments if _hides(comment, finding)]
        used.update((directive, finding.code) for directive in hiding)
        if not hiding:
            kept.append(finding)
    return kept


def _hides(comment: _Comment, finding: Finding) -> bool:
    if finding.code not in comment.codes:
        return False
    return comment.line is None or (finding.hit.span is not None and finding.span.line == comment.line)


def unused_codes(finding: Finding) -> list[str]:
    """What the comment of a BP002 names in vain."""
    return cast(list[str], finding.hit.evidence[_UNUSED])


_UNUSED = "unused"


def unused_comment(
    directive: Directive,
    idle: Sequence[str],
    reporter: Rule,
    known: Sequence[Rule],
    path: str,
    id: str,
    fired: Collection[str] = (),
    line: int | None = None,
) -> Finding:
    """BP002 for the codes of a comment that suppress nothing; those that ``fired`` did so elsewhere than in its ``line``."""
    codes = codes_in(directive)
    whole = len(idle) == len(codes)
    subject = (
        "This comment suppresses nothing" if whole else f"Part of this comment suppresses nothing, {', '.join(idle)}"
    )
    hit = Hit(
        f"{subject}: {'; '.join(_why(idle, line, known, fired))}.",
        help=(f"delete {'the comment' if whole else ', '.join(idle)}",),
        span=directive.span,
        evidence={_UNUSED: list(idle), "used": [code for code in codes if code not in idle]},
        structure=directive.value,
        brief="a comment suppresses nothing",
    )
    return sign(hit, code=reporter.code, name=reporter.name, severity=reporter.severity, path=path, case_id=id)


def _why(idle: Sequence[str], line: int | None, known: Sequence[Rule], fired: Collection[str]) -> list[str]:
    codes, code_of = {rule.code for rule in known}, {rule.name: rule.code for rule in known}
    reasons = []
    for word in idle:
        if word in code_of:
            reasons.append(f"{word} is a name, its code is {code_of[word]}")
    if unknown := sorted(word for word in idle if word not in codes and word not in code_of):
        reasons.append(f"no rule is called {', '.join(unknown)}")
    elsewhere = sorted(word for word in idle if word in codes and word in fired)
    if elsewhere:
        scope = "" if line is None else ", only elsewhere or on the whole file, which ignore-file is for"
        reasons.append(f"{', '.join(elsewhere)} does not fire here{scope}")
    if quiet := sorted(word for word in idle if word in codes and word not in fired):
        reasons.append(f"{', '.join(quiet)} does not fire here")
    return reasons
