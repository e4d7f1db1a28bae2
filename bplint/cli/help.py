"""Help that reads by subject: options in sections, the default command's own among them, and words that a shell completes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETION = (
    'Completion: eval "$(_BPLINT_COMPLETE=bash_source bplint)", or zsh_source; in fish _BPLINT_COMPLETE=fish_source bplint '
    "| source."
)


def section(title: str, *options: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Several options as one decorator, in this order and under this title in the help."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
            getattr(command, "__click_params__")[-1].section = title  # noqa: B009  # click's own place for them
        return command

    return decorate


class SectionedCommand(click.Command):
    """A command whose help has its options in their sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_sections(self, ctx, formatter)


def write_sections(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The options of a command in their sections, and at the end those of the command that is asked for help that are in none."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for parameter in [*command.params, *ctx.command.get_params(ctx)]:
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
            records = sections.setdefault(getattr(parameter, "section", _OTHERS), [])
            records += [record] * (record not in records)
    for title in sorted(sections, key=_OTHERS.__eq__):
        with formatter.section(title):
            formatter.write_dl(sections[title])


_OTHERS = "Other options"


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Paths, which a shell completes itself."""
    from click.shell_completion import CompletionItem  # here and below, for a shell that asks

    return [CompletionItem(incomplete, type="file")]


def rules(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of rules, with their names; in a list the last one."""
    from click.shell_completion import CompletionItem

    from bplint.plugins import load

    before, comma, word = incomplete.rpartition(",")
    loaded = load(ctx.params.get("blocked") or ()).rules
    return [CompletionItem(f"{before}{comma}{r.code}", help=r.name) for r in loaded if r.code.startswith(word.upper())]


def formats(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of report formats."""
    from click.shell_completion import CompletionItem

    from bplint.plugins import load

    known = load(ctx.params.get("blocked") or ()).reporters.values()
    return [CompletionItem(one.name, help=one.help) for one in known if one.name.startswith(incomplete)]
