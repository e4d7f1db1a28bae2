"""One run: collect the sources, put each through its job, one after the other or several at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Result
from bplint.baseline import Baselines, CheckedCircuit, ComparedBaseline, compare
from bplint.building.circuit import BuildLimits, BuiltCircuit
from bplint.collect import InputSource, collect
from bplint.config import Settings
from bplint.config.in_force import Configurations, InForce, rules_of
from bplint.one_source import CircuitReport, Entry, FamilyReport, Job, Source, UnreadableReport
from bplint.plugins import check_analyses, load, load_analyses
from bplint.prepare import check_names
from bplint.rule import Rule
from bplint.run_report import Report
from bplint.select_by_id import matcher

if TYPE_CHECKING:
    from bplint.workers import Workers


class RunSchedule(NamedTuple):
    """Which sources, how many at a time, when to stop: nothing that changes a number.

    ``keyword`` is an expression over node ids. The run stops after ``max_fail`` sources that fail; 0 is never. Builders in
    Python run within the limits ``build``; without them nothing of a repository runs.
    """

    keyword: str = ""
    jobs: int = 1
    max_fail: int = 0
    build: BuildLimits | None = None


class Progress:
    """Told how a run goes on; does nothing by itself."""

    def start(self, sources: Sequence[Source], settings: Sequence[InForce], deselected: int) -> None:
        """The sources are collected, and what holds for each; so many others were left out by the keyword.

        Where there are none, ``settings`` are those of the current folder.
        """

    def done(self, entry: Entry) -> None:
        """One source is finished."""


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


def _sources(job: Job, paths: Sequence[str], schedule: RunSchedule) -> tuple[list[Source], int]:
    """The sources of a run, those that builders in Python make last, and how many the keyword leaves out."""
    if schedule.build is None:
        found, deselected = select(job, paths, schedule.keyword)
        return [*found], deselected
    from bplint.building.files import BuildRequest  # for those who let Python run
    from bplint.building.run import build_all, builder_files

    circuits = [path for path in paths if not InputSource(path, path).is_python]
    found, deselected = select(job, circuits, schedule.keyword)
    request = BuildRequest(schedule.keyword, schedule.build)
    built, not_built = build_all(builder_files(job.configurations, paths), request, schedule.jobs)
    return [*found, *built], deselected + not_built


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
    sources, deselected = _sources(job, paths, schedule)
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
    families = {} if job.analyses else dict(_families(job, sources, settings, entries))
    found = report(
        job, entries, settings, begin, not_run=len(sources) - len(entries), families=tuple(families.values())
    )
    checked = [(one, _checked(e, one, job.id_of(s))) for s, one, e in zip(sources, settings, entries, strict=False)]
    checked += [(settings[i], _checked(one, settings[i], one.family.id)) for i, one in families.items()]
    return replace(found, baselines=_compared(job, checked))


def _families(
    job: Job, sources: Sequence[Source], settings: Sequence[InForce], entries: Sequence[Entry]
) -> Iterator[tuple[int, FamilyReport]]:
    """What is found of builders over their sizes, where all circuits are there, with the index of one of them."""
    builders: dict[str, dict[int, int]] = {}
    for index, source in enumerate(sources):
        if isinstance(source, BuiltCircuit) and source.size is not None:
            builders.setdefault(job.id_of(source._replace(size=None)), {})[source.size] = index
    for id, indices in builders.items():
        members = {size: entries[i] for size, i in indices.items() if i < len(entries)}
        circuits = {size: entry for size, entry in members.items() if isinstance(entry, CircuitReport)}
        if len(circuits) == len(indices) > 1:
            first = min(indices.values())
            source = sources[first]
            assert isinstance(source, BuiltCircuit)
            yield first, job.family(id, circuits, settings[first]).at(source.name, source.span)


def _read_baselines(job: Job, settings: Sequence[InForce]) -> None:
    """Read every baseline in force, before the first circuit: a damaged one is told at once."""
    for one in settings:
        if job.baselines and one.baseline:
            job.baselines.of(one.baseline)


def _compared(job: Job, checked: Sequence[tuple[InForce, CheckedCircuit]]) -> dict[str, ComparedBaseline]:
    """Each baseline in force with what was found of the circuits that it speaks of."""
    if not job.baselines:
        return {}
    circuits: dict[str, list[CheckedCircuit]] = {}
    for one, circuit in checked:
        if one.baseline:
            circuits.setdefault(one.baseline, []).append(circuit)
    roots = {one.root for one, _ in checked}
    return {path: compare(job.baselines.of(path), found, roots) for path, found in sorted(circuits.items())}


def _checked(entry: Entry | FamilyReport, settings: InForce, id: str) -> CheckedCircuit:
    if isinstance(entry, UnreadableReport) or entry.failures:
        return CheckedCircuit(id, () if isinstance(entry, UnreadableReport) else entry.known)
    told = {rule.code for rule in settings.rules} - {untold.code for untold in entry.untold}
    return CheckedCircuit(id, entry.known, told)


def _workers(sources: Sequence[Source], job: Job, jobs: int) -> Workers | None:
    """Other processes for the sources; None where one is enough."""
    count = min(jobs, len(sources))
    if count < 2:
        return None
    from bplint.workers import Workers

    return Workers(sources, job, partial(_job, job.settings, job.analyses), count)


def _job(settings: Settings, analyses: tuple[Callable[..., Result], ...]) -> Job:
    """The job of another process."""
    return (profile_job if analyses else lint_job)(settings)._replace(analyses=analyses)
