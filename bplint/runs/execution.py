"""The sources of a run through their job: one after the other here, or several at once elsewhere, entries in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Protocol

from bplint.analyses.ask import Result
from bplint.config import Settings
from bplint.runs.entries import Entry, Source
from bplint.runs.jobs import lint_job, profile_job
from bplint.runs.one_source import Job


class Execution(Protocol):
    """The entries of sources as they come, in the order of the sources. A context: at its end what is still at work is stopped."""

    def __enter__(self) -> Execution: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def __iter__(self) -> Iterator[Entry]: ...

    def finished(self, start: int) -> list[Entry]:
        """The entries that are there already, from the source at ``start`` on."""


class Cached:
    """The entries that an earlier run has, and the execution of the others, whose entries are kept."""

    def __init__(self, job: Job, sources: Sequence[Source], jobs: int, dask: str = "") -> None:
        from bplint.runs.cache import Cache  # for those who use it

        self._cache = Cache(job)
        self._sources = sources
        self._job = job
        self._jobs = jobs
        self._dask = dask
        self._known: dict[int, Entry] = {}
        self._given = 0

    def __enter__(self) -> Cached:
        kept = enumerate(map(self._cache.get, self._sources))
        self._known = {index: entry for index, entry in kept if entry}
        missing = [source for index, source in enumerate(self._sources) if index not in self._known]
        self._others = execution(self._job, missing, self._jobs, self._dask).__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._others.__exit__(*raised)
        self._cache.prune()

    def __iter__(self) -> Iterator[Entry]:
        others = iter(self._others)
        for index, source in enumerate(self._sources):
            if index in self._known:
                yield self._known[index]
            else:
                entry = next(others)
                self._given += 1
                self._cache.put(source, entry)
                yield entry

    def finished(self, start: int) -> list[Entry]:
        return [*self._others.finished(self._given), *(entry for i, entry in self._known.items() if i >= start)]

    @property
    def known(self) -> int:
        """How many entries an earlier run has."""
        return len(self._known)


def execution(job: Job, sources: Sequence[Source], jobs: int, dask: str = "") -> Execution:
    """This process, or so many others where that pays, or the workers of the Dask scheduler at an address."""
    if dask and sources:
        from bplint.runs.dask_workers import DaskWorkers

        return DaskWorkers([(job, source) for source in sources], dask)
    count = min(jobs, len(sources))
    if count < 2:
        return _Here(job, sources)
    from bplint.runs.workers import Workers

    return Workers(sources, job, partial(job_of, job.settings, job.analyses, job.mends), count)


def job_of(settings: Settings, analyses: tuple[Callable[..., Result], ...], mends: bool) -> Job:
    """The job of another process."""
    return (profile_job if analyses else lint_job)(settings)._replace(analyses=analyses, mends=mends)


class _Here:
    def __init__(self, job: Job, sources: Sequence[Source]) -> None:
        self._job = job
        self._sources = sources

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *raised: object) -> None:
        return

    def __iter__(self) -> Iterator[Entry]:
        return map(self._job.run, self._sources)

    def finished(self, start: int) -> list[Entry]:
        return []
