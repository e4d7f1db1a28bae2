"""One case, or one family, through the rules. The engine signs hits, and finds BP003 and BP004 itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.family import AskOf, Family
from bplint.errors import SourceError
from bplint.finding import Finding, Hit, Severity, sign
from bplint.importers.program import Note
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.trainable import Selection
from bplint.rule import Rule


def check(
    case: Case, ask: Ask, rules: Sequence[Rule], notes: Sequence[Note] = ()
) -> tuple[list[Finding], tuple[str, ...]]:
    """All findings of the rules on one case, worst first, then by place; and the codes of the rules that could not tell.

    What rests on an assumed observable or on guessed trainable angles is a warning at most.
    """
    findings: list[Finding] = []
    unfinished: list[str] = []
    for rule in rules:
        try:
            hits = list(_hits(rule, case, ask, notes))
        except BudgetError:
            unfinished.append(rule.code)  # the analysis is reported as inconclusive
            continue
        findings += _signed(rule, hits, case.path, case.id, case.context.assumed)
        if rule.check is None and rule.family:
            unfinished.append(rule.code)  # one circuit is no family
    return _sorted(findings), tuple(unfinished)


def check_family(family: Family, ask: AskOf, rules: Sequence[Rule]) -> list[Finding]:
    """All findings of the rules that look at families, in the same order and with the same limit; a rule that ran out has none."""
    findings: list[Finding] = []
    for rule in rules:
        if rule.family is None:
            continue
        with contextlib.suppress(BudgetError):
            hits = list(rule.family(family, ask, **({} if rule.check else rule.options)))
            findings += _signed(rule, hits, family.id, family.id, family.assumed)
    return _sorted(findings)


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


def _hits(rule: Rule, case: Case, ask: Ask, notes: Sequence[Note]) -> Iterable[Hit]:
    if rule.check is not None:
        return rule.check(case, ask, **rule.options)
    if rule.code == "BP003":
        return _assumed_observable(case)
    return _assumptions(case, notes) if rule.code == "BP004" else ()


def _assumed_observable(case: Case) -> Iterable[Hit]:
    if case.context.observable_source != "assumed":
        return
    where = "the measured qubits" if case.circuit.measured else "all qubits"
    yield Hit(
        f"No observable is declared; the loss is taken as mean(Z) over {where}, and nothing here is an error.",
        help=("say what you measure, for instance:  // bplint: observable = Z0 Z1",),
        structure="observable",
    )


def _assumptions(case: Case, notes: Sequence[Note]) -> Iterable[Hit]:
    selection, circuit = case.context.selection, case.circuit
    sentences, help = [], []
    if not any(p.role is Role.TRAINABLE for p in circuit.parameters):
        sentences.append(f"No trainable parameter was found: {_why_none(selection)}.")
        help.append("to take every rotation angle as trainable:  // bplint: trainable = rotations")
    elif selection.guessed:
        sentences.append(
            f"The file has no symbols; {selection.taken:,} of {selection.literals:,} literal angles are taken as trainable"
            + (", angles of equal size as one parameter." if selection.tied else ", each on its own.")
        )
        help.append("to confirm (findings may then be errors):  // bplint: trainable = literals")
    if selection.left_out:
        sentences.append(
            f"{selection.left_out:,} literal angles beside the symbols are taken as fixed, though they are neither "
            "multiples of π/2 nor dyadic fractions of π."
        )
        help.append("to train them as well:  // bplint: trainable = all")
    if data := [p.name for p in circuit.parameters if p.role is Role.DATA]:
        sentences.append(f"{data[0]}{_more(data)} carries data: averaged over, not trained.")
    spans = [note.span for note in notes]
    sentences += [_sentence(note.text) for note in notes]
    if sentences:
        yield Hit(
            " ".join(sentences),
            help=tuple(help),
            span=spans[0] if len(sentences) == len(spans) else None,
            structure="assumptions",
        )


def _sentence(text: str) -> str:
    """An importer's remark; what begins with a name keeps its case."""
    first = text.partition(" ")[0]
    return f"{text[0].upper() if first.isalpha() else text[0]}{text[1:]}."


def _why_none(selection: Selection) -> str:
    if selection.policy == "none":
        return "none was asked for"
    if selection.symbols:
        return "all symbols carry data or are fixed"
    if selection.literals:
        return f"none of {selection.literals:,} literal angles looks trained"
    return "the file has no angle at all"


def _more(names: list[str]) -> str:
    return f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
