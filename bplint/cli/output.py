"""Where a run prints, and in which formats."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import click

from bplint.cli.group import BROKEN, echo
from bplint.cli.listing import not_run
from bplint.config.settings import Settings
from bplint.errors import UsageError
from bplint.files import atomic_write
from bplint.number_format import plural


def outputs_of(formats: Sequence[str], blocked: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """(format, file or None for the screen); the screen at most once."""
    from bplint.plugins import load

    plugins = load(blocked)
    known = plugins.reporters
    outputs = [
        (name, file or None) for name, _, file in (f.partition(":") for f in formats or [plugins.default_format])
    ]
    for name, _ in outputs:
        if name not in known:
            raise UsageError(f"no format is called {name!r}: want one of {', '.join(known)}")
        if ready := known[name].ready:
            ready()
    if sum(file is None for _, file in outputs) > 1:
        raise UsageError("only one format can go to the screen; give the others a file, as in --format json:out.json")
    files = [os.path.realpath(file) for _, file in outputs if file is not None]
    for name, file in outputs:
        if file is not None and files.count(os.path.realpath(file)) > 1:
            raise UsageError(f"--format {name}:{file}: two formats cannot go to one file")
    return outputs


def progress(
    outputs: Sequence[tuple[str, str | None]],
    quiet: bool,
    verbosity: int,
    asked: Settings,
    passed_over: Mapping[str, int] = MappingProxyType({}),
) -> Any:
    """What a run prints as it goes on: the head, and each source as it is finished, as far as the format can.

    ``passed_over`` are the builders by file, which it does not run; ``told`` of what is returned is what was printed of the
    report.
    """
    from bplint.config.in_force import rules_of
    from bplint.plugins import load
    from bplint.report.header import header
    from bplint.run import Progress
    from bplint.terminal.live import LiveLine

    plugins = load(asked.blocked)
    form = next((name for name, file in outputs if file is None), "")
    stream = plugins.reporters[form].stream if form else None

    class Printed(Progress):
        say: Callable[..., str] | None = None

        def start(self, sources: Any, settings: Any, deselected: int) -> None:
            if form == plugins.default_format and not quiet:
                echo(header(sources, settings, deselected, not_run(passed_over)))
            self.say = stream and stream(asked, rules_of(settings), verbosity, len(sources))

        def done(self, entry: Any) -> None:
            try:
                text = self.say(entry) if self.say else ""
            except Exception:  # the format fails on the whole report too, and is named there
                text, self.say = "", None
            self.told += text
            with self.line.aside():
                echo(text, newline=False)

    return Printed(None if quiet else LiveLine())


def written(report: Any) -> Any:
    """The report once its baselines are written, which only a run to the end is worth; what is gone is gone from them."""
    from bplint.config.files import shown
    from bplint.runs import baseline

    if report.interrupted or report.not_run:
        click.echo("bplint: not every circuit was looked at: no baseline is written", err=True)
        return report
    for path, compared in report.baselines.items():
        baseline.write(path, compared.now)
        less = f", {sum(compared.gone.values()):,} gone" if compared.gone else ""
        click.echo(f"{shown(path)}: {plural(sum(compared.now.values()), 'known finding')}{less}", err=True)
    return replace(report, baselines={})


def finish(
    report: Any,
    outputs: Sequence[tuple[str, str | None]],
    code: int,
    verbosity: int,
    *,
    statistics: bool = False,
    durations: int = 0,
    told: str = "",
) -> None:
    """Write the report in its formats, on the screen what was not ``told`` yet, and exit."""
    from bplint.plugins import load

    texts, report = _texts(report, outputs, code, verbosity)
    plugins = load(report.settings.blocked)
    unwritten = ""
    for name, file in outputs:
        text = texts.get(name)
        if text is None:
            continue
        if file is None:
            echo(text.removeprefix(told), newline=False)
            continue
        try:
            atomic_write.put(file, click.unstyle(text).encode(errors="replace"))
        except OSError as error:  # the others are written
            unwritten = unwritten or f"--format {name}:{file}: cannot be written: {error.strerror}"
    if len(texts) < len({name for name, _ in outputs}):
        from bplint.report import concise

        code = BROKEN
        click.echo(concise.write(report, code), nl=False, err=True)  # nothing that was found is lost
    if unwritten:
        raise UsageError(unwritten)
    if statistics or durations:
        from bplint.report import tables

        # Beside a format for programs they must not spoil what those read.
        for_people = not any(plugins.reporters[name].for_machines for name, file in outputs if file is None)
        text = (tables.statistics(report) if statistics else "") + tables.durations(report, durations)
        if for_people:
            echo("\n" + text, newline=False)
        else:
            click.echo("\n" + text, nl=False, err=True)
    sys.exit(code)


def _texts(
    report: Any, outputs: Sequence[tuple[str, str | None]], code: int, verbosity: int
) -> tuple[dict[str, str], Any]:
    """The report in each format, by name, without those that fail; and the report with these failures, which all texts have."""
    from bplint.runs.run_report import FormatError, written

    texts, failed = {}, []
    for name in dict.fromkeys(name for name, _ in outputs):
        try:
            texts[name] = written(report, name, code, verbosity)
        except FormatError as error:
            failed.append(error.failure)
    if not failed:
        return texts, report
    report = replace(report, broken=(*report.broken, *failed))
    kept = [output for output in outputs if output[0] in texts]
    return _texts(report, kept, BROKEN, verbosity)[0], report
