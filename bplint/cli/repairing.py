"""``bplint fix``."""

from __future__ import annotations

import sys
from typing import Any

import click

from bplint.cli.group import FINDINGS, OK, main
from bplint.cli.options import context_options, words
from bplint.config.settings import Settings
from bplint.errors import UsageError


@main.command()
@context_options
@click.option(
    "--prior",
    metavar="NAME",
    help="The suggestion to carry out, as the report names it.  [default: the best verified one]",
)
@click.option(
    "--select", "codes", multiple=True, callback=words, metavar="BP002", help="Remove unused suppressions instead."
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
