"""The files that a source includes, or takes its data from, as its text names them: what it depends on beside itself."""

from __future__ import annotations

import os
import re

from bplint.files import regular_file


def included(data: bytes, path: str) -> list[str]:
    """The real paths of files that exist and that an include in these bytes, or in such a file, names; each once. So too the
    data sets and samples that its instructions to bplint name.

    Includes in comments count too: a file too much does no harm.
    """
    paths: dict[str, None] = dict.fromkeys(_of_data(data, path))
    waiting = [(data, os.path.dirname(os.path.realpath(path)))]
    while waiting and len(paths) < _MOST:
        text, folder = waiting.pop()
        for name in _INCLUDE.findall(text):
            file = os.path.realpath(os.path.join(folder, os.fsdecode(name)))
            if file not in paths and file.endswith(_SUFFIXES):
                try:
                    inner = regular_file.content(file, _LIMIT)
                except regular_file.NotReadable:
                    continue
                paths[file] = None
                waiting.append((inner, os.path.dirname(file)))
    return list(paths)


def _of_data(data: bytes, path: str) -> list[str]:
    """The real paths of data sets and samples that exist."""
    if b"bplint" not in data:
        return []
    folder = os.path.dirname(os.path.realpath(path))
    named = (os.path.join(folder, os.fsdecode(name).strip()) for name in _DATA.findall(data))
    return [os.path.realpath(file) for file in named if os.path.isfile(file)]


_DATA = re.compile(rb"""\bbplint\b[\s.:]*+(?:dataset|target)\b[ \t]*+=?([^\r\n\0]++)""")
_INCLUDE = re.compile(rb"""\binclude\s*+["']([^"'\n\0]++)["']""")
_SUFFIXES = (".inc", ".qasm", ".qasm2", ".qasm3")
_LIMIT = 100_000_000
_MOST = 10_000
