"""Suppression comments: ``// bplint: ignore[BP201] reason`` at the end of a line, on the line before, or ``ignore-file[...]``.

Codes are mandatory. A comment that suppresses nothing is finding BP002, unless one of its rules did not run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from bplint.finding import Finding, Hit, sign
from bplint.importers.program import Directive
from bplint.ir.context import Case
from bplint.rule import Rule


def suppress(
    findings: Sequence[Finding], directives: Sequence[Directive], rules: Sequence[Rule], known: Set[str], case: Case
) -> tuple[tuple[Finding, ...], int]:
    """The findings that remain, BP002 for unused comments included, and how many were suppressed.

    ``rules`` are those of this run, ``known`` the codes of all that are installed.
    """
    comments = [d for d in directives if d.key in ("ignore", "ignore-file")]
    used: set[int] = set()
    kept = []
    for finding in findings:
        hiding = [i for i, comment in enumerate(comments) if _hides(comment, finding, case)]
        used.update(hiding)
        if not hiding:
            kept.append(finding)
    active = {rule.code: rule for rule in rules}
    unused = [c for i, c in enumerate(comments) if i not in used and not _codes(c) & known - active.keys()]
    if rule := active.get("BP002"):
        for comment in unused:
            hit = Hit(
                f"This comment suppresses nothing: {_why(_codes(comment), known)}.",
                help=("delete the comment",),
                span=comment.span,
                structure=comment.value,
            )
            kept.append(
                sign(hit, code="BP002", name=rule.name, severity=rule.severity, path=case.path, case_id=case.id)
            )
    return tuple(kept), len(findings) + len(unused) * ("BP002" in active) - len(kept)


def _why(codes: Set[str], known: Set[str]) -> str:
    if unknown := sorted(codes - known):
        return f"no rule is called {', '.join(unknown)}"
    return f"{', '.join(sorted(codes))} does not fire here"


def _hides(comment: Directive, finding: Finding, case: Case) -> bool:
    if finding.code not in _codes(comment):
        return False
    if comment.key == "ignore-file":
        return True
    line = finding.span.line
    alone = case.source[comment.span.line - 1].lstrip().startswith("//")
    return finding.hit.span is not None and line == comment.span.line + alone


def _codes(comment: Directive) -> set[str]:
    return set(re.findall(r"[A-Z]+\d+", comment.value.partition("]")[0]))
