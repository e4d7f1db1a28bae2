"""What a run looks at: circuit files, the circuits that builders make, and, where it compares, what they were before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.runs.entries import Pair
from bplint.runs.one_source import Job
from bplint.sources.building.circuit import BuildLimits
from bplint.sources.collect import InputSource, collect
from bplint.sources.select_by_id import matcher

if TYPE_CHECKING:
    from bplint.runs.diff_gate import DiffGate
    from bplint.sources.building.files import BuildRequest


class RunSchedule(NamedTuple):
    """Which sources, how many at a time, when to stop: nothing that changes a number.

    ``keyword`` is an expression over node ids. The run stops after ``max_fail`` sources that fail; 0 is never. Builders in
    Python run within the limits ``build``; without them nothing of a repository runs. With ``cache`` circuits are not looked at
    again that an earlier run has seen. ``dask`` is the address of a scheduler whose workers look at the circuits.
    """

    keyword: str = ""
    jobs: int = 1
    max_fail: int = 0
    build: BuildLimits | None = None
    cache: bool = False
    dask: str = ""


class RunSources(NamedTuple):
    """The sources in order, those that builders make last, each with what it was; so many the keyword left out."""

    pairs: list[Pair]
    deselected: int


def select(job: Job, paths: Sequence[str], keyword: str = "") -> tuple[list[InputSource], int]:
    """The sources whose node id the keyword selects, and how many it leaves out."""
    match = matcher(keyword)
    sources = collect(
        paths,
        job.plugins.importers,
        stdin_filename=job.settings.stdin_filename,
        excluded=job.configurations.excluded,
    )
    chosen = [source for source in sources if not keyword or match(job.id_of(source))]
    return chosen, len(sources) - len(chosen)


def sources_of(job: Job, paths: Sequence[str], schedule: RunSchedule, gate: DiffGate | None) -> RunSources:
    """The sources of a run, with a ``gate`` only those that changed."""
    if schedule.build is None:
        sources, deselected = select(job, paths, schedule.keyword)
        return RunSources(_pairs(sources, gate), deselected)
    from bplint.sources.building.files import BuildRequest  # for those who let Python run

    circuits = [path for path in paths if not InputSource(path, path).is_python]
    sources, deselected = select(job, circuits, schedule.keyword)
    request = BuildRequest(schedule.keyword, schedule.build)
    built = _built(job, paths, request, schedule.jobs, gate)
    return RunSources([*_pairs(sources, gate), *built.pairs], deselected + built.deselected)


def _pairs(sources: Sequence[InputSource], gate: DiffGate | None) -> list[Pair]:
    return gate.files(sources) if gate else [Pair(source, None) for source in sources]


def _built(job: Job, paths: Sequence[str], request: BuildRequest, jobs: int, gate: DiffGate | None) -> RunSources:
    from bplint.sources.building.run import build_all, builder_files, read_file

    files = builder_files(job.configurations, paths)
    now, deselected = build_all([(file, request) for file in files], jobs)
    if gate is None:
        return RunSources([Pair(circuit, None) for circuit in now], deselected)
    orders = [(read_file(job.configurations, source), how) for source, how in gate.earlier(files, request)]
    before, _ = build_all(orders, jobs)
    return RunSources(gate.built(job, now, before), deselected)
