"""One run: collect the sources, put each through its job, one after the other or several at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Result
from bplint.baseline import Baselines, CheckedCircuit, ComparedBaseline, KnownFinding, compare
from bplint.bounds import Status
from bplint.collect import InputSource, collect
from bplint.config import Settings
from bplint.config.in_force import Configurations, InForce, rules_of
from bplint.errors import PluginError
from bplint.failure import Failure, MalformedError, PartKind, caught
from bplint.finding import Finding, Severity
from bplint.number_format import plural
from bplint.one_source import CircuitReport, Entry, FamilyReport, Job, LeftOpen, UnreadableReport
from bplint.plugins import check_analyses, load, load_analyses
from bplint.prepare import check_names
from bplint.rule import Rule
from bplint.select_by_id import matcher

if TYPE_CHECKING:
    from bplint.workers import Workers

__all__ = [
    "CircuitReport",
    "Entry",
    "FamilyReport",
    "Progress",
    "Report",
    "RunSchedule",
    "UnreadableReport",
    "lint",
    "lint_text",
    "profile",
]


class RunSchedule(NamedTuple):
    """Which sources, how many at a time, when to stop: nothing that changes a number.

    ``keyword`` is an expression over node ids. The run stops after ``max_fail`` sources that fail; 0 is never.
    """

    keyword: str = ""
    jobs: int = 1
    max_fail: int = 0


class Progress:
    """Told how a run goes on; does nothing by itself."""

    def start(self, sources: Sequence[InputSource], settings: Sequence[InForce], deselected: int) -> None:
        """The sources are collected, and what holds for each; so many others were left out by the keyword.

        Where there are none, ``settings`` are those of the current folder.
        """

    def done(self, entry: Entry) -> None:
        """One source is finished."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What a run found. ``entries`` are in the order in which the sources were collected; ``not_run`` were left when it stopped."""

    settings: Settings
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    seconds: float
    not_run: int = 0
    not_built: int = 0
    """Builders in Python that were passed over."""
    interrupted: bool = False
    families: tuple[FamilyReport, ...] = ()
    """Families whose members stand among the entries."""
    baselines: Mapping[str, ComparedBaseline] = field(default_factory=dict)
    """The baselines in force, by their files, as this run leaves them."""
    broken: tuple[Failure, ...] = ()
    """What failed for the whole run: plugins that could not be loaded, formats that could not be written."""

    @property
    def failures(self) -> list[Failure]:
        """Every part that failed: for the whole run, on a circuit, on a family."""
        return [*self.broken, *(failure for entry in (*self.entries, *self.families) for failure in entry.failures)]

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
        """All findings, unreadable sources included, then those of families."""
        return [finding for entry in (*self.entries, *self.families) for finding in entry.findings]

    @property
    def known(self) -> int:
        """How many findings are in the baseline."""
        return sum(len(circuit.known) for circuit in self.circuits)

    @property
    def gone(self) -> dict[KnownFinding, int]:
        """Entries of the baseline that no longer occur, and how often."""
        return {known: count for compared in self.baselines.values() for known, count in compared.gone.items()}

    @property
    def seed(self) -> int:
        """The seed of the first circuit; the context of each has its own."""
        return next((c.case.context.seed for c in self.circuits), self.settings.seed or 0)

    def ok(self) -> bool:
        """Whether nothing fails: no error finding (or what ``fail_on`` asks for), nothing unreadable, no part that failed."""
        return not self.broken and not any(entry.fails for entry in (*self.entries, *self.families))

    def to_json(self) -> str:
        """The machine output."""
        return self._written("json")

    def __str__(self) -> str:
        return self._written(load(self.settings.blocked).default_format)

    def __repr__(self) -> str:
        counts = ", ".join(plural(self.count(severity), severity.label) for severity in sorted(Severity, reverse=True))
        return f"<Report of {plural(len(self.entries), 'circuit')}: {counts}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"

    def _written(self, form: str) -> str:
        """The report in a format; formats come from plugins, so they are looked up, not imported."""
        text = written(self, form, self.exit_code(), 0 if self.rules else 1)
        return re.sub(r"\x1b\[[0-9;]*m", "", text)  # without the colours of a terminal

    def count(self, severity: Severity) -> int:
        """How many findings have this severity, without those that say that something is undecided."""
        return sum(f.severity is severity and not f.hit.undecided for f in self.findings)

    @property
    def unsettled(self) -> list[str]:
        """What could not be told, a line each."""
        lines = [f"undecided: {f.code}: {f.hit.message}" for f in self.findings if f.hit.undecided]
        return lines + [f"{one.status}: {one.what}: {one.reason}" for one in self._open]

    @property
    def undecided(self) -> int:
        """How many rules could not tell."""
        untold = [one for circuit in self.circuits for one in circuit.untold]
        untold += [one for family in self.families for one in family.untold]
        return sum(f.hit.undecided for f in self.findings) + sum(not one.ran_out for one in untold)

    @property
    def inconclusive(self) -> int:
        """How many analyses and rules could not tell, a rule only if no analysis gives its reason."""
        open_ = sum(one.status in ("undecided", Status.INCONCLUSIVE) for one in self._open)
        return sum(f.hit.undecided for f in self.findings) + open_

    @property
    def _open(self) -> list[LeftOpen]:
        return [one for entry in self.circuits for one in entry.unsettled] + [
            one for family in self.families for one in family.unsettled
        ]

    def ended(self, status: Status) -> int:
        """How many analyses ended with this status."""
        return sum(result.status is status for c in self.circuits for result in c.analyses.values())

    def exit_code(self, *, fail_on_incomplete: bool = False, allow_empty: bool = False) -> int:
        """0 where nothing fails, 1 findings, 3 a part failed, 4 could not tell, 5 nothing collected, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.failures:
            return 3
        if not self.entries:
            return 0 if allow_empty else 5
        if not self.ok():
            return 1
        if fail_on_incomplete and (
            self.ended(Status.SKIPPED) + self.ended(Status.INCONCLUSIVE) + self.undecided + self.not_built
        ):
            return 4
        return 0


def written(report: Report, form: str, exit_code: int, verbosity: int) -> str:
    """The report in a format. ``FormatError`` where the format fails."""
    plugins = load(report.settings.blocked)
    try:
        text = plugins.reporters[form].write(report, exit_code, verbosity)
        if not isinstance(text, str):
            raise MalformedError(f"want a string from a format, got {type(text).__name__}")
    except Exception as error:
        fault = caught(PartKind.FORMAT, form, getattr(plugins.reporters[form].write, "__module__", ""), error)
        raise FormatError(plugins.failure(fault)) from error
    return text


class FormatError(PluginError):
    """A format failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.title}: {failure.reason}")
        self.failure = failure


