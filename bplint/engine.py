"""One case, or one family, through the rules: their hits are signed, and who could not tell is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.family import AskOf, Family
from bplint.errors import SourceError
from bplint.finding import Finding, Hit, Severity, Untold, sign
from bplint.ir.context import Case
from bplint.rule import Option, Rule, Undecided


def check(case: Case, ask: Ask, rules: Sequence[Rule]) -> tuple[list[Finding], tuple[Untold, ...]]:
    """All findings of the rules on one case, worst first, then by place; and the rules that could not tell.

    What rests on an assumed observable or on guessed trainable angles is a warning at most.
    """
    findings: list[Finding] = []
    untold: list[Untold] = []
    for rule in rules:
        if rule.check is None:
            continue  # a rule of families, or what the engine finds itself
        hits = _hits(rule, rule.check, case, ask, rule.options)
        if isinstance(hits, Untold):
            untold.append(hits)
        else:
            findings += _signed(rule, hits, case.path, case.id, case.context.assumed)
    return _sorted(findings), tuple(untold)


def check_family(family: Family, ask: AskOf, rules: Sequence[Rule]) -> tuple[list[Finding], tuple[Untold, ...]]:
    """The same of the rules that look at families, with the same limit."""
    findings: list[Finding] = []
    untold: list[Untold] = []
    for rule in rules:
        if rule.family is None:
            continue
        hits = _hits(rule, rule.family, family, ask, {} if rule.check else rule.options)
        if isinstance(hits, Untold):
            untold.append(hits)
        else:
            findings += _signed(rule, hits, family.id, family.id, family.assumed)
    return _sorted(findings), tuple(untold)


def _hits(
    rule: Rule,
    check: Callable[..., Iterable[Hit]],
    seen: Case | Family,
    ask: Ask | AskOf,
    options: Mapping[str, Option],
) -> list[Hit] | Untold:
    """What a check yields; a check that could not tell to its end yields nothing."""
    try:
        return list(check(seen, ask, **options))
    except Undecided as undecided:
        return Untold(rule.code, str(undecided))
    except BudgetError as error:  # the analysis is reported as inconclusive
        return Untold(rule.code, str(error), ran_out=True)


def _signed(rule: Rule, hits: Iterable[Hit], path: str, id: str, assumed: bool) -> Iterator[Finding]:
    for hit in hits:
        severity = min(rule.severity_of(hit), Severity.WARNING if assumed else Severity.ERROR)
        yield sign(hit, code=rule.code, name=rule.name, severity=severity, path=path, case_id=id)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (-f.severity, f.span.line, f.span.column, f.code))


def unreadable(error: SourceError, path: str) -> Finding:
    """BP001 for a source that cannot be read or modelled. It can be neither suppressed nor downgraded."""
    help = (error.hint,) if error.hint else ()
    hit = Hit(error.message, help=help, span=error.span, structure=error.message)
    return sign(hit, code="BP001", name="unreadable", severity=Severity.ERROR, path=path, case_id=path)
