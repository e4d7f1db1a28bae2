"""One run: collect the sources, put each through its job, one after the other or several at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Result
from bplint.config import Settings
from bplint.config.in_force import InForce, rules_of
from bplint.prepare import check_names
from bplint.rule import Rule
from bplint.runs.baseline import CheckedCircuit, ComparedBaseline, compare
from bplint.runs.builder_comments import BuilderComments
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, Pair, Source, UnreadableReport
from bplint.runs.execution import Cached, Execution, execution
from bplint.runs.jobs import lint_job, profile_job
from bplint.runs.one_source import Job
from bplint.runs.run_report import ComparedRun, Report
from bplint.runs.run_sources import RunSchedule, sources_of
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.collect import InputSource
from bplint.terminal.live import NOWHERE, LiveLine

if TYPE_CHECKING:
    from bplint.analyses.family import Axis
    from bplint.runs.diff_gate import DiffGate


class Progress:
    """Told how a run goes on; shows no more than a ``line``, if it has one. ``told`` is what was printed of the report already."""

    told = ""

    def __init__(self, line: LiveLine | None = None) -> None:
        self.line = line or LiveLine(NOWHERE)

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
    before: str = "",
) -> Report:
    """Lint OpenQASM held in a string, with the installed rules or with these, installed or not; no configuration is looked for.

    With ``sizes`` it is a family, whose constant n takes these values. With ``before``, what the text was, only what is new
    or worse is reported.
    """
    begin = time.perf_counter()
    settings = settings or Settings()
    job = lint_job(settings._replace(isolated=settings.config is None), rules)
    force = job.configurations.of(name)
    if not sizes:
        source = InputSource("-", name)
        entry = job.run(source, text)
        if before:
            entry, _ = _Earlier({job.id_of(source): job.run(source, before)}, {}).compared(job, source, entry)
        return report(job, [entry], [force], begin)
    members = {n: job.at(("n", n)).run(InputSource("-", name), text) for n in sizes}
    return family_report(job, name, members, force, begin)


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


def family_report(
    job: Job, name: str, entries: Mapping[int, Entry], in_force: InForce, begin: float, axis: str = "n"
) -> Report:
    """The report of a family and its members, by size; of the members alone where one could not be read."""
    members = {size: entry for size, entry in entries.items() if isinstance(entry, CircuitReport)}
    families = (job.family(name, members, in_force, axis),) if len(members) == len(entries) else ()
    return report(job, list(entries.values()), [in_force], begin, families=families)


def grid_report(
    job: Job,
    name: str,
    axes: tuple[Axis, Axis],
    entries: Mapping[tuple[int, int], Entry],
    in_force: InForce,
    begin: float,
) -> Report:
    """The same of a grid, by both sizes: a family is a line of it, first those along the first axis, then those along the other."""
    members = {at: entry for at, entry in entries.items() if isinstance(entry, CircuitReport)}
    down, across = axes
    families: list[FamilyReport] = []
    if len(members) == len(entries):
        for at in across.sizes:
            line = {n: members[n, at] for n in down.sizes}
            families.append(job.family(name, line, in_force, down.name, (across.name, at)))
        for at in down.sizes:
            line = {n: members[at, n] for n in across.sizes}
            families.append(job.family(name, line, in_force, across.name, (down.name, at)))
    return report(job, list(entries.values()), [in_force], begin, families=tuple(families))


def _run(paths: Sequence[str], job: Job, schedule: RunSchedule, progress: Progress) -> Report:
    with closing(progress.line) as line:
        return _looked_at(paths, job._replace(watch=line.at), schedule, progress)


def _looked_at(paths: Sequence[str], job: Job, schedule: RunSchedule, progress: Progress) -> Report:
    begin = time.perf_counter()
    with _gate(job.settings) as gate:
        selected = sources_of(job, paths, schedule, gate)
        sources = [pair.now for pair in selected.pairs]
        settings = [job.configurations.of(source.name) for source in sources] or [job.configurations.of("-")]
        _read_baselines(job, settings)
        progress.start(sources, settings, selected.deselected)
        progress.line.begin(len(sources))
        earlier = _earlier(job, selected.pairs, schedule) if gate else None
        comments = _comments(job, sources, settings, schedule, earlier)
        entries: list[Entry] = []
        failed = there = 0
        with _executed(job, sources, schedule) as at_work:
            try:
                for source, found_of_it in zip(sources, at_work, strict=True):
                    entry = comments.judged(entries, found_of_it)
                    if earlier:
                        entry, old = earlier.compared(job, source, entry)
                        there += old
                    entries.append(entry)
                    progress.line.step()
                    progress.done(entry)
                    failed += entry.fails
                    if failed == schedule.max_fail > 0:
                        break
            except KeyboardInterrupt:
                entries += at_work.finished(len(entries))
                not_run = len(sources) - len(entries)
                return replace(report(job, entries, settings, begin, not_run=not_run), interrupted=True)
        families = {} if job.analyses else dict(_families(job, sources, settings, entries))
        families = comments.judged_families(entries, families)
        if earlier:
            for index, family in families.items():
                families[index], old = earlier.compared_family(family)
                there += old
        made = report(
            job, entries, settings, begin, not_run=len(sources) - len(entries), families=tuple(families.values())
        )
        checked = [(one, _checked(e, one, job.id_of(s))) for s, one, e in zip(sources, settings, entries, strict=False)]
        checked += [(settings[i], _checked(one, settings[i], one.family.id)) for i, one in families.items()]
        there += comments.there
        base = ComparedRun(gate.ref, gate.commit, gate.unchanged, there) if gate else None
        cached = at_work.known if isinstance(at_work, Cached) else None
        return replace(made, baselines=_compared(job, checked), base=base, cached=cached)


def _executed(job: Job, sources: Sequence[Source], schedule: RunSchedule) -> Execution:
    """The entries of sources; one alone that nobody keeps a cache beside is looked at sooner than it is looked for."""
    if schedule.cache and (len(sources) > 1 or any(os.path.isdir(folder) for folder in map(job.cache_folder, sources))):
        return Cached(job, sources, schedule.jobs, schedule.dask)
    return execution(job, sources, schedule.jobs, schedule.dask)


def _gate(settings: Settings) -> AbstractContextManager[DiffGate | None]:
    """What compares with another commit, if this run does."""
    if settings.diff_base is None:
        return nullcontext()
    from bplint.runs.diff_gate import DiffGate  # for those who compare

    return DiffGate(settings.diff_base)


def _comments(
    job: Job,
    sources: Sequence[Source],
    settings: Sequence[InForce],
    schedule: RunSchedule,
    earlier: _Earlier | None = None,
) -> BuilderComments:
    """The comments in Python; with what was found ``earlier`` only what is new in them is reported."""
    return BuilderComments(
        job,
        sources,
        settings,
        selected=bool(schedule.keyword),
        compares=job.settings.diff_base is not None,
        before=earlier.comments if earlier else None,
    )


class _Earlier(NamedTuple):
    """What was found of the circuits and families as they were, by their ids of today."""

    entries: Mapping[str, Entry]
    families: Mapping[str, FamilyReport]
    comments: BuilderComments | None = None

    def compared(self, job: Job, source: Source, entry: Entry) -> tuple[Entry, int]:
        """The entry with what is new or worse, and how many findings were there before."""
        from bplint.runs.diff_gate import compared

        return compared(entry, self.entries.get(job.id_of(source)), job.configurations.of(source.name).rules)

    def compared_family(self, family: FamilyReport) -> tuple[FamilyReport, int]:
        """The same of a family."""
        from bplint.runs.diff_gate import compared_family

        return compared_family(family, self.families.get(family.family.id))


def _earlier(job: Job, pairs: Sequence[Pair], schedule: RunSchedule) -> _Earlier:
    """Look at the circuits as they were, with the same rules and without suggestions."""
    job = job._replace(mends=False)
    sources = [pair.before for pair in pairs if pair.before]
    settings = [job.configurations.of(source.name) for source in sources]
    comments = _comments(job, sources, settings, schedule)
    entries: list[Entry] = []
    with _executed(job, sources, schedule) as at_work:
        for entry in at_work:
            entries.append(comments.judged(entries, entry))
    families = comments.judged_families(entries, dict(_families(job, sources, settings, entries))).values()
    ids = [job.id_of(source) for source in sources]
    return _Earlier(dict(zip(ids, entries, strict=True)), {family.family.id: family for family in families}, comments)


def _read_baselines(job: Job, settings: Sequence[InForce]) -> None:
    """Read every baseline in force, before the first circuit: a damaged one is told at once."""
    for one in settings:
        if job.baselines and one.baseline:
            job.baselines.of(one.baseline)


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


def _compared(job: Job, checked: Sequence[tuple[InForce, CheckedCircuit]]) -> dict[str, ComparedBaseline]:
    """Each baseline in force with what was found of the circuits that it speaks of."""
    if not job.baselines:
        return {}
    circuits: dict[str, list[CheckedCircuit]] = {}
    for one, circuit in checked:
        if one.baseline:
            circuits.setdefault(one.baseline, []).append(circuit)
    roots = {one.root for one, _ in checked}
    return {path: compare(job.baselines.of(path), findings, roots) for path, findings in sorted(circuits.items())}


def _checked(entry: Entry | FamilyReport, settings: InForce, id: str) -> CheckedCircuit:
    if isinstance(entry, UnreadableReport) or entry.failures:
        return CheckedCircuit(id, () if isinstance(entry, UnreadableReport) else entry.known)
    told = {rule.code for rule in settings.rules} - {untold.code for untold in entry.untold}
    return CheckedCircuit(id, entry.known, told)
