"""Which findings of a circuit explain which: a rule declares what it is a reason for, here it is looked for what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.finding import Finding, Severity


class Explained(NamedTuple):
    """A finding, and the others that are reasons for it, at first or second hand."""

    finding: Finding
    reasons: tuple[Finding, ...] = ()


def explained(finding: Finding, others: Iterable[Finding]) -> list[str]:
    """The codes of those others that a finding is a reason for, in the order of its rule."""
    codes = {other.code for other in others if not other.hit.undecided}
    return [code for code in finding.explains if code in codes]


def with_reasons(findings: Sequence[Finding]) -> list[Explained]:
    """What stands by itself, the worst first, with its reasons: everything that was decided, once.

    A reason is no graver than what it explains, and no error: an error always stands by itself.
    """
    decided = [finding for finding in findings if not finding.hit.undecided]
    above: dict[int, int] = {}
    for i, finding in enumerate(decided):
        for j, other in enumerate(decided):
            if other.code in finding.explains and _may_yield(finding, other) and _top(above, j) != i:
                above[i] = j
                break
    tops = [i for i in range(len(decided)) if i not in above]
    return [
        Explained(decided[top], tuple(decided[i] for i in above if _top(above, i) == top))
        for top in sorted(tops, key=lambda i: -decided[i].severity)
    ]


def _may_yield(finding: Finding, other: Finding) -> bool:
    return finding.severity <= other.severity and finding.severity is not Severity.ERROR


def _top(above: dict[int, int], place: int) -> int:
    """What stands by itself above a place."""
    while place in above:
        place = above[place]
    return place
