"""The processes of a Dask cluster at the work of one: each task has the text of its source and the settings in force.

Nothing of the file system here is needed there: a source that includes others is looked at in this process. A task whose
worker is lost runs again on another one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from bplint.analyses.ask import Result
from bplint.config import Settings
from bplint.config.in_force import Configurations, InForce
from bplint.errors import BplintError, SourceError, UsageError
from bplint.finding import Severity
from bplint.rule import Option
from bplint.runs.baseline import Baseline, Baselines
from bplint.runs.entries import Entry, Source
from bplint.runs.jobs import lint_job, profile_job
from bplint.runs.one_source import Job
from bplint.sources.building.circuit import BuiltCircuit
from bplint.sources.included import included


class RuleInForce(NamedTuple):
    """What configuration makes of a rule, which the worker has itself."""

    code: str
    severity: Severity
    worst: Severity | None
    options: Mapping[str, Option]


class Task(NamedTuple):
    """One source with all that its report depends on; ``text`` is None of one that a builder made."""

    source: Source
    text: str | None
    settings: Settings
    in_force: InForce
    rules: tuple[RuleInForce, ...]
    analyses: tuple[Callable[..., Result], ...] = ()
    baseline: Baseline | None = None
    mends: bool = True


class DaskWorkers:
    """The entries of sources, each through its job, in their order, from the workers of a scheduler. A context.

    ``UsageError`` where Dask is not installed, or nobody answers at the address.
    """

    def __init__(self, wanted: Sequence[tuple[Job, Source]], address: str) -> None:
        self._wanted = wanted
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageError("--dask needs Dask's distributed:  pip install 'bplint[dask]'") from error
        try:
            self._client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:  # a timeout is an OSError
            raise UsageError(f"--dask {address}: no scheduler answers there: {error}") from error
        self._executor: Any = self._client.get_executor(pure=False, retries=_RETRIES)
        self._futures: list[Any] = []

    def __enter__(self) -> DaskWorkers:
        for job, source in self._wanted:
            task = _task(job, source)
            self._futures.append(None if task is None else self._executor.submit(look, task))
        return self

    def __exit__(self, *raised: object) -> None:
        for future in self._futures:
            if future is not None and not future.done():
                future.cancel()
        self._executor.shutdown(wait=False)
        self._client.close()

    def __iter__(self) -> Iterator[Entry]:
        for (job, source), future in zip(self._wanted, self._futures, strict=True):
            job.watch(job.id_of(source), "")
            yield job.run(source) if future is None else _entry(job, source, future)

    def finished(self, start: int) -> list[Entry]:
        """The entries that are there already, from the source at ``start`` on."""
        done = [f for f in self._futures[start:] if f is not None and f.done() and not f.cancelled()]
        return [future.result() for future in done if not future.exception()]


def _entry(job: Job, source: Source, future: Any) -> Entry:
    try:
        entry: Entry = future.result()
    except BplintError:
        raise
    except Exception as error:
        return job.failed(source, error)
    return entry


def _task(job: Job, source: Source) -> Task | None:
    """The task of a source; None for one that is better looked at here."""
    settings = job.configurations.of(source.name)
    text = None
    if not isinstance(source, BuiltCircuit):
        try:
            if source.path == "-" or settings.data_files or included(source.read(), source.path):
                return None
            text = job.text(source)
        except SourceError:
            return None
    elif source.program is None or any(directive.key in ("dataset", "target") for directive in source.directives):
        return None
    baseline: Baseline | None = None
    if job.baselines and settings.baseline:
        id = job.id_of(source)
        known = job.baselines.of(settings.baseline)
        baseline = {one: count for one, count in known.items() if one.id == id}
    rules = tuple(RuleInForce(r.code, r.severity, r.worst, dict(r.options)) for r in settings.rules)
    in_force = settings._replace(rules=(), configured=dict(settings.configured), options={}, working=os.getcwd())
    return Task(
        source=source,
        text=text,
        settings=job.settings,
        in_force=in_force,
        rules=rules,
        analyses=job.analyses,
        baseline=baseline,
        mends=job.mends,
    )


def look(task: Task) -> Entry:
    """What a worker does: the entry of one source, as it would be here."""
    job = _job(task.settings._replace(config=None, isolated=True), task.analyses)
    known = {rule.code: rule for rule in job.plugins.rules}
    rules = tuple(
        known[rule.code]._replace(severity=rule.severity, worst=rule.worst, options=rule.options) for rule in task.rules
    )
    baselines = Baselines(taken=task.settings.write_baseline)
    if task.in_force.baseline:
        baselines.hold(task.in_force.baseline, task.baseline or {})
    job = job._replace(
        settings=task.settings,
        configurations=_Fixed(task.in_force._replace(rules=rules)),
        baselines=baselines,
        mends=task.mends,
    )
    return job.run(task.source, task.text)


class _Fixed(Configurations):
    """The configuration of one source, found where its file is."""

    def __init__(self, in_force: InForce) -> None:
        super().__init__(in_force.asked._replace(config=None, isolated=True), in_force.rules)
        self._in_force = in_force

    def of(self, path: str | None) -> InForce:
        """What holds for it."""
        return self._in_force


@cache
def _job(settings: Settings, analyses: tuple[Callable[..., Result], ...]) -> Job:
    return (profile_job if analyses else lint_job)(settings)._replace(analyses=analyses)


_PATIENCE = "10s"
_RETRIES = 2
