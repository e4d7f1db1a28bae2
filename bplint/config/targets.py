"""Builders that configuration names: ``pkg.mod:build``, with sizes ``pkg.mod:build[n=4:16:2]``."""

from __future__ import annotations

import os
import re
from typing import NamedTuple


class Target(NamedTuple):
    """A function of a Python file (absolute); with ``sizes`` it makes a circuit of each, else one circuit."""

    file: str
    function: str
    sizes: tuple[int, ...] = ()


def target(text: str, folder: str) -> Target | str:
    """The target that a text names, its module below a folder (or below ``src`` there), or what is wrong with the text."""
    match = _TARGET.fullmatch(text)
    if not match:
        return f'want "package.module:function" or "package.module:function[n=4:16:2]", got "{text[:60]}"'
    inside = match["module"].replace(".", os.sep)
    ways = (
        os.path.join(base, inside) + end for base in ("", "src") for end in (".py", ".ipynb", f"{os.sep}__init__.py")
    )
    file = next((path for way in ways if os.path.isfile(path := os.path.join(folder, way))), None)
    if file is None:
        return f"there is no module {match['module']} in this folder, nor in src"
    if match["start"] is None:
        return Target(file, match["function"])
    start, stop, step = int(match["start"]), int(match["stop"]), int(match["step"] or 1)
    sizes = tuple(range(start, stop + 1, step)) if step else ()
    if not (start > 0 and 0 < len(sizes) <= 1000):
        return f"want 1 to 1,000 sizes from 1 on, got {match['start']}:{match['stop']}:{match['step'] or 1}"
    return Target(file, match["function"], sizes)


_TARGET = re.compile(
    r"(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*):(?P<function>[^\W\d]\w*)"
    r"(?:\[n=(?P<start>\d{1,6}):(?P<stop>\d{1,6})(?::(?P<step>\d{1,6}))?\])?"
)
