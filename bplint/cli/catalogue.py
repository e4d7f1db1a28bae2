"""``bplint explain``, ``bplint rules`` and ``bplint plugins``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bplint.cli.group import BROKEN
from bplint.cli.help import rules as rules_known
from bplint.cli.options import plugin_option

if TYPE_CHECKING:
    from bplint.failure import Failure


@click.command(short_help="The page of a rule, or of a word such as signal.")
@click.argument("rule", metavar="RULE|WORD", shell_complete=rules_known)
@plugin_option
def explain(rule: str, blocked: tuple[str, ...]) -> None:
    """The page of a rule: what it finds, why it matters, when it is fine. Or what a word of the output means: signal, noise,
    certainty, seed.
    """
    from bplint.explain import page
    from bplint.plugins import load

    click.echo(page(load(blocked).rules, rule))


@click.command(short_help="Every rule: code, name, severity, plugin.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@plugin_option
def rules(format_: str, blocked: tuple[str, ...]) -> None:
    """Every rule: code, name, severity, kind of evidence, plugin."""
    from bplint.explain import as_json, table
    from bplint.plugins import load

    plugins_here = load(blocked)
    click.echo({"text": table, "json": as_json}[format_](plugins_here))
    _tell(plugins_here.failures)


@click.command(short_help="The plugins in use, and what each brings.")
@plugin_option
def plugins(blocked: tuple[str, ...]) -> None:
    """The plugins in use: where each comes from, and what it brings."""
    from bplint.explain import plugin_table
    from bplint.plugins import load, load_analyses

    loaded, analyses = load(blocked), load_analyses(blocked)
    click.echo(plugin_table(loaded, analyses))
    _tell((*loaded.failures, *analyses.failures))


def _tell(failures: Sequence[Failure]) -> None:
    """What could not be loaded, and the exit code that says so."""
    for failure in failures:
        click.echo(f"bplint: {failure.title}: {failure.reason}", err=True)
    if failures:
        sys.exit(BROKEN)
