"""What is there to lint: ids of circuits, and of builders in Python, which are not run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

from bplint.cli.group import FINDINGS, OK
from bplint.config.settings import Settings
from bplint.errors import SourceError, Span


def listed(paths: Sequence[str], settings: Settings, keyword: str, empty: int) -> int:
    """Print the ids of circuits and of builders in Python, and return the exit code; ``empty`` is that of none."""
    from bplint.number_format import plural
    from bplint.report.text import printable
    from bplint.runs.jobs import lint_job
    from bplint.runs.run_sources import select
    from bplint.sources.builders import builders
    from bplint.sources.collect import collect_python, module_text
    from bplint.sources.select_by_id import matcher

    job, match = lint_job(settings), matcher(keyword)
    circuits = [job.id_of(source) for source in select(job, paths)[0] if not source.is_python]
    built, faults = [], 0
    for source in collect_python(paths, job.configurations.excluded):
        try:
            built += [id_ for builder in builders(module_text(source)) for id_ in builder.ids(job.id_of(source))]
        except SourceError as error:
            span = error.span or Span(1, 1, 1, 1)
            click.echo(
                f"{printable(source.name)}:{span.line}:{span.column}: BP001 {printable(error.message)}", err=True
            )
            faults += 1
    chosen, chosen_built = list(filter(match, circuits)), list(filter(match, built))
    for id_ in chosen + chosen_built:
        click.echo(printable(id_))
    in_python = f", {len(chosen_built):,} of builders in Python, which is not run" if chosen_built else ""
    left = len(circuits) + len(built) - len(chosen) - len(chosen_built)
    click.echo(plural(len(chosen), "circuit") + in_python + (f", {left:,} deselected" if left else ""))
    return FINDINGS if faults else OK if chosen or chosen_built else empty


def not_built(paths: Sequence[str], settings: Settings) -> dict[str, int]:
    """How many builders the Python files in these directories hold: a run that passes them over is not complete."""
    from bplint.runs.jobs import lint_job
    from bplint.sources.collect import collect_python

    configurations = lint_job(settings).configurations

    def targets_in(file: str) -> object:
        return configurations.of(file).targets_in(file)

    declaring: dict[str, int] = {}
    folders = [path for path in paths if os.path.isdir(path)]
    for source in collect_python(folders, configurations.excluded, is_target=targets_in):
        from bplint.sources.building.run import read_file  # most directories hold no Python that speaks of bplint

        if count := len(read_file(configurations, source).builders):
            declaring[source.name] = count
    return declaring


def not_run(declaring: Mapping[str, int]) -> str:
    """A remark on the builders that a run passes over, by file."""
    from bplint.number_format import plural
    from bplint.report.text import printable

    if not declaring:
        return ""
    names = [printable(name) for name in declaring]
    count = plural(sum(declaring.values()), "builder")
    where = names[0] if len(names) == 1 else f"{len(names):,} Python files"
    return f"not run: {count} in {where}; to lint: --exec"
