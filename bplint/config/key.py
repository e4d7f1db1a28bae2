"""A key of a configuration file, and the errors that speak of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.errors import UsageError
from bplint.importers.quoting import quote


class Place(NamedTuple):
    """A key of a file, for messages; ``folder`` is the file's."""

    file: str
    key: str
    folder: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}" if self.key else self.file

    def at(self, key: str) -> Place:
        """A key in this table."""
        name = key if re.fullmatch(r"[\w-]+", key, re.ASCII) else f'"{quote(key)}"'
        return self._replace(key=f"{self.key}.{name}" if self.key else name)

    def error(self, message: str) -> UsageError:
        """The error of this place."""
        return UsageError(f"{self}: {message}")

    def wrong(self, want: str, got: object) -> UsageError:
        """The error for a value of the wrong kind."""
        return self.error(f"want {want}, got {_named(got)}")

    def table(self, value: object) -> dict[str, Any]:
        """The value as a table."""
        if not isinstance(value, dict):
            raise self.wrong("a table", value)
        return value

    def unknown(self, key: str, known: Sequence[str]) -> UsageError:
        """The error for a key that does not exist."""
        if "exec" in key.lower():
            return self.at(key).error("no configuration can allow that code is run; only the command line can")
        if key == "tool" and not self.key:
            return self.error("keys stand at the top level here; only pyproject.toml has the table tool.bplint")
        from difflib import get_close_matches

        close = get_close_matches(key.replace("_", "-"), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
        return self.error(f'unknown key "{quote(key)}"; {hint}')


def _named(value: object) -> str:
    """A value as a message names it, whatever its size."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{quote(value)}"' if isinstance(value, str) else quote(str(value))
