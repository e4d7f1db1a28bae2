"""One case, or one family, through the rules: their hits are signed, and who could not tell is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, BudgetError
from bplint.errors import SourceError, Span
from bplint.failure import Fault, MalformedError, PartKind, caught, not_plain
from bplint.finding import Finding, Hit, Severity, Untold, sign
from bplint.ir.context import Case
from bplint.rule import Rule, Undecided

if TYPE_CHECKING:
    from bplint.analyses.family import AskOf, Family
    from bplint.analyses.versions import Versions


class Checked(NamedTuple):
    """What the rules said: findings, worst first, then by place; the rules that could not tell; among these, who failed."""

    findings: list[Finding]
    untold: tuple[Untold, ...]
    faults: tuple[Fault, ...]


def check(case: Case, ask: Ask, rules: Sequence[Rule]) -> Checked:
    """What the rules say of one case. A rule that fails leaves the others.

    What rests on an assumed observable or on guessed trainable angles is a warning at most.
    """
    walled = _Walled(case.path, case.id, case.context.assumed)
    for rule in rules:
        if rule.check is not None:  # else a rule of families, or what the engine finds itself
            walled.run(rule, partial(rule.check, case, ask, **rule.options))
    return walled.checked()


def check_family(family: Family, ask: AskOf, rules: Sequence[Rule]) -> Checked:
    """The same of the rules that look at families, with the same limit."""
    walled = _Walled(family.id, family.id, family.assumed)
    for rule in rules:
        if rule.family is not None:
            walled.run(rule, partial(rule.family, family, ask, **({} if rule.check else rule.options)))
    return walled.checked()


def check_change(versions: Versions, ask: AskOf, rules: Sequence[Rule]) -> Checked:
    """The same of the rules that look at a change; what they find is about the circuit as it is now."""
    now = versions.after.case
    walled = _Walled(now.path, now.id, versions.assumed)
    for rule in rules:
        if rule.change is not None:
            walled.run(rule, partial(rule.change, versions, ask, **rule.options))
    return walled.checked()


class _Walled:
    """Runs rules behind a wall, and signs what they yield; a check that could not tell to its end, or failed, yields nothing."""

    def __init__(self, path: str, id: str, assumed: bool) -> None:
        self._path, self._id, self._assumed = path, id, assumed
        self._findings: list[Finding] = []
        self._untold: list[Untold] = []
        self._faults: list[Fault] = []

    def run(self, rule: Rule, check: Callable[[], Iterable[Hit]]) -> None:
        try:
            self._findings += [self._signed(rule, hit) for hit in check()]
        except Undecided as undecided:
            minor = undecided.minor or rule.only_notes
            self._untold.append(Untold(rule.code, str(undecided), name=rule.name, minor=minor))
        except BudgetError as error:  # the analysis is reported as inconclusive, or as failed
            self._untold.append(Untold(rule.code, str(error), ran_out=True, name=rule.name, minor=rule.only_notes))
        except Exception as error:
            self._untold.append(Untold(rule.code, "the rule failed", ran_out=True, name=rule.name))
            self._faults.append(caught(PartKind.RULE, rule.code, rule.module, error))

    def checked(self) -> Checked:
        return Checked(_sorted(self._findings), tuple(self._untold), tuple(self._faults))

    def _signed(self, rule: Rule, hit: Hit) -> Finding:
        """``MalformedError`` for what is no hit."""
        if fault := _malformed(hit):
            raise MalformedError(fault)
        severity = min(rule.severity_of(hit), Severity.WARNING if self._assumed and rule.capped else Severity.ERROR)
        severity = Severity.NOTE if hit.undecided else severity
        return sign(
            hit,
            code=rule.code,
            name=rule.name,
            severity=severity,
            path=self._path,
            case_id=self._id,
            explains=rule.explains,
        )


def _malformed(hit: object) -> str:
    """What is wrong with what a rule yields; empty where nothing is."""
    if not isinstance(hit, Hit):
        return f"want Hit objects from a rule, got {type(hit).__name__}"
    texts = (hit.message, hit.proof, hit.structure, hit.brief, *hit.help)
    if not all(type(text) is str for text in texts) or not isinstance(hit.help, tuple):
        return "want strings as message, proof, structure and brief of a Hit, and a tuple of strings as help"
    if not isinstance(hit.severity, Severity | None):
        return f"want a Severity or None as severity of a Hit, got {hit.severity!r}"
    span = hit.span
    if span is not None and not (isinstance(span, Span) and all(type(end) is int and end > 0 for end in span)):
        return f"want a Span of whole numbers from 1 on, got {span!r}"
    if not isinstance(hit.evidence, Mapping):
        return f"want a mapping as evidence of a Hit, got {type(hit.evidence).__name__}"
    return not_plain(hit.evidence, "evidence")


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (-f.severity, f.span.line, f.span.column, f.code))


def unreadable(error: SourceError, path: str, id: str = "") -> Finding:
    """BP001 for a source that cannot be read or modelled. It can be neither suppressed nor downgraded."""
    help = tuple((error.hint or "").splitlines())
    hit = Hit(error.message, help=help, span=error.span, structure=error.message)
    return sign(hit, code="BP001", name="unreadable", severity=Severity.ERROR, path=path, case_id=id or path)