def lint(
    paths: Sequence[str],
    settings: Settings,
    *,
    schedule: RunSchedule = RunSchedule(),  # noqa: B008  # frozen
    progress: Progress | None = None,
) -> Report:
    """Lint the circuits under these paths.

    ``UsageError`` for a path or rule that does not exist, ``PluginError`` for a plugin at fault.
    """
    return _run(paths, lint_job(settings), schedule, progress or Progress())


def profile(
    paths: Sequence[str],
    settings: Settings,
    *,
    schedule: RunSchedule = RunSchedule(),  # noqa: B008  # frozen
    progress: Progress | None = None,
) -> Report:
    """Every number there is for the circuits under these paths, with no verdicts."""
    return _run(paths, profile_job(settings), schedule, progress or Progress())


def measure(
    paths: Sequence[str],
    settings: Settings,
    analyses: tuple[Callable[..., Result], ...],
    *,
    schedule: RunSchedule = RunSchedule(),  # noqa: B008  # frozen
) -> Report:
    """These analyses of the circuits under these paths, with no verdicts."""
    return _run(paths, profile_job(settings)._replace(analyses=analyses), schedule, Progress())


def lint_text(
    text: str,
    settings: Settings | None = None,
    *,
    name: str = "circuit.qasm",
    rules: Sequence[Rule] | None = None,
    sizes: Sequence[int] = (),
) -> Report:
    """Lint OpenQASM held in a string, with the installed rules or with these, installed or not; no configuration is looked for.

    With ``sizes`` it is a family, whose constant n takes these values.
    """
    begin = time.perf_counter()
    settings = settings or Settings()
    job = lint_job(settings._replace(isolated=settings.config is None), rules)
    force = job.configurations.of(name)
    if not sizes:
        return report(job, [job.run(InputSource("-", name), text)], [force], begin)
    return family_report(job, name, {n: job.at("n", n).run(InputSource("-", name), text) for n in sizes}, force, begin)


def report(
    job: Job,
    entries: Sequence[Entry],
    in_force: Sequence[InForce],
    begin: float,
    *,
    not_run: int = 0,
    families: tuple[FamilyReport, ...] = (),
) -> Report:
    """The report of what a job made of its sources; ``begin`` is the value of ``time.perf_counter`` at its start.

    ``UsageError`` where a name that the caller gave is none of any circuit.
    """
    if not not_run and not any(isinstance(entry, UnreadableReport) for entry in entries):
        check_names(
            job.configurations.settings, [entry.case.circuit for entry in entries if isinstance(entry, CircuitReport)]
        )
    rules = () if job.analyses else rules_of(in_force)
    return Report(
        settings=job.settings,
        rules=rules,
        entries=tuple(entries),
        seconds=time.perf_counter() - begin,
        not_run=not_run,
        families=families,
        broken=job.plugins.failures,
    )


