"""Lines of text for circuits that have no source, each written when it is asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import overload


class LazyLines(Sequence[str]):
    """A sequence of lines; a circuit of a million gates shows a few of them."""

    @abstractmethod
    def line(self, index: int) -> str:
        """The line with this index; ``IndexError`` where there is none."""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self.line(k) for k in range(*index.indices(len(self)))]
        return self.line(index)
