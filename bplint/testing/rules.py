"""What must hold for every rule: its page, its name, and what its examples do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from bplint.config import Settings
from bplint.finding import Finding, Kind, Severity, Verdict
from bplint.rule import HEADINGS, Example, Rule
from bplint.run import lint_text
from bplint.runs.run_report import Report
from bplint.testing.check import PLAIN, Check


def checks(rules: Iterable[Rule]) -> list[Check]:
    """Everything that must hold for these rules: pages, names, and what their examples do."""
    return [check for rule in rules for check in _checks(rule)]


def _checks(rule: Rule) -> Iterator[Check]:
    aspects = (_page, _naming, _file) if rule.by_engine else (_page, _naming, _file, _references, _examples)
    for aspect in aspects:
        yield Check(f"{rule.code} {aspect.__name__.strip('_')}", partial(aspect, rule))
    if not rule.by_engine:
        for name, source in PLAIN.items():
            yield Check(f"{rule.code} survives {name}", partial(_survives, rule, source))
    for example in rule.bad:
        yield Check(f"{rule.code} fires: {example.why}", partial(_fires, rule, example))
    if rule.repairs:
        yield Check(f"{rule.code} is mended", partial(_mended, rule))
    for example in rule.good:
        yield Check(f"{rule.code} is silent: {example.why}", partial(_silent, rule, example))


def _page(rule: Rule) -> None:
    """The headings in order, each with text, after one sentence that stands alone."""
    first = rule.page.partition("\n")[0]
    assert first.endswith("."), f"{rule.code}: the page begins with one sentence on a line of its own, got {first!r}"
    parts = re.split(r"^## (.+)$", rule.page, flags=re.MULTILINE)[1:]
    assert parts[::2] == list(HEADINGS), f"{rule.code}: want the headings {list(HEADINGS)}, got {parts[::2]}"
    empty = [heading for heading, text in zip(parts[::2], parts[1::2], strict=True) if not text.strip()]
    assert not empty, f"{rule.code}: nothing stands under {empty}"


def _references(rule: Rule) -> None:
    """At least one arXiv id or DOI where the page claims something."""
    references = rule.page.rpartition("## References")[2]
    assert re.search(
        r"arXiv:\d{4}\.\d{4,5}|arXiv:[a-z-]+/\d{7}|doi:10\.\d+/|doi\.org/10\.", references, re.IGNORECASE
    ), f"{rule.code}: want an arXiv id or a DOI under References"


def _naming(rule: Rule) -> None:
    """The name reads well after "allow"."""
    assert not re.match(r"(no|not|avoid|disallow|check|detect|missing)-", rule.name), (
        f'{rule.code}: name what is found, so that "allow {rule.name}" reads well'
    )
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?", rule.since), f"{rule.code}: want a version as since, got {rule.since!r}"


def _file(rule: Rule) -> None:
    """One rule, one file, named after code and name."""
    file, want = rule.module.rpartition(".")[2], f"{rule.code}_{rule.name.replace('-', '_')}".lower()
    assert file == want, f"{rule.code}: want the module {want}, got {file}"


def _examples(rule: Rule) -> None:
    """A claim exists only where an example proves it."""
    assert rule.bad, f"{rule.code}: BAD has no example"
    assert rule.good, f"{rule.code}: GOOD has no example"


def _survives(rule: Rule, source: str) -> None:
    """Circuits with next to nothing in them, and families of them."""
    sizes = (2, 3) if rule.family else ()
    text = source.replace("qubit[2]", "input int n;\nqubit[n]") if sizes else source
    _lint(rule, Example("", text, sizes, before=text if rule.change else ""))


def _fires(rule: Rule, example: Example) -> None:
    reports = _found(rule, example)
    assert reports, f"{rule.code}: does not fire on the bad example: {example.why}"
    for finding in reports:
        assert finding.hit.message.endswith((".", "?")), f"{rule.code}: want sentences, got {finding.hit.message!r}"
        assert finding.severity <= (rule.worst or rule.severity), (
            f"{rule.code}: severities only step down, got {finding.severity.label}"
        )
        if finding.severity is Severity.ERROR and not rule.by_engine:
            numbers = [v for v in finding.hit.evidence.values() if isinstance(v, int | float)]
            assert rule.kind is not Kind.PATTERN, f"{rule.code}: a pattern is no error: a number must show it"
            assert numbers, f"{rule.code}: an error carries its numbers as evidence"


def _mended(rule: Rule) -> None:
    """No repair fails, and one of them is verified on an example: else the rule has none."""
    for example in rule.bad:
        report = lint_text(example.source, Settings(), rules=[rule], sizes=example.sizes)
        failed = [failure.reason for circuit in report.circuits for failure in circuit.failures]
        assert not failed, f"{rule.code}: a repair fails on the bad example: {example.why}: {failed[0]}"
        if any(s.verdict is Verdict.VERIFIED for finding in report.findings for s in finding.suggestions):
            return
    raise AssertionError(f"{rule.code}: no repair is verified on a bad example")


def _silent(rule: Rule, example: Example) -> None:
    reports = _found(rule, example)
    assert not reports, f"{rule.code}: fires on the good example: {example.why}: {reports[0].hit.message}"


def _found(rule: Rule, example: Example) -> list[Finding]:
    return [finding for finding in _lint(rule, example).findings if finding.code == rule.code]


def _lint(rule: Rule, example: Example) -> Report:
    # What the engine finds (unused suppressions and the like) depends on the other rules.
    rules = None if rule.by_engine else [rule]
    report = lint_text(
        example.source, Settings(suggest=rule.offer), rules=rules, sizes=example.sizes, before=example.before
    )
    failed = [failure for failure in report.failures if failure.circuit]
    assert not failed, f"{rule.code}: {failed[0].title}: {'; '.join(failed[0].lines)}"
    if rule.code != "BP001":
        faults = [entry.finding for entry in report.unreadable]
        assert not faults, f"{rule.code}: the circuit cannot be read: {faults[0].span.line}: {faults[0].hit.message}"
    return report
