"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from bplint.ir.trainable import POLICIES


def words(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
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


plugin_option = click.option(
    "-p", "blocked", multiple=True, callback=_blocked, metavar="no:NAME", help="Leave this plugin out; repeatable."
)


def _all_of(*options: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Several options as one decorator."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in options:
            command = option(command)
        return command

    return decorate


context_options = _all_of(
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
        "--data", multiple=True, callback=words, metavar="GLOB", help="Parameters that carry data, not weights."
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
    plugin_option,
)
"""Where the circuits are, and what they cannot say themselves."""

run_options = _all_of(
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
