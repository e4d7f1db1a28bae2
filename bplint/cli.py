"""The command line: ``bplint PATH...`` lints; ``check``, ``profile``, ``explain``, ``rules`` and ``plugins`` are commands."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from bplint import __version__
from bplint.config.settings import FAIL_ON, Settings
from bplint.errors import PluginError, SourceError, Span, UsageError
from bplint.ir.trainable import POLICIES

OK, FINDINGS, USAGE, BROKEN, INCOMPLETE, EMPTY = range(6)
"""Exit codes (contract section 8)."""


class DefaultCommand(click.Group):
    """A group whose command may be left out: what is not a command is an argument of ``check``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {option for parameter in self.params for option in parameter.opts} | {"--help", "-h"}
        if args and args[0] not in self.commands and args[0] not in own:
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Turn the errors that users cause into one line and an exit code."""
        try:
            return super().main(*args, **kwargs)
        except UsageError as error:
            click.echo(f"bplint: {error}", err=True)
            sys.exit(USAGE)
        except PluginError as error:
            click.echo(f"bplint: {error}", err=True)
            sys.exit(BROKEN)
        except Exception:
            import traceback

            traceback.print_exc()
            click.echo("bplint: this is a bug in bplint; please report it with the lines above", err=True)
            sys.exit(BROKEN)


@click.group(cls=DefaultCommand, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, "--version", prog_name="bplint", message="%(prog)s %(version)s")
def main() -> None:
    """Tells before training whether a parameterized quantum circuit can be trained.

    `bplint PATH...` lints OpenQASM files and the directories that hold them; `bplint COMMAND --help` says more.
    """
    # Dimensions reach 4^n: exact, and longer than Python prints by default.
    sys.set_int_max_str_digits(0)


def _words(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _sizes(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for value in values:
        name, _, number = value.partition("=")
        try:
            found[name.strip()] = int(number)
        except ValueError:
            raise click.BadParameter(f"want a name and a whole number such as n=8, got {value!r}") from None
    return tuple(found.items())


def _blocked(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if not value.startswith("no:"):
            raise click.BadParameter(f"want no:NAME, got {value!r}")
    return tuple(value.removeprefix("no:") for value in values)


_plugin_option = click.option(
    "-p", "blocked", multiple=True, callback=_blocked, metavar="no:NAME", help="Leave this plugin out; repeatable."
)


def _all_of(*options: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Several options as one decorator."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in options:
            command = option(command)
        return command

    return decorate


_context_options = _all_of(
    click.argument("paths", nargs=-1, required=True),
    click.option(
        "--observable",
        metavar="TEXT",
        help="The loss: 'Z0 Z1', '0.5*Z0 + X1', 'ZZII', 'mean(Z)', 'projector(0..n-1)'.",
    ),
    click.option(
        "--shots", type=click.IntRange(min=1), metavar="N", help="Shots per gradient component.  [default: 10000]"
    ),
    click.option(
        "--init",
        metavar="LAW",
        help="Where angles start: uniform, normal:SIGMA or range:R, also NAME=LAW, by commas.  [default: uniform]",
    ),
    click.option(
        "--noise",
        metavar="SPEC",
        help="After each gate: depolarizing:P, 1q=CHANNEL, 2q=CHANNEL, readout:P, by commas.  [default: none]",
    ),
    click.option("--trainable", type=click.Choice(POLICIES), help="Which angles are trained.  [default: auto]"),
    click.option(
        "--data", multiple=True, callback=_words, metavar="GLOB", help="Parameters that carry data, not weights."
    ),
    click.option(
        "--set",
        "sizes",
        multiple=True,
        callback=_sizes,
        metavar="NAME=INT",
        help="A value for a const int or input int of the file, such as n=8; repeatable.",
    ),
    click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the sampling.  [default: 0]"),
    click.option(
        "--budget",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Time for the sampling of one circuit.  [default: 60]",
    ),
    click.option("--stdin-filename", default="-", metavar="NAME", help="What to call standard input, the path '-'."),
    click.option("--config", metavar="FILE", help="This configuration file instead of the closest of each source."),
    click.option("--isolated", is_flag=True, help="No configuration file at all."),
    _plugin_option,
)
"""Where the circuits are, and what they cannot say themselves."""

_run_options = _all_of(
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="NAME[:FILE]",
        help="full (default), concise, json or another that a plugin has, to the screen or a file; repeatable.",
    ),
    click.option(
        "-k", "keyword", default="", metavar="EXPR", help="Only sources whose id it selects: 'vqe and not deep'."
    ),
    click.option(
        "-j", "jobs", type=click.IntRange(min=0), default=1, show_default=True, help="Processes; 0 for all cores."
    ),
    click.option("--durations", type=click.IntRange(min=0), default=0, metavar="N", help="The N slowest analyses."),
    click.option("--allow-empty", is_flag=True, help="Exit 0 when nothing was collected."),
    click.option("-q", "--quiet", is_flag=True, help="No header and no progress."),
    click.option("-v", "--verbose", count=True, help="The numbers of every circuit."),
)
"""What the run prints, and how it goes about it."""


@main.command()
@_context_options
@_run_options
@click.option(
    "--select", multiple=True, callback=_words, metavar="CODES", help="Only these rules: codes, prefixes or names."
)
@click.option("--ignore", multiple=True, callback=_words, metavar="CODES", help="Not these rules.")
@click.option(
    "--extend-select",
    multiple=True,
    callback=_words,
    metavar="CODES",
    help="These too, beside what configuration selects.",
)
@click.option(
    "--suggest/--no-suggest",
    default=True,
    help="Measure what would repair a finding, or only find.  [default: suggest]",
)
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="What fails the run.  [default: error]")
@click.option("--fail-on-incomplete", is_flag=True, help="Exit 4 when something was skipped or inconclusive.")
@click.option("-x", "first", is_flag=True, help="Stop after the first source that fails.")
@click.option("--maxfail", type=click.IntRange(min=0), default=0, metavar="N", help="Stop after N sources that fail.")
@click.option("--collect-only", is_flag=True, help="List what would be linted, and lint nothing.")
@click.option(
    "--show-settings", is_flag=True, help="Print what holds for each path and where it is said, and lint nothing."
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
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
    **options: Any,
) -> None:
    """Lint circuits (the default command).

    An option wins over a file's own `// bplint:` comments, they win over configuration: the closest bplint.toml, or
    pyproject.toml with [tool.bplint].
    """
    from bplint.run import Schedule, lint, select

    settings = Settings(**options)
    if show_settings:
        from bplint.config.show import show
        from bplint.plugins import load

        names = [source.name for source in select(paths, settings, keyword)[0]]
        click.echo(show(settings, load(settings.blocked).rules, names), nl=False)
        sys.exit(OK)
    if collect_only:
        sys.exit(_list(paths, settings, keyword, OK if allow_empty else EMPTY))
    outputs = _outputs(formats, settings.blocked)
    schedule = Schedule(keyword, jobs or os.cpu_count() or 1, 1 if first else maxfail)
    report = lint(paths, settings, schedule=schedule, progress=_progress(outputs, quiet, paths))
    code = report.exit_code(fail_on_incomplete=fail_on_incomplete, allow_empty=allow_empty)
    _finish(report, outputs, code, verbose, statistics=statistics, durations=durations)


@main.command()
@_context_options
@_run_options
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
    **options: Any,
) -> None:
    """Every number bplint can compute for the circuits, with no verdicts."""
    from bplint.run import Schedule
    from bplint.run import profile as measure

    settings = Settings(**options)
    if only_dla:
        _algebras(paths, settings, Schedule(keyword, jobs or os.cpu_count() or 1), formats, allow_empty)
    outputs = _outputs(formats, settings.blocked)
    schedule = Schedule(keyword, jobs or os.cpu_count() or 1)
    report = measure(paths, settings, schedule=schedule, progress=_progress(outputs, quiet))
    code = report.exit_code(allow_empty=allow_empty)
    _finish(report, outputs, code, max(verbose, 1), durations=durations)


@main.command()
@_context_options
@click.option(
    "--prior",
    metavar="NAME",
    help="The suggestion to carry out, as the report names it.  [default: the best verified one]",
)
@click.option(
    "--select", "codes", multiple=True, callback=_words, metavar="BP002", help="Remove unused suppressions instead."
)
@click.option("--diff", "as_diff", is_flag=True, help="Print the change as a unified diff, and write nothing.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write the result there, and leave the file alone."
)
def fix(
    paths: tuple[str, ...],
    prior: str | None,
    codes: tuple[str, ...],
    as_diff: bool,
    output: str | None,
    **options: Any,
) -> None:
    """Carry out a suggestion, or remove suppressions that suppress nothing; standard input is fixed to standard output."""
    from bplint import fix as fixing
    from bplint.report.text import printable

    if prior and codes:
        raise UsageError("--prior and --select are two different repairs: want one of them")
    settings = Settings(**options)
    results = fixing.fix(paths, settings, codes) if codes else fixing.repair(paths, settings, prior)
    if output and (len(results) != 1 or as_diff):
        raise UsageError(f"--output takes one file and no --diff; there are {len(results)}")
    for one in results:
        name = printable(one.source.name)
        if one.fault:
            place = f"{name}:{one.fault.span.line}:{one.fault.span.column}"
            click.echo(f"{place}: BP001 {printable(one.fault.hit.message)}", err=True)
        elif one.open:
            click.echo(f"{name}: {printable(one.open)}", err=True)
        if as_diff:
            click.echo(fixing.diff(one), nl=False)
        elif output == "-" or (one.source.path == "-" and not output):
            click.echo(one.after, nl=False)
        elif output and not (one.fault or one.open):
            fixing.write_to(output, one.after)
            click.echo(f"{name}: {one.done or 'unchanged'}; written to {printable(output)}", err=True)
        elif one.done:
            fixing.write(one)
            click.echo(f"{name}: {one.done}")
    if not any(one.done or one.open for one in results):
        click.echo("nothing to fix", err=True)
    sys.exit(FINDINGS if any(one.fault or one.open for one in results) else OK)


@main.command()
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--set", "family", metavar="NAME=START:STOP[:STEP]", help="The sizes, such as n=4:16:2, the stop included."
)
@click.option("--observable", metavar="TEXT", help="The loss, as for check.")
@click.option("--init", metavar="LAW", help="Where angles start, as for check.")
@click.option("--shots", type=click.IntRange(min=1), metavar="N", help="Shots per gradient component, as for check.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the sampling.  [default: 0]")
@click.option("--select", multiple=True, callback=_words, metavar="CODES", help="Only these rules, as for check.")
@click.option("--ignore", multiple=True, callback=_words, metavar="CODES", help="Not these rules.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="What fails the run.  [default: error]")
def sweep(paths: tuple[str, ...], family: str | None, **options: Any) -> None:
    """One family over its sizes: a file with --set, or one file for each size; and the rules that look at families."""
    from bplint import sweep as module
    from bplint.report import full

    name, sizes = _family(family) if family else ("", [])
    swept = module.sweep(paths, Settings(**options), name, sizes)
    _echo(module.table(swept) + full.family(swept.report), newline=False)
    sys.exit(FINDINGS if swept.report.fails else OK)


def _family(text: str) -> tuple[str, list[int]]:
    """``n=4:16:2`` as the name and the sizes 4, 6, …, 16."""
    name, _, rest = text.partition("=")
    try:
        start, stop, *step = map(int, rest.split(":"))
        sizes = list(range(start, stop + 1, *step))
    except (ValueError, TypeError):
        raise UsageError(f"--set {text}: want NAME=START:STOP or NAME=START:STOP:STEP, such as n=4:16:2") from None
    if not name.strip() or not 0 < len(sizes) <= 1000:
        raise UsageError(f"--set {text}: want a name and 1 to 1,000 sizes")
    return name.strip(), sizes


@main.command()
@click.argument("rule")
@_plugin_option
def explain(rule: str, blocked: tuple[str, ...]) -> None:
    """The page of a rule: what it finds, why it matters, when it is fine."""
    from bplint.explain import page
    from bplint.plugins import load

    click.echo(page(load(blocked).rules, rule))


@main.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_plugin_option
def rules(format_: str, blocked: tuple[str, ...]) -> None:
    """Every rule: code, name, severity, kind of evidence, plugin."""
    from bplint.explain import as_json, table
    from bplint.plugins import load

    click.echo({"text": table, "json": as_json}[format_](load(blocked)))


@main.command()
@_plugin_option
def plugins(blocked: tuple[str, ...]) -> None:
    """The plugins in use: where each comes from, and what it brings."""
    from bplint.explain import plugin_table
    from bplint.plugins import load

    click.echo(plugin_table(load(blocked)))


def _algebras(
    paths: Sequence[str], settings: Settings, schedule: Any, formats: Sequence[str], allow_empty: bool
) -> None:
    """A line for the algebra of each circuit, and the exit code."""
    from bplint.analyses.dla import dla
    from bplint.report.numbers import algebra
    from bplint.report.text import printable
    from bplint.run import CircuitReport, measure

    if formats:
        raise UsageError("profile: --dla prints one line a circuit, and takes no --format")
    report = measure(paths, settings, (dla,), schedule=schedule)
    for entry in report.entries:
        if isinstance(entry, CircuitReport):
            name = f"{printable(entry.case.path)}: " if len(report.entries) > 1 else ""
            _echo(name + printable(algebra(entry.analyses["dla"])))
            continue
        found = entry.finding
        place = f"{printable(found.path)}:{found.span.line}:{found.span.column}"
        click.echo(f"{place}: BP001 {printable(found.hit.message)}", err=True)
    sys.exit(report.exit_code(allow_empty=allow_empty))


def _outputs(formats: Sequence[str], blocked: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """(format, file or None for the screen); the screen at most once."""
    from bplint.plugins import load

    known = load(blocked).reporters
    outputs = [(name, file or None) for name, _, file in (f.partition(":") for f in formats)] or [("full", None)]
    for name, _ in outputs:
        if name not in known:
            raise UsageError(f"no format is called {name!r}: want one of {', '.join(known)}")
    if sum(file is None for _, file in outputs) > 1:
        raise UsageError("only one format can go to the screen; give the others a file, as in --format json:out.json")
    return outputs


def _progress(outputs: Sequence[tuple[str, str | None]], quiet: bool, paths: Sequence[str] = ()) -> Any:
    """What a run prints as it goes on; ``paths`` are those to look through for builders, which it does not run."""
    from bplint.report import full
    from bplint.run import Progress

    if quiet or ("full", None) not in outputs:
        return Progress()

    class Printed(Progress):
        def start(self, sources: Any, settings: Any, deselected: int) -> None:
            _echo(full.header(len(sources), settings, deselected, _not_run(paths)))

        def done(self, entry: Any) -> None:
            _echo(full.progress(entry))

    return Printed()


def _finish(
    report: Any,
    outputs: Sequence[tuple[str, str | None]],
    code: int,
    verbosity: int,
    *,
    statistics: bool = False,
    durations: int = 0,
) -> None:
    from bplint.plugins import load

    reporters = load(report.settings.blocked).reporters
    for name, file in outputs:
        text = reporters[name].write(report, code, verbosity)
        if file is None:
            _echo(("\n" if name == "full" else "") + text, newline=False)
            continue
        try:
            with open(file, "w", encoding="utf-8") as stream:
                stream.write(click.unstyle(text))
        except OSError as error:
            raise UsageError(f"--format {name}:{file}: {error.strerror}") from error
    if statistics or durations:
        from bplint.report import tables

        # Beside a format for programs they must not spoil what those read.
        for_people = not {("json", None), ("sarif", None)} & set(outputs)
        text = (tables.statistics(report) if statistics else "") + tables.durations(report, durations)
        click.echo("\n" + text, nl=False, err=not for_people)
    sys.exit(code)


def _list(paths: Sequence[str], settings: Settings, keyword: str, empty: int) -> int:
    """Print the ids of circuits and of builders in Python, and return the exit code; ``empty`` is that of none."""
    from bplint.builders import builders
    from bplint.collect import collect_python
    from bplint.keywords import matcher
    from bplint.report.text import printable
    from bplint.run import select
    from bplint.words import plural

    match = matcher(keyword)
    circuits = [source.name for source in select(paths, settings, "")[0] if source.suffix != ".py"]
    built, faults = [], 0
    for source in collect_python(paths):
        try:
            built += [id_ for builder in builders(source.read()) for id_ in builder.ids(source.name)]
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


def _not_run(paths: Sequence[str]) -> str:
    """A remark on the builders declared in directories: a run that passes them over should not look complete."""
    from bplint.collect import collect_python
    from bplint.report.text import printable
    from bplint.words import plural

    declaring: dict[str, int] = {}
    for source in collect_python([path for path in paths if os.path.isdir(path)]):
        from bplint import builders  # most directories hold no Python that speaks of bplint

        with contextlib.suppress(SourceError):
            if declared := sum(builder.declared for builder in builders.builders(source.read())):
                declaring[source.name] = declared
    if not declaring:
        return ""
    names = [printable(name) for name in declaring]
    count = plural(sum(declaring.values()), "builder")
    where = names[0] if len(names) == 1 else f"{len(names):,} Python files"
    return f"not run: {count} in {where}; to lint: pytest --bplint {' '.join(names[:3])}{' …' * (len(names) > 3)}"


def _echo(text: str, *, newline: bool = True) -> None:
    """Colour on a terminal, unless NO_COLOR; FORCE_COLOR wins over no terminal. What it cannot print becomes ``?``."""
    colour = False if os.environ.get("NO_COLOR") else True if os.environ.get("FORCE_COLOR") else None
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding), nl=newline, color=colour)
