"""How the text of a source appears in a message: short, on one line, and nothing in it that a terminal obeys."""

from __future__ import annotations

from collections.abc import Sequence


def quote(text: str) -> str:
    """About 40 characters of it, control characters, surrogates and direction marks escaped."""
    line = " ".join(text[:200].split())
    line = line if len(line) <= 40 and len(text) <= 200 else line[:39] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def listed(names: Sequence[str]) -> str:
    """The first eight names, and how many more there are."""
    shown = ", ".join(quote(name) for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8:,} more"
