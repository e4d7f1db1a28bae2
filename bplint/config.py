"""The settings of one run."""

from __future__ import annotations

from typing import NamedTuple

from bplint.ir.context import DEFAULT_SHOTS


class Settings(NamedTuple):
    """What the command line or a caller asks for; None leaves it to the source."""

    observable: str | None = None
    shots: int | None = None
    trainable: str | None = None
    data: tuple[str, ...] = ()
    seed: int = 0
    budget: float = 60.0
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    stdin_filename: str = "-"
    blocked: tuple[str, ...] = ()
    """Plugins that are not loaded, by name."""
    sizes: tuple[tuple[str, int], ...] = ()
    """Values for ``const int`` and ``input int`` of the files, by name."""

    @property
    def default_shots(self) -> int:
        """Shots per gradient component where neither the user nor the source says."""
        return DEFAULT_SHOTS if self.shots is None else self.shots
