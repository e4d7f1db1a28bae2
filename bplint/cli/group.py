"""The command ``bplint`` itself: exit codes, the default command, and errors in one line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

import click

from bplint import __version__
from bplint.errors import PluginError, UsageError

OK, FINDINGS, USAGE, BROKEN, INCOMPLETE, EMPTY = range(6)
INTERRUPTED = 130
"""Exit codes."""


class DefaultCommand(click.Group):
    """A group whose command may be left out: what is not a command is an argument of ``check``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {option for parameter in self.params for option in parameter.opts} | {"--help", "-h"}
        if args and args[0] not in self.commands and args[0] not in own:
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """SIGTERM is as Ctrl-C; a run that is interrupted reports what it has, everything else just ends."""
        here = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGTERM, signal.default_int_handler) if here else None
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("bplint: interrupted", err=True)
            sys.exit(INTERRUPTED)
        finally:
            if here:
                signal.signal(signal.SIGTERM, before)

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


def echo(text: str, *, newline: bool = True) -> None:
    """Colour on a terminal, unless NO_COLOR; FORCE_COLOR wins over no terminal. What it cannot print becomes ``?``."""
    colour = False if os.environ.get("NO_COLOR") else True if os.environ.get("FORCE_COLOR") else None
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding), nl=newline, color=colour)
