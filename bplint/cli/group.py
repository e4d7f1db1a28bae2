"""The command ``bplint`` itself: exit codes, the default command, and errors in one line."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from bplint import __version__
from bplint.cli.help import COMPLETION, write_sections
from bplint.errors import PluginError, UsageError
from bplint.terminal.cells import spelled

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

OK, FINDINGS, USAGE, BROKEN, INCOMPLETE, EMPTY = range(6)
INTERRUPTED = 130
"""Exit codes."""

HOMES = MappingProxyType(
    {
        "check": "measuring",
        "explain": "catalogue",
        "fix": "repairing",
        "plugins": "catalogue",
        "profile": "measuring",
        "rules": "catalogue",
        "server": "serving",
        "sweep": "families",
    }
)
"""The commands, and the module here that has each: it is loaded when its command is called, or when all are listed."""

DEFAULT = "check"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def command_of(name: str) -> click.Command:
    """One of the commands."""
    command: click.Command = getattr(import_module(f"bplint.cli.{HOMES[name]}"), name)
    return command


class DefaultCommand(click.Group):
    """A group whose command may be left out: what is not a command is an argument of ``check``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {option for parameter in self.params for option in parameter.opts} | {"--help", "-h"}
        if args and args[0] not in HOMES and args[0] not in own:
            if not ctx.resilient_parsing:
                self._check_spelling(args[0])
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In order of their names."""
        return sorted(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, from its module; None where there is none."""
        return command_of(cmd_name) if cmd_name in HOMES else None

    def _check_spelling(self, word: str) -> None:
        """``UsageError`` for a bare word that is no path, and nearly a command."""
        if not word.isalpha() or os.path.exists(word):
            return
        from difflib import get_close_matches

        if meant := get_close_matches(word, HOMES, 1):
            raise UsageError(f"no command and no path is called {word}: did you mean {meant[0]}?")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[COMMAND] [OPTIONS] PATHS...")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, then what the default one takes."""
        self.format_commands(ctx, formatter)
        write_sections(command_of(DEFAULT), ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, options of the default command, or paths."""
        from click.shell_completion import CompletionItem

        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return [*items, *command_of(DEFAULT).shell_complete(ctx, incomplete)]
        return items or [CompletionItem(incomplete, type="file")]

    def invoke(self, ctx: click.Context) -> Any:
        """SIGTERM is as Ctrl-C; a run that is interrupted reports what it has, everything else just ends.

        A reader that has seen enough, as ``head`` has, is no failure; a full disk is one line.
        """
        here = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGTERM, signal.default_int_handler) if here else None
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("bplint: interrupted", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            _stop_printing()
            sys.exit(OK)
        except OSError as error:
            if error.errno not in _FULL or error.filename is not None:
                raise
            _stop_printing()
            click.echo(f"bplint: the output cannot be written: {error.strerror}", err=True)
            sys.exit(USAGE)
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


@click.group(
    cls=DefaultCommand,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    epilog=COMPLETION,
)
@click.version_option(__version__, "--version", prog_name="bplint", message="%(prog)s %(version)s")
def main() -> None:
    """Tells before training whether a parameterized quantum circuit can be trained.

    `bplint PATHS...` lints OpenQASM files and the directories that hold them: it is `bplint check PATHS...`, whose options are
    below; `bplint COMMAND --help` has those of another.
    """
    # Dimensions reach 4^n: exact, and longer than Python prints by default.
    sys.set_int_max_str_digits(0)
    # Circuits are long lists without circles: looking for some among them so often would take a tenth of the time.
    gc.set_threshold(10_000)


def echo(text: str, *, newline: bool = True) -> None:
    """Colour on a terminal that is not dumb, unless NO_COLOR; FORCE_COLOR wins over no terminal. What it lacks is spelled in ASCII.

    Where nobody reads any more nothing is printed, and the run goes on to its verdict and its files.
    """
    colour = False if os.environ.get("NO_COLOR") else True if os.environ.get("FORCE_COLOR") else None
    if colour is None and os.environ.get("TERM") == "dumb":
        colour = False
    try:
        click.echo(spelled(text), nl=newline, color=colour)
    except BrokenPipeError:
        _stop_printing()


def _stop_printing() -> None:
    """Whatever is printed from here on, and what Python still holds back, goes nowhere."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
