"""``bplint fix``."""

from __future__ import annotations

import sys
from typing import Any

import click

from bplint.cli.group import FINDINGS, OK, echo
from bplint.cli.help import SectionedCommand, section
from bplint.cli.options import context_options, words
from bplint.config.settings import Settings
from bplint.errors import UsageError


@click.command(cls=SectionedCommand, short_help="Carry out repairs: safe ones, or one by its name.")
@context_options
@section(
    "Which repair, and where to",
    click.option(
        "--prior", metavar="NAME", help="Carry out this suggestion, named in the report: a change of the model."
    ),
    click.option(
        "--select",
        "codes",
        multiple=True,
        callback=words,
        metavar="CODES",
        help="Only these of the rules whose repairs keep the loss.",
    ),
    click.option("--diff", "as_diff", is_flag=True, help="Print the change as a unified diff, and write nothing."),
    click.option(
        "-o", "--output", type=click.Path(dir_okay=False), help="Write the result there, and leave the file alone."
    ),
)
def fix(
    paths: tuple[str, ...],
    prior: str | None,
    codes: tuple[str, ...],
    as_diff: bool,
    output: str | None,
    **options: Any,
) -> None:
    """What keeps the loss exactly: unused suppressions are removed, dead parameters dropped, redundant ones merged. With
    --prior a suggestion of the report is carried out instead, which changes the model: its ansatz, its start or its loss.

    Files are changed in place; standard input is fixed to standard output.
    """
    from contextlib import closing

    from bplint import fix as fixing
    from bplint.report.text import printable
    from bplint.terminal.live import LiveLine

    if prior and codes:
        raise UsageError("--prior and --select are two different repairs: want one of them")
    settings = Settings(**options)
    with closing(LiveLine()) as line:
        results = fixing.repair(paths, settings, prior, line) if prior else fixing.fix(paths, settings, codes, line)
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
        elif output and (one.done or not (one.fault or one.open)):
            fixing.write_to(output, one.after)
            click.echo(f"{name}: {one.done or 'unchanged'}; written to {printable(output)}", err=True)
        elif one.done:
            fixing.write(one)
            echo(f"{name}: {one.done}")
    if not any(one.done or one.open for one in results):
        click.echo(
            "nothing to fix"
            if prior or codes
            else "nothing to fix that keeps the loss; --prior NAME changes the model",
            err=True,
        )
    sys.exit(FINDINGS if any(one.fault or one.open for one in results) else OK)
