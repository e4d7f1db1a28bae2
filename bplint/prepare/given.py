"""What is in force of what a circuit does not say: the command line wins over the source, the source over configuration,
configuration over the defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.config.in_force import InForce
from bplint.context_keys import Said, keys
from bplint.errors import BplintError, SourceError, Span, UsageError
from bplint.importers.program import Directive


class Given(NamedTuple):
    """The value in force of a key, who gave it (``option``, ``comment``, … ``configuration`` or ``default``), and where: a place
    in the source, or an origin."""

    value: Any
    source: str
    span: Span | None = None
    origin: str = ""

    def error(self, message: str) -> BplintError:
        """The error that it is at fault."""
        return SourceError(message, self.span) if self.span else UsageError(f"{self.origin}: {message}")


def given(directives: Sequence[Directive], settings: InForce) -> dict[str, Given]:
    """What holds for each key that a source may state: the option, else the source, else configuration, else the default.

    ``SourceError`` at a directive that cannot be read, or declares a second time what may be declared once.
    """
    said = {}
    for name, key in keys(Said.SOURCE).items():
        declared = [directive for directive in directives if directive.key == name]
        if len(declared) > 1 and not key.joins:
            first, second = declared[0].span, declared[1].span
            raise SourceError(f"a second {name} is declared; the first is in line {first.line}", second)
        stated = settings.stated(name)
        if declared and stated.origin != f"--{name}":
            try:
                value = declared[0].read or key.of_text(" ".join(directive.value for directive in declared))
            except BplintError as error:
                raise SourceError(str(error), declared[0].span) from error
            said[name] = Given(value, declared[0].source, declared[0].span)
        else:
            source = {f"--{name}": "option", "default": "default"}.get(stated.origin, "configuration")
            said[name] = Given(stated.value, source, origin=stated.origin)
    return said
