"""``bplint sweep``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bplint.cli.group import BROKEN, FINDINGS, OK, echo
from bplint.cli.help import SectionedCommand, section
from bplint.cli.options import case_options, path_arguments, rule_options
from bplint.config.settings import Settings
from bplint.errors import UsageError

if TYPE_CHECKING:
    from bplint.analyses.family import Axis


@click.command(cls=SectionedCommand, short_help="One family of circuits over its sizes.")
@path_arguments
@section(
    "The family",
    click.option(
        "--set",
        "families",
        multiple=True,
        metavar="NAME=START:STOP[:STEP]",
        help="The sizes, such as n=4:16:2, the stop included; twice for two constants, such as the qubits and the layers.",
    ),
    click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", "html"]),
        default="table",
        help="A table, the machine output of all sizes and the family, a row of numbers for each size, or a page.",
    ),
    click.option(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="Send the sizes to the workers of a Dask scheduler, tcp://HOST:PORT.",
    ),
)
@case_options
@rule_options
def sweep(paths: tuple[str, ...], families: tuple[str, ...], form: str, dask: str, **options: Any) -> None:
    """One family over its sizes: a file with --set, or one file for each size; and the rules that look at families.

    With --set twice it is a grid: how the signal depends on each constant while the other is fixed.
    """
    from bplint import sweep as module
    from bplint.report import detail, full
    from bplint.report.grid_table import table
    from bplint.terminal.live import LiveLine

    axes = [_axis(text) for text in families]
    swept = module.sweep(paths, Settings(**options), axes, dask=dask, line=LiveLine())
    failures = dict.fromkeys(swept.report.failures)
    code = BROKEN if failures else FINDINGS if swept.fails else OK
    if form == "json":
        from bplint.report import json

        echo(json.write(swept.report, code), newline=False)
    elif form == "html":
        from bplint.report import html

        echo(html.write(swept.report, code), newline=False)
    elif form == "csv":
        echo(module.rows(swept), newline=False)
    else:
        told = table(swept.grid) if swept.grid else module.table(swept)
        lines = [line for family in swept.report.families for line in detail.family(family)]
        echo("\n".join([told, *lines, ""]), newline=False)
    for failure in failures:
        click.echo("\n".join(full.failure(failure)), err=True)
    sys.exit(code)


def _axis(text: str) -> Axis:
    """``n=4:16:2`` as the name and the sizes 4, 6, …, 16."""
    from bplint.analyses.family import Axis

    name, _, rest = text.partition("=")
    try:
        start, stop, *step = map(int, rest.split(":"))
        sizes = tuple(range(start, stop + 1, *step))
    except (ValueError, TypeError):
        raise UsageError(f"--set {text}: want NAME=START:STOP or NAME=START:STOP:STEP, such as n=4:16:2") from None
    if not name.strip() or not 0 < len(sizes) <= 1000:
        raise UsageError(f"--set {text}: want a name and 1 to 1,000 sizes")
    return Axis(name.strip(), sizes)
