"""One source through everything: read, prepared, checked, suppressed; what came of it is an entry of the report."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError, Result
from bplint.collect import Source
from bplint.config import Settings
from bplint.errors import SourceError
from bplint.finding import Finding, Severity
from bplint.importers import qasm
from bplint.ir.context import Case
from bplint.plugins import Plugins
from bplint.prepare import prepare
from bplint.rule import Rule
from bplint.suppress import suppress


class CircuitReport(NamedTuple):
    """One circuit: its findings, the analyses that were asked, the seconds each took, and how many were suppressed."""

    case: Case
    findings: tuple[Finding, ...]
    analyses: Mapping[str, Result]
    seconds: Mapping[str, float]
    suppressed: int = 0

    def fails(self, fail_on: Severity | None) -> bool:
        """Whether a finding is at or above this severity; None is never."""
        return fail_on is not None and any(f.severity >= fail_on for f in self.findings)


class UnreadableReport(NamedTuple):
    """One source that could not be read: its BP001 and its lines, as far as it is text."""

    finding: Finding
    source: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """BP001 alone."""
        return (self.finding,)

    def fails(self, fail_on: Severity | None) -> bool:
        """Always: what cannot be read is never green."""
        return True


Entry: TypeAlias = CircuitReport | UnreadableReport


class Job(NamedTuple):
    """What is done to every source: the rules to run, and the analyses to ask beside what they ask."""

    settings: Settings
    plugins: Plugins
    rules: tuple[Rule, ...] = ()
    analyses: tuple[Callable[..., Result], ...] = ()

    def run(self, source: Source, text: str | None = None) -> Entry:
        """The entry of one source; ``text`` is its content where that is at hand."""
        name, path = source.name, None if source.path == "-" else source.path
        try:
            importer = self.plugins.importers.get(source.suffix)
            if importer is None:
                raise source.refusal(self.plugins.importers)
            text = qasm.decode(source.read()) if text is None else text
            program = importer.read(text, path=path, overrides=dict(self.settings.sizes))
            case = prepare(program, self.settings, path=name, source=_lines(text))
        except SourceError as error:
            return UnreadableReport(engine.unreadable(error, name), _lines(text or ""))
        ask = Ask(case, deadline=time.monotonic() + self.settings.budget)
        for analysis in self.analyses:
            with contextlib.suppress(BudgetError):  # stands in the answers as inconclusive
                ask(analysis)
        findings = engine.check(case, ask, self.rules, program.notes)
        known = {rule.code for rule in self.plugins.rules}
        kept, suppressed = suppress(findings, program.directives, self.rules, known, case)
        return CircuitReport(case, kept, ask.results(), ask.seconds, suppressed)


def _lines(text: str) -> tuple[str, ...]:
    """The lines as the importers count them."""
    return tuple(re.split(r"\r\n|\r|\n", text))
