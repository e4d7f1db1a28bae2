"""The code of a Jupyter notebook as one Python module, whose lines stand where they stand in the file.

A notebook is JSON, and as Jupyter writes it each line of code has a line of the file: what is said of the module's line 7 is
then said of the file's. Magics (``%``, ``!``, ``?``) are left out, and so is a cell that is all magic (``%%bash``).
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_left

from bplint.errors import LimitError, SourceError

LIMIT = 50_000_000
"""Bytes of one notebook: most of them are its pictures."""


def module_of(data: bytes) -> bytes:
    """The module of a notebook, in UTF-8. ``SourceError`` where it is none, or is not in Python."""
    if len(data) > LIMIT:
        raise LimitError(f"over the limit of {LIMIT:,} bytes for one notebook")
    import json  # only for who has notebooks

    try:
        text = data.decode("utf-8-sig")
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not a notebook: {error}") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise SourceError("not a notebook: want cells, as notebooks of version 4 have them")
    language = _language(notebook)
    if language not in ("", "python"):
        raise SourceError(f"a notebook in {language[:40]!r}, not in Python")
    placed = _PlacedLines(text)
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            for line, code in _lines(cell.get("source")):
                placed.add(line, code)
    return "\n".join(placed.lines).encode(errors="replace") + b"\n"


class _PlacedLines:
    """Lines of code, each put where it stands in the file, or after the last one where that cannot be told."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = []
        self._places: dict[str, list[int]] = {}
        for place, line in enumerate(text.split("\n")):
            self._places.setdefault(line.strip().rstrip(","), []).append(place)

    def add(self, line: str, code: str) -> None:
        """A line of the notebook, and the code that stands for it."""
        import json

        place = min(self._place(json.dumps(line + end, ensure_ascii=a)) for end in _ENDS for a in (False, True))
        if place < _NOWHERE:
            self.lines += [""] * (place - len(self.lines))
        self.lines.append(code)

    def _place(self, written: str) -> int:
        """The first line from here on that is so written."""
        places = self._places.get(written, [])
        here = bisect_left(places, len(self.lines))
        return places[here] if here < len(places) else _NOWHERE


def _language(notebook: dict[str, object]) -> str:
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    return language.lower() if isinstance(language, str) else ""


def _lines(source: object) -> list[tuple[str, str]]:
    """The lines of a cell with the code that stands for each; none of a cell that is all magic."""
    text = "".join(line for line in source if isinstance(line, str)) if isinstance(source, list) else source
    if not isinstance(text, str) or text.lstrip().startswith("%%"):
        return []
    plain = _is_python(text)
    return [(line, line if plain or not _MAGIC.match(line) else f"{_indent(line)}pass") for line in text.split("\n")]


def _is_python(text: str) -> bool:
    """Whether a cell holds no magic."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


_MAGIC = re.compile(r"\s*(?:[%!?]|[\w.]+\?{1,2}\s*$)")
_ENDS = ("", "\n")
_NOWHERE = sys.maxsize
