"""One run: collect the sources, put each through its job, one after the other or several at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bplint.analyses.dla import dla
from bplint.analyses.locality import locality
from bplint.analyses.moments.choose import gradient, loss
from bplint.bounds import Status
from bplint.collect import Source, collect
from bplint.config import Settings
from bplint.entry import CircuitReport, Entry, Job, UnreadableReport
from bplint.finding import Finding, Severity
from bplint.keywords import matcher
from bplint.plugins import choose, load
from bplint.rule import Rule

__all__ = [
    "CircuitReport",
    "Entry",
    "Progress",
    "Report",
    "Schedule",
    "UnreadableReport",
    "lint",
    "lint_text",
    "profile",
]


class Schedule(NamedTuple):
    """Which sources, how many at a time, when to stop: nothing that changes a number.

    ``keyword`` is an expression over node ids. The run stops after ``max_fail`` sources that fail at ``fail_on``; 0 is never.
    """

    keyword: str = ""
    jobs: int = 1
    max_fail: int = 0
    fail_on: Severity | None = Severity.ERROR


class Progress:
    """Told how a run goes on; does nothing by itself."""

    def start(self, rules: Sequence[Rule], sources: Sequence[Source], deselected: int) -> None:
        """The sources are collected; so many others were left out by the keyword."""

    def done(self, entry: Entry) -> None:
        """One source is finished."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. ``entries`` are in the order in which the sources were collected; ``not_run`` were left when it stopped."""

    settings: Settings
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    seconds: float
    not_run: int = 0

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
        return [finding for entry in self.entries for finding in entry.findings]

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
        if any(entry.fails(fail_on) for entry in self.entries):
            return 1
        if fail_on_incomplete and self.ended(Status.SKIPPED) + self.ended(Status.INCONCLUSIVE):
            return 4
        return 0


def lint(
    paths: Sequence[str],
    settings: Settings,
    *,
    schedule: Schedule = Schedule(),  # noqa: B008  # frozen
    progress: Progress | None = None,
) -> Report:
    """Lint the circuits under these paths.

    ``UsageError`` for a path or rule that does not exist, ``PluginError`` for a plugin at fault.
    """
    return _run(paths, _lint_job(settings), schedule, progress or Progress())


def profile(
    paths: Sequence[str],
    settings: Settings,
    *,
    schedule: Schedule = Schedule(),  # noqa: B008  # frozen
    progress: Progress | None = None,
) -> Report:
    """Every number there is for the circuits under these paths, with no verdicts."""
    return _run(paths, _profile_job(settings), schedule, progress or Progress())


def lint_text(
    text: str,
    settings: Settings | None = None,
    *,
    name: str = "circuit.qasm",
    rules: Sequence[Rule] | None = None,
) -> Report:
    """Lint OpenQASM held in a string, with the installed rules or with these, installed or not."""
    begin = time.perf_counter()
    job = _lint_job(settings or Settings(), rules)
    entry = job.run(Source("-", name), text)
    return Report(job.settings, job.rules, (entry,), time.perf_counter() - begin)


def select(paths: Sequence[str], settings: Settings, keyword: str) -> tuple[list[Source], int]:
    """The sources whose node id the keyword selects, and how many it leaves out."""
    match = matcher(keyword)
    found = collect(paths, tuple(load(settings.blocked).importers), stdin_filename=settings.stdin_filename)
    chosen = [source for source in found if match(source.name)]
    return chosen, len(found) - len(chosen)


def _lint_job(settings: Settings, rules: Sequence[Rule] | None = None) -> Job:
    plugins = load(settings.blocked)
    return Job(settings, plugins, choose(plugins.rules if rules is None else rules, settings.select, settings.ignore))


def _profile_job(settings: Settings) -> Job:
    return Job(settings, load(settings.blocked), analyses=(dla, loss, gradient, locality))


def _run(paths: Sequence[str], job: Job, schedule: Schedule, progress: Progress) -> Report:
    begin = time.perf_counter()
    sources, deselected = select(paths, job.settings, schedule.keyword)
    progress.start(job.rules, sources, deselected)
    entries: list[Entry] = []
    failed = 0
    several = min(schedule.jobs, len(sources)) > 1
    for entry in _at_once(sources, job, schedule.jobs) if several else map(job.run, sources):
        entries.append(entry)
        progress.done(entry)
        failed += entry.fails(schedule.fail_on)
        if failed == schedule.max_fail > 0:
            break
    return Report(job.settings, job.rules, tuple(entries), time.perf_counter() - begin, len(sources) - len(entries))


def _at_once(sources: Sequence[Source], job: Job, jobs: int) -> Iterator[Entry]:
    """The same entries in the same order, from several processes; standard input is read by this one."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    make = _profile_job if job.analyses else _lint_job
    pool = ProcessPoolExecutor(
        min(jobs, len(sources)), mp_context=get_context("spawn"), initializer=_begin, initargs=(make, job.settings)
    )
    try:
        waiting = [None if source.path == "-" else pool.submit(_work, source) for source in sources]
        for source, future in zip(sources, waiting, strict=True):
            yield job.run(source) if future is None else future.result()
    finally:
        pool.shutdown(cancel_futures=True)


_job: Job
"""What a process of the pool does."""


def _begin(make: Callable[[Settings], Job], settings: Settings) -> None:
    global _job
    _job = make(settings)


def _work(source: Source) -> Entry:
    return _job.run(source)
