"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from bplint.cli.help import files, formats, rules, section
from bplint.config.settings import FAIL_ON
from bplint.context_keys import Key, Said, keys
from bplint.errors import BplintError


def words(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _sizes(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    sizes: dict[str, int] = {}
    for value in values:
        name, _, number = value.partition("=")
        try:
            sizes[name.strip()] = int(number)
        except ValueError:
            raise click.BadParameter(f"want a name and a whole number such as n=8, got {value!r}") from None
    return tuple(sizes.items())


def _blocked(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if not value.startswith("no:"):
            raise click.BadParameter(f"want no:NAME, got {value!r}")
    return tuple(value.removeprefix("no:") for value in values)


plugin_option = click.option(
    "-p", "blocked", multiple=True, callback=_blocked, metavar="no:NAME", help="Leave this plugin out; repeatable."
)


def _option(key: Key) -> Callable[..., Any]:
    """The option of a key, read and explained as the table says."""

    def read(ctx: click.Context, parameter: click.Parameter, given: str | tuple[str, ...] | None) -> Any:
        if given is None or given == ():
            return given
        try:
            return key.of_text(given if isinstance(given, str) else ",".join(given))
        except BplintError as error:
            raise click.BadParameter(str(error)) from error

    default = "" if key.default is None else key.written(key.default)
    told = f"{key.help}  [default: {default}]" if default else key.help
    return click.option(f"--{key.name}", multiple=key.joins, callback=read, metavar=key.metavar, help=told)


path_arguments = click.argument("paths", nargs=-1, required=True, shell_complete=files)


def case_options(command: Callable[..., None]) -> Callable[..., None]:
    """What circuits cannot say themselves, and where it is configured."""
    return _left_open(_configuration(command))


def context_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where the circuits are, and what they cannot say themselves."""
    return path_arguments(case_options(_sources(command)))


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Which circuits are looked at and how, and what the run prints."""
    return _chosen(_printed(_processes(command)))


_left_open = section("What a circuit leaves open", *map(_option, keys(Said.OPTION).values()))

_configuration = section(
    "Configuration",
    click.option("--config", metavar="FILE", help="This configuration file instead of the closest of each source."),
    click.option("--isolated", is_flag=True, help="No configuration file at all."),
    plugin_option,
)

_CIRCUITS, _OUTPUT = "Which circuits", "What is printed"

_sources = section(
    _CIRCUITS,
    click.option(
        "--set",
        "sizes",
        multiple=True,
        callback=_sizes,
        metavar="NAME=INT",
        help="A value for a const int or input int of the file, such as n=8; repeatable.",
    ),
    click.option("--stdin-filename", default="-", metavar="NAME", help="What to call standard input, the path '-'."),
)

_chosen = section(
    _CIRCUITS,
    click.option(
        "-k", "keyword", default="", metavar="EXPR", help="Only sources whose id it selects: 'vqe and not deep'."
    ),
    click.option(
        "--exec",
        "run_python",
        is_flag=True,
        envvar="BPLINT_EXEC",
        help="Run Python files for the circuits of their builders, each in a process of its own; also BPLINT_EXEC=1.",
    ),
    click.option("--allow-empty", is_flag=True, help="Exit 0 when nothing was collected."),
)

rule_options = section(
    "Which rules, and what fails",
    click.option(
        "--select",
        multiple=True,
        callback=words,
        metavar="CODES",
        shell_complete=rules,
        help="Only these rules: codes, prefixes or names.",
    ),
    click.option(
        "--ignore", multiple=True, callback=words, metavar="CODES", shell_complete=rules, help="Not these rules."
    ),
    click.option(
        "--extend-select",
        multiple=True,
        callback=words,
        metavar="CODES",
        shell_complete=rules,
        help="These too, beside what configuration selects.",
    ),
    click.option("--fail-on", type=click.Choice(FAIL_ON), help="What fails the run.  [default: error]"),
)
"""Which rules run, and what fails."""

gate_options = section(
    "Which rules, and what fails",
    click.option(
        "--suggest/--no-suggest",
        default=True,
        help="Measure what would repair a finding, or only find: faults, not chances.  [default: suggest]",
    ),
    click.option("--fail-on-incomplete", is_flag=True, help="Exit 4 when something was skipped or inconclusive."),
    click.option("-x", "first", is_flag=True, help="Stop after the first source that fails."),
    click.option(
        "--maxfail", type=click.IntRange(min=0), default=0, metavar="N", help="Stop after N sources that fail."
    ),
    click.option("--baseline", metavar="FILE", help="Let pass what stands in this file, written by --write-baseline."),
    click.option("--write-baseline", is_flag=True, help="Make what is found the baseline."),
    click.option(
        "--diff-base",
        metavar="REF",
        help="Report what is new or worse since this commit; main... is where this branch left main.",
    ),
)
"""What lets a run pass, and when it stops."""

_printed = section(
    _OUTPUT,
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="NAME[:FILE]",
        shell_complete=formats,
        help="full (default), concise, json or another that a plugin has, to the screen or a file; repeatable.",
    ),
    click.option("-v", "--verbose", count=True, help="Everything: evidence, notes, all suggestions, the numbers."),
    click.option("-q", "--quiet", is_flag=True, help="No header and no progress."),
    click.option("--durations", type=click.IntRange(min=0), default=0, metavar="N", help="The N slowest analyses."),
)

table_options = section(
    _OUTPUT,
    click.option("--statistics", is_flag=True, help="Count the findings of each rule."),
    click.option("--collect-only", is_flag=True, help="List what would be linted, and lint nothing."),
    click.option(
        "--show-settings", is_flag=True, help="Print what holds for each path and where it is said, and lint nothing."
    ),
)
"""What is printed beside findings, or in their place."""

_processes = section(
    "How it runs",
    click.option(
        "-j",
        "jobs",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        metavar="N",
        help="Processes; 0 for all cores.",
    ),
    click.option(
        "--no-cache",
        is_flag=True,
        envvar="BPLINT_NO_CACHE",
        help="Look at every circuit anew, and keep nothing in .bplint_cache; also BPLINT_NO_CACHE=1.",
    ),
    click.option(
        "--exec-timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="Time for one builder, and for the import of its file.",
    ),
    click.option(
        "--exec-memory",
        type=click.IntRange(min=64),
        default=4096,
        show_default=True,
        metavar="MB",
        help="Memory for the process of one Python file.",
    ),
    click.option(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="Send circuits to the workers of a Dask scheduler, tcp://HOST:PORT.",
    ),
)