def family_report(job: Job, name: str, entries: Mapping[int, Entry], in_force: InForce, begin: float) -> Report:
    """The report of a family and its members, by size; of the members alone where one could not be read."""
    members = {size: entry for size, entry in entries.items() if isinstance(entry, CircuitReport)}
    families = (job.family(name, members, in_force),) if len(members) == len(entries) else ()
    return report(job, list(entries.values()), [in_force], begin, families=families)


def select(job: Job, paths: Sequence[str], keyword: str = "") -> tuple[list[InputSource], int]:
    """The sources whose node id the keyword selects, and how many it leaves out."""
    match = matcher(keyword)
    found = collect(
        paths,
        job.plugins.importers,
        stdin_filename=job.settings.stdin_filename,
        excluded=job.configurations.excluded,
    )
    chosen = [source for source in found if not keyword or match(job.id_of(source))]
    return chosen, len(found) - len(chosen)


def lint_job(settings: Settings, rules: Sequence[Rule] | None = None) -> Job:
    """What linting does to a source, with the installed rules or with these."""
    plugins = load(settings.blocked)
    plugins = plugins._replace(failures=plugins.failures + check_analyses(settings.blocked))
    configurations = Configurations(settings, plugins.rules if rules is None else rules)
    return Job(settings, plugins, configurations, baselines=Baselines(taken=settings.write_baseline))


def profile_job(settings: Settings) -> Job:
    """What measuring does to a source: every analysis for a profile, ours first, no rule."""
    plugins, analyses = load(settings.blocked), load_analyses(settings.blocked)
    chosen = tuple(analysis for analysis in analyses.by_name.values() if analysis.in_profile)
    plugins = plugins._replace(failures=plugins.failures + analyses.failures)
    return Job(settings, plugins, Configurations(settings, plugins.rules), chosen)


def _run(paths: Sequence[str], job: Job, schedule: RunSchedule, progress: Progress) -> Report:
    begin = time.perf_counter()
    sources, deselected = select(job, paths, schedule.keyword)
    settings = [job.configurations.of(source.name) for source in sources] or [job.configurations.of("-")]
    _read_baselines(job, settings)
    progress.start(sources, settings, deselected)
    entries: list[Entry] = []
    failed = 0
    workers = _workers(sources, job, schedule.jobs)
    try:
        for entry in workers or map(job.run, sources):
            entries.append(entry)
            progress.done(entry)
            failed += entry.fails
            if failed == schedule.max_fail > 0:
                break
    except KeyboardInterrupt:
        entries += workers.finished(len(entries)) if workers else []
        not_run = len(sources) - len(entries)
        return replace(report(job, entries, settings, begin, not_run=not_run), interrupted=True)
    finally:
        if workers:
            workers.close()
    found = report(job, entries, settings, begin, not_run=len(sources) - len(entries))
    return replace(found, baselines=_compared(job, sources, settings, entries))


def _read_baselines(job: Job, settings: Sequence[InForce]) -> None:
    """Read every baseline in force, before the first circuit: a damaged one is told at once."""
    for one in settings:
        if job.baselines and one.baseline:
            job.baselines.of(one.baseline)


def _compared(
    job: Job, sources: Sequence[InputSource], settings: Sequence[InForce], entries: Sequence[Entry]
) -> dict[str, ComparedBaseline]:
    """Each baseline in force with what was found of the circuits that it speaks of."""
    if not job.baselines:
        return {}
    circuits: dict[str, list[CheckedCircuit]] = {one.baseline: [] for one in settings if one.baseline}
    for source, one, entry in zip(sources, settings, entries, strict=False):  # the run may have stopped
        if one.baseline:
            circuits[one.baseline].append(_checked(entry, one, job.id_of(source)))
    roots = {one.root for one in settings}
    return {path: compare(job.baselines.of(path), checked, roots) for path, checked in sorted(circuits.items())}


def _checked(entry: Entry, settings: InForce, id: str) -> CheckedCircuit:
    if isinstance(entry, UnreadableReport) or entry.failures:
        return CheckedCircuit(id, entry.known if isinstance(entry, CircuitReport) else ())
    told = {rule.code for rule in settings.rules} - {untold.code for untold in entry.untold}
    return CheckedCircuit(id, entry.known, told)


def _workers(sources: Sequence[InputSource], job: Job, jobs: int) -> Workers | None:
    """Other processes for the sources; None where one is enough."""
    count = min(jobs, len(sources))
    if count < 2:
        return None
    from bplint.workers import Workers

    return Workers(sources, job, partial(_job, job.settings, job.analyses), count)


def _job(settings: Settings, analyses: tuple[Callable[..., Result], ...]) -> Job:
    """The job of another process."""
    return (profile_job if analyses else lint_job)(settings)._replace(analyses=analyses)
