"""What a circuit that is a function is called with: circuits that are objects take no arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple


class Call(NamedTuple):
    """Arguments of a circuit's own. ``argnums`` are the positions of those that are trained, where the caller says so; ``data``
    are patterns of names that carry data.
    """

    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = MappingProxyType({})
    argnums: int | Sequence[int] | None = None
    data: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is given."""
        return not (self.arguments or self.keywords or self.argnums is not None)
