"""One run: collect, read, prepare, check; what came of it is a :class:`Report`."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError, Result
from bplint.analyses.dla import dla
from bplint.analyses.locality import locality
from bplint.analyses.moments.choose import gradient, loss
from bplint.bounds import Status
from bplint.collect import Source, collect
from bplint.config import Settings
from bplint.errors import SourceError
from bplint.finding import Finding, Severity
from bplint.importers import qasm
from bplint.ir.context import Case
from bplint.plugins import Plugins, choose, load
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


class UnreadableReport(NamedTuple):
    """One source that could not be read: its BP001 and its lines, as far as it is text."""

    finding: Finding
    source: tuple[str, ...] = ()


class Progress:
    """Told how a run goes on; does nothing by itself."""

    def start(self, rules: Sequence[Rule], sources: Sequence[Source]) -> None:
        """The sources are collected."""

    def done(self, entry: CircuitReport | UnreadableReport) -> None:
        """One source is finished."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. ``entries`` are in the order in which the sources were collected."""

    settings: Settings
    rules: tuple[Rule, ...]
    entries: tuple[CircuitReport | UnreadableReport, ...]
    seconds: float

    @property
    def circuits(self) -> list[CircuitReport]:
        """The circuits that were read."""
        return [entry for entry in self.entries if isinstance(entry, CircuitReport)]

    @property
    def unreadable(self) -> list[UnreadableReport]:
        """The sources that were not."""
        return [entry for entry in self.entries if isinstance(entry, UnreadableReport)]

    @property
    def findings(self) -> list[Finding]:
        """All findings, unreadable sources included."""
        return [f for e in self.entries for f in (e.findings if isinstance(e, CircuitReport) else (e.finding,))]

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(f.severity is severity for f in self.findings)

    def ended(self, status: Status) -> int:
        """How many analyses ended with this status."""
        return sum(result.status is status for c in self.circuits for result in c.analyses.values())

    def exit_code(
        self, fail_on: Severity | None, *, fail_on_incomplete: bool = False, allow_empty: bool = False
    ) -> int:
        """Contract section 8; ``fail_on`` None is never, but an unreadable source is never green."""
        if not self.entries:
            return 0 if allow_empty else 5
        if self.unreadable or (fail_on is not None and any(f.severity >= fail_on for f in self.findings)):
            return 1
        if fail_on_incomplete and self.ended(Status.SKIPPED) + self.ended(Status.INCONCLUSIVE):
            return 4
        return 0


def lint(paths: Sequence[str], settings: Settings, *, progress: Progress | None = None) -> Report:
    """Lint the circuits under these paths.

    ``UsageError`` for a path or rule that does not exist, ``PluginError`` for a plugin at fault.
    """
    plugins = load(settings.blocked)
    rules = choose(plugins.rules, settings.select, settings.ignore)
    return _run(paths, settings, plugins, rules, (), progress or Progress())


def profile(paths: Sequence[str], settings: Settings, *, progress: Progress | None = None) -> Report:
    """Every number there is for the circuits under these paths, with no verdicts."""
    return _run(paths, settings, load(settings.blocked), (), (dla, loss, gradient, locality), progress or Progress())


def lint_text(
    text: str,
    settings: Settings | None = None,
    *,
    name: str = "circuit.qasm",
    rules: Sequence[Rule] | None = None,
) -> Report:
    """Lint OpenQASM held in a string, with the installed rules or with these, installed or not."""
    settings = settings or Settings()
    begin = time.perf_counter()
    plugins = load(settings.blocked)
    rules = choose(plugins.rules if rules is None else rules, settings.select, settings.ignore)
    entry = _read(Source("-", name), lambda: text, settings, plugins, rules, ())
    return Report(settings, rules, (entry,), time.perf_counter() - begin)


def _run(
    paths: Sequence[str],
    settings: Settings,
    plugins: Plugins,
    rules: tuple[Rule, ...],
    analyses: Sequence[Callable[..., Result]],
    progress: Progress,
) -> Report:
    begin = time.perf_counter()
    sources = collect(paths, tuple(plugins.importers), stdin_filename=settings.stdin_filename)
    progress.start(rules, sources)
    entries = []
    for source in sources:
        entry = _read(source, partial(_text, source), settings, plugins, rules, analyses)
        entries.append(entry)
        progress.done(entry)
    return Report(settings, rules, tuple(entries), time.perf_counter() - begin)


def _lines(text: str) -> tuple[str, ...]:
    """The lines as the importers count them."""
    return tuple(re.split(r"\r\n|\r|\n", text))


def _text(source: Source) -> str:
    return qasm.decode(source.read())


def _read(
    source: Source,
    read: Callable[[], str],
    settings: Settings,
    plugins: Plugins,
    rules: Sequence[Rule],
    analyses: Sequence[Callable[..., Result]],
) -> CircuitReport | UnreadableReport:
    text, name = "", source.name
    path = None if source.path == "-" else source.path
    try:
        importer = plugins.importers.get(source.suffix)
        if importer is None:
            raise source.refusal(plugins.importers)
        text = read()
        program = importer.read(text, path=path, overrides=dict(settings.sizes))
        case = prepare(program, settings, path=name, source=_lines(text))
    except SourceError as error:
        return UnreadableReport(engine.unreadable(error, name), _lines(text))
    ask = Ask(case, deadline=time.monotonic() + settings.budget)
    for analysis in analyses:
        with contextlib.suppress(BudgetError):  # stands in the answers as inconclusive
            ask(analysis)
    findings = engine.check(case, ask, rules, program.notes)
    kept, suppressed = suppress(findings, program.directives, rules, {rule.code for rule in plugins.rules}, case)
    return CircuitReport(case, kept, ask.results(), ask.seconds, suppressed)
