"""A line on the terminal that says what a long run is at: from its second second on, and gone when the run is over."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import IO, TypeAlias, TypeVar

from bplint.terminal.cells import cells, cut, spelled

T = TypeVar("T")

Watch: TypeAlias = Callable[[str, str], None]
"""Is told the circuit that is being looked at, and the analysis of it that began last, empty before the first."""

PATIENCE = 2.0
"""Seconds that pass before something is shown."""

NOWHERE: IO[str] = io.StringIO()
"""A stream on which no line is seen."""

_EVERY = 0.2
_BAR = 10


def unwatched(circuit: str, analysis: str) -> None:
    """Nobody looks."""


class LiveLine:
    """``vqe.qasm · gradient · 12 s · ━━━─────── 3 of 10``, drawn by a thread; nothing where the stream is no terminal or notebook.

    ``begin`` and ``close`` enclose the run; ``at`` and ``step`` say how far it is, ``aside`` makes room for other output.
    """

    def __init__(self, stream: IO[str] | None = None, patience: float = PATIENCE) -> None:
        self._stream = stream or sys.stderr
        self._patience = patience
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._total = self._done = self._drawn = 0
        self._at = ("", "", 0.0)

    def begin(self, total: int) -> None:
        """So many circuits there are."""
        self._total, self._at = total, ("", "", time.monotonic())
        if self._thread is None and is_seen(self._stream):
            self._thread = threading.Thread(target=self._draw, daemon=True)
            self._thread.start()

    def at(self, circuit: str, analysis: str) -> None:
        """What the run is at."""
        before, _, since = self._at
        self._at = (circuit, analysis, since if circuit == before else time.monotonic())

    def step(self) -> None:
        """One circuit more is finished."""
        self._done += 1

    def through(self, items: Iterable[T]) -> Iterator[T]:
        """The items, each a step once it is done with."""
        for item in items:
            yield item
            self.step()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The line is gone while others print."""
        with self._lock:
            self._write("")
            yield

    def close(self) -> None:
        """The run is over."""
        if self._thread is not None:
            self._over.set()
            self._thread.join()
            self._write("")
            self._thread = None

    def text(self, room: int) -> str:
        """What there is to say, in so many cells."""
        circuit, analysis, since = self._at
        seconds = f"{time.monotonic() - since:.0f} s"
        parts = [part for part in (analysis.replace("_", " "), seconds, self._count()) if part]
        told = " · ".join(parts)
        left = room - cells(told) - 3
        if cells(circuit) > left:
            circuit = "…" + cut(circuit, cells(circuit) - left + 1, left - 1) if left > 1 else ""
        return spelled(f"{circuit} · {told}" if circuit else told, getattr(self._stream, "encoding", None) or "utf-8")

    def _count(self) -> str:
        if self._total < 2:
            return ""
        full = _BAR * self._done // self._total
        return f"{'━' * full}{'─' * (_BAR - full)} {self._done:,} of {self._total:,}"

    def _draw(self) -> None:
        wait = self._patience
        while not self._over.wait(wait):
            wait = _EVERY
            with self._lock:
                self._write(self.text(_columns(self._stream) - 1))

    def _write(self, text: str) -> None:
        """In the place of what was drawn, by blanks: not every screen knows how to erase."""
        if not (text or self._drawn):
            return
        blanks = " " * max(self._drawn - cells(text), 0)
        try:
            self._stream.write(f"\r{text}{blanks}" + "\r" * (not text))
            self._stream.flush()
        except (OSError, ValueError):  # nobody reads any more
            self._over.set()
        self._drawn = cells(text)


@contextmanager
def watching(total: int) -> Iterator[LiveLine]:
    """A line over so many circuits."""
    with closing(LiveLine()) as line:
        line.begin(total)
        yield line


def is_seen(stream: IO[str]) -> bool:
    """Whether a line can be drawn over and over there: on a terminal that is not dumb, or in a notebook."""
    if "ipykernel" in sys.modules and type(stream).__module__.startswith("ipykernel"):
        return True
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


def _columns(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (AttributeError, OSError, ValueError):
        return 80
