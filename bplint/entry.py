"""One source through everything: read, prepared, checked, suppressed; what came of it is an entry of the report."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError, Result
from bplint.collect import Source
from bplint.config import Settings
from bplint.config.force import Configurations, InForce
from bplint.errors import SourceError
from bplint.finding import Finding, Severity
from bplint.importers import qasm
from bplint.importers.program import Program
from bplint.ir.context import Case
from bplint.plugins import Plugins
from bplint.prepare import prepare
from bplint.suppress import suppress


class CircuitReport(NamedTuple):
    """One circuit: its findings, the analyses that were asked, the seconds each took, and how many were suppressed."""

    case: Case
    findings: tuple[Finding, ...]
    analyses: Mapping[str, Result]
    seconds: Mapping[str, float]
    suppressed: int = 0
    fail_on: Severity | None = Severity.ERROR

    @property
    def fails(self) -> bool:
        """Whether a finding is at or above the severity ``fail_on``; None is never."""
        return self.fail_on is not None and any(f.severity >= self.fail_on for f in self.findings)


class UnreadableReport(NamedTuple):
    """One source that could not be read: its BP001 and its lines, as far as it is text."""

    finding: Finding
    source: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """BP001 alone."""
        return (self.finding,)

    @property
    def fails(self) -> bool:
        """Always: what cannot be read is never green."""
        return True


Entry: TypeAlias = CircuitReport | UnreadableReport


class Job(NamedTuple):
    """What is done to every source: its rules run, or with ``analyses`` these are asked and no rule runs."""

    settings: Settings
    plugins: Plugins
    configurations: Configurations
    analyses: tuple[Callable[..., Result], ...] = ()

    def run(self, source: Source, text: str | None = None) -> Entry:
        """The entry of one source; ``text`` is its content where that is at hand."""
        name, path = source.name, None if source.path == "-" else source.path
        settings = self.configurations.of(name)
        try:
            importer = self.plugins.importers.get(source.suffix)
            if importer is None:
                raise source.refusal(self.plugins.importers)
            text = qasm.decode(source.read()) if text is None else text
            program = importer.read(text, path=path, overrides=dict(self.settings.sizes))
            return self.finish(program, settings, name, _lines(text))
        except SourceError as error:
            return UnreadableReport(engine.unreadable(error, name), _lines(text or ""))

    def finish(self, program: Program, settings: InForce, name: str, source: Sequence[str]) -> CircuitReport:
        """The report of a program that has been read. ``SourceError`` where what it declares is at fault."""
        case = prepare(program, settings, path=name, source=source)
        ask = Ask(case, deadline=time.monotonic() + settings.budget, thorough=bool(self.analyses))
        for analysis in self.analyses:
            with contextlib.suppress(BudgetError):  # stands in the answers as inconclusive
                ask(analysis)
        rules = () if self.analyses else settings.rules
        findings, unfinished = engine.check(case, ask, rules, program.notes)
        kept, suppressed = suppress(findings, program.directives, rules, self.plugins.rules, case, unfinished)
        return CircuitReport(case, kept, ask.results(), ask.seconds, suppressed, settings.fail_on)


def _lines(text: str) -> tuple[str, ...]:
    """The lines as the importers count them."""
    return tuple(re.split(r"\r\n|\r|\n", text))
