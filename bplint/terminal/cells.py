"""Text on a terminal: it counts in cells, of which wide characters take two and combining ones none; and it may lack characters."""

from __future__ import annotations

import sys
from collections.abc import Iterator

PLAIN = str.maketrans(
    {
        "│": "|", "─": "-", "━": "=", "·": "|", "…": "...", "→": "->", "×": "x", "±": "+/-", "–": "-", "≥": ">=", "≤": "<=",
        "⟨": "<", "⟩": ">", "∂": "d", "²": "^2", "⁴": "^4", "½": "1/2", "π": "pi", "θ": "theta", "χ": "chi", "Σ": "sum ",
        "†": "^+", "√": "sqrt ", "∞": "inf", "¼": "1/4",
    }
)  # fmt: skip
"""What stands for characters of bplint's own where a terminal has none: its frames in ASCII."""


def spelled(text: str, encoding: str | None = None) -> str:
    """The text in characters that the screen's encoding, or another, has: bplint's own in ASCII, any other as ``?``."""
    encoding = encoding or getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(
            c if _has(encoding, c) else c.translate(PLAIN) if ord(c) in PLAIN else "?" * cells(c) for c in text
        )
    return text


def cells(text: str) -> int:
    """How many cells of a terminal a text without control characters takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def cut(text: str, first: int, room: int) -> str:
    """The characters that stand in ``room`` cells, from cell ``first`` on; half of a wide one is a blank."""
    if text.isascii():
        return text[first : first + room]
    shown, at = "", 0
    for character in text:
        wide = _cells(character)
        if first <= at and at + wide <= first + room:
            shown += character
        elif at < first < at + wide or at < first + room < at + wide:
            shown += " "
        at += wide
    return shown


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> Iterator[str]:
    """Lines of at most ``width`` cells, broken at spaces, or within a word that is longer than a line.

    The first line begins with ``first``, the others with ``rest``, or with ``first`` too.
    """
    rest = first if rest is None else rest
    line, empty = first, True
    for word in spelled(text).split():
        if not empty and cells(line) + 1 + cells(word) > width:
            yield line.rstrip()
            line, empty = rest, True
        while empty and cells(line) + cells(word) > width > cells(line):
            head = _fitting(word, width - cells(line))
            yield line + head
            line, word = rest, word[len(head) :]
        line, empty = (line + word if empty else f"{line} {word}"), False
    if not empty:
        yield line


def _fitting(word: str, room: int) -> str:
    """The longest beginning that fits, one character at least."""
    end, left = 0, room
    while end < len(word) and (left := left - _cells(word[end])) >= 0:
        end += 1
    return word[: max(end, 1)]


def _cells(character: str) -> int:
    if character < "\u0300" or ord(character) in PLAIN:
        return 1
    from unicodedata import combining, east_asian_width  # here, for texts in other scripts

    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
