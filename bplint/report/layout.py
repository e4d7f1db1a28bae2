"""Prose, labels and columns on a screen of any width."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from bplint.report.text import printable
from bplint.terminal.cells import cells, spelled, wrapped

WIDEST = 100
"""Cells that prose is wrapped at: longer lines are hard to read."""

LEAST, MOST = 60, 400
"""Cells between which a screen's own width counts."""

LABEL = 10
"""Cells of a label and the blank after it."""

_GAP = "   "


def columns() -> int | None:
    """The width of the screen; None where there is none, as in a pipe: there nothing has to fit."""
    said = os.environ.get("COLUMNS", "")
    return min(max(int(said), LEAST), MOST) if said.isdecimal() else _terminal()


@cache
def _terminal() -> int | None:
    """That of the terminal, as it was when it was first asked: what a run has printed must not look otherwise later."""
    try:  # shutil has this too, and loads three compressors
        return min(max(os.get_terminal_size(sys.__stdout__.fileno()).columns, LEAST), MOST)  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return None


def width() -> int:
    """The cells of a line of prose."""
    return min(columns() or WIDEST, WIDEST)


def prose(text: str, first: str = "  ", rest: str | None = None) -> Iterator[str]:
    """A paragraph, whose first line begins with ``first`` and the others with ``rest``, or with ``first`` too."""
    yield from wrapped(printable(text), width(), first, rest)


def with_code(text: str) -> Iterator[str]:
    """A paragraph that hangs; what is to be typed, after two blanks, stays in one piece."""
    words, gap, code = text.partition("  ")
    *lines, last = list(prose(words, "", "  "))
    yield from lines
    code = spelled(printable(code))
    if gap and cells(last) + 2 + cells(code) > width():
        yield last
        last = ""
    yield f"{last}  {code}" if gap else last


def labelled(label: str, text: str) -> Iterator[str]:
    """A paragraph beside its label."""
    yield from wrapped(printable(text), width(), f"  {label:<{LABEL - 1}} ", " " * (2 + LABEL))


def advice(label: str, text: str) -> Iterator[str]:
    """The same, where what is to be typed stands after two blanks: it stays in one piece."""
    words, gap, code = text.partition("  ")
    code = spelled(printable(code.strip()))
    *lines, last = list(labelled(label, words)) or [f"  {label:<{LABEL - 2}}"]
    yield from lines
    if gap and cells(last) + 2 + cells(code) > width():
        yield last
        last = " " * LABEL
    yield f"{last}  {code}" if gap else last


def fit(rows: Sequence[tuple[str, str, str]]) -> bool:
    """Whether each row has a line beside a label."""
    room = columns()
    return room is None or 2 + LABEL + sum(_widths(_clean(rows))) + 2 * len(_GAP) <= room


def in_columns(label: str, rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """What to do, its effect and what to type, in columns beside a label.

    Where the screen is too narrow, what is to be typed goes to a line of its own, in one piece.
    """
    inner, whole = " " * (2 + LABEL + 2), fit(rows)
    rows = _clean(rows)
    widths = _widths(rows)
    for i, row in enumerate(rows):
        first = "  " + ("" if i else label).ljust(LABEL)
        if whole:
            padded = (text + " " * (wide - cells(text)) for text, wide in zip(row, widths, strict=True))
            yield (first + _GAP.join(padded)).rstrip()
            continue
        do, effect, command = row
        lines = list(wrapped(do, width(), first, inner))
        beside = f"{lines[-1]}   {effect}"
        if effect and cells(beside) <= width():
            lines[-1], effect = beside, ""
        yield from lines
        if effect and command and len(inner) + cells(effect) + 3 + cells(command) <= width():
            yield f"{inner}{effect}   {command}"
            continue
        yield from (inner + text for text in (effect, command) if text)


def _clean(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """As the screen can show them."""
    return [(spelled(printable(one)), spelled(printable(two)), spelled(printable(three))) for one, two, three in rows]


def _widths(rows: Sequence[tuple[str, str, str]]) -> list[int]:
    """The cells of each column."""
    return [max(map(cells, column)) for column in zip(*rows, strict=True)]
