"""``bplint check`` and ``bplint profile``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from bplint.cli.group import EMPTY, OK, echo
from bplint.cli.help import SectionedCommand
from bplint.cli.listing import listed, not_built
from bplint.cli.options import context_options, gate_options, rule_options, run_options, table_options
from bplint.cli.output import finish, outputs_of, progress, written
from bplint.config.settings import Settings
from bplint.errors import UsageError

if TYPE_CHECKING:
    from bplint.sources.building.circuit import BuildLimits


@click.command(cls=SectionedCommand, short_help="Lint circuits: the default command.")
@context_options
@rule_options
@gate_options
@run_options
@table_options
def check(
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    keyword: str,
    jobs: int,
    durations: int,
    fail_on_incomplete: bool,
    first: bool,
    maxfail: int,
    collect_only: bool,
    show_settings: bool,
    statistics: bool,
    allow_empty: bool,
    quiet: bool,
    verbose: int,
    run_python: bool,
    exec_timeout: float,
    exec_memory: int,
    no_cache: bool,
    dask: str,
    **options: Any,
) -> None:
    """Lint circuits (the default command).

    An option wins over a file's own `// bplint:` comments, they win over configuration: the closest bplint.toml, or
    pyproject.toml with [tool.bplint].
    """
    from bplint.run import lint
    from bplint.runs.jobs import lint_job
    from bplint.runs.run_sources import RunSchedule, select

    settings = Settings(**options)
    if settings.write_baseline and (show_settings or collect_only):
        raise UsageError("--write-baseline writes what a run finds: want no --collect-only and no --show-settings")
    if settings.write_baseline and settings.diff_base:
        raise UsageError("--write-baseline takes every finding, and --diff-base looks at some: want one of the two")
    if show_settings:
        from bplint.cli.show_settings import show

        job = lint_job(settings)
        click.echo(show(job, select(job, paths, keyword)[0]), nl=False)
        sys.exit(OK)
    if collect_only:
        sys.exit(listed(paths, settings, keyword, OK if allow_empty else EMPTY))
    outputs = outputs_of(formats, settings.blocked)
    schedule = RunSchedule(
        keyword=keyword,
        jobs=jobs or os.cpu_count() or 1,
        max_fail=1 if first else maxfail,
        build=_build_limits(run_python, exec_timeout, exec_memory),
        cache=not no_cache,
        dask=dask,
    )
    passed_over = {} if run_python else not_built(paths, settings)
    going = progress(outputs, quiet, verbose, settings, passed_over)
    report = lint(paths, settings, schedule=schedule, progress=going)
    report = replace(report, not_built=sum(passed_over.values()))
    if settings.write_baseline:
        report = written(report)
    code = report.exit_code(fail_on_incomplete=fail_on_incomplete, allow_empty=allow_empty)
    finish(report, outputs, code, verbose, statistics=statistics, durations=durations, told=going.told)


@click.command(cls=SectionedCommand, short_help="Every number there is, with no verdicts.")
@context_options
@run_options
@click.option(
    "--dla", "only_dla", is_flag=True, help="Only the algebra, in one line: '5 su(2) + 2 u(1), dim 17, exact'."
)
def profile(
    paths: tuple[str, ...],
    only_dla: bool,
    formats: tuple[str, ...],
    keyword: str,
    jobs: int,
    durations: int,
    allow_empty: bool,
    quiet: bool,
    verbose: int,
    run_python: bool,
    exec_timeout: float,
    exec_memory: int,
    no_cache: bool,
    dask: str,
    **options: Any,
) -> None:
    """Every number bplint can compute for the circuits, with no verdicts."""
    from bplint.run import profile as measure
    from bplint.runs.run_sources import RunSchedule

    settings = Settings(**options)
    limits = _build_limits(run_python, exec_timeout, exec_memory)
    schedule = RunSchedule(
        keyword=keyword, jobs=jobs or os.cpu_count() or 1, build=limits, cache=not no_cache, dask=dask
    )
    if only_dla:
        _algebras(paths, settings, schedule, formats, allow_empty)
    outputs = outputs_of(formats, settings.blocked)
    going = progress(outputs, quiet, max(verbose, 1), settings)
    report = measure(paths, settings, schedule=schedule, progress=going)
    code = report.exit_code(allow_empty=allow_empty)
    finish(report, outputs, code, max(verbose, 1), durations=durations, told=going.told)


def _build_limits(allowed: bool, seconds: float, megabytes: int) -> BuildLimits | None:
    """What a builder may take; None where Python is not run."""
    if not allowed:
        return None
    from bplint.sources.building.circuit import BuildLimits

    return BuildLimits(seconds, megabytes << 20)


def _algebras(
    paths: Sequence[str], settings: Settings, schedule: Any, formats: Sequence[str], allow_empty: bool
) -> None:
    """A line for the algebra of each circuit, and the exit code."""
    from bplint.analyses import dla
    from bplint.report.full import failure
    from bplint.report.text import named, printable
    from bplint.run import measure
    from bplint.runs.entries import CircuitReport

    if formats:
        raise UsageError("profile: --dla prints one line a circuit, and takes no --format")
    report = measure(paths, settings, (dla,), schedule=schedule)
    for entry in report.entries:
        if isinstance(entry, CircuitReport):
            name = f"{named(entry.case.path, entry.case.id)}: " if len(report.entries) > 1 else ""
            algebra = entry.analyses["dla"]
            words = [text for label, text in algebra.sentences() if label == "dla"] if algebra.status.told else []
            echo(name + printable("".join(words) or f"not known, {algebra.status}: {algebra.reason}"))
            continue
        fault = entry.finding
        place = f"{printable(fault.path)}:{fault.span.line}:{fault.span.column}"
        click.echo(f"{place}: BP001 {printable(fault.hit.message)}", err=True)
    for failed in report.failures:
        click.echo("\n".join(failure(failed)), err=True)
    sys.exit(report.exit_code(allow_empty=allow_empty))
