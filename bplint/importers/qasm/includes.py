"""Other files that a source includes: found inside its project, and put in place of the include."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from bplint.errors import SourceError, Span, Unsupported
from bplint.files import regular_file
from bplint.importers.decoding import decode
from bplint.importers.limits import Limits
from bplint.importers.qasm.library import DECLARED
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

if TYPE_CHECKING:
    from pathlib import Path


class Include(NamedTuple):
    """The name of a file, and the place of its include in the source."""

    name: str
    span: Span


class Stretch(NamedTuple):
    """A stretch of a joined text from ``start`` on: of the source itself, shifted, or of a file that it includes."""

    start: int
    shift: int
    include: Include | None


def joined(source: SourceText, path: str | None) -> SourceText:
    """The source with the files it includes in place of their includes, or itself if there are none.

    ``path`` is where the source was read from. A file outside of its folder and of its git repository is never
    opened, nor is what is no regular OpenQASM file. Raises SourceError, Unsupported for a text with no path.
    """
    others = _others(source)
    if not others:
        return source
    if path is None:
        start, end, name = others[0]
        message = f"include of another file, here {quote(name)}: the place of this text is not known"
        raise Unsupported(message, source.span(start, end))
    from pathlib import Path  # here, for the many files that include the standard libraries only

    own = Path(os.path.realpath(path))
    joiner = _Joiner(source, _root(own.parent))
    joiner.add(source, (own,))
    return _JoinedSource(source, "".join(joiner.text), joiner.pieces, source.limits)


class _JoinedSource(SourceText):
    """Places in an included file are reported at the include, and the message names the file."""

    def __init__(self, own: SourceText, text: str, pieces: list[Stretch], limits: Limits) -> None:
        self._own = own
        self._pieces = pieces
        super().__init__(text, limits)

    def span(self, start: int, end: int) -> Span:
        piece = self._piece(start)
        if piece.include is not None:
            return piece.include.span
        last = self._piece(end - 1 if end > start else start)
        return self._own.span(start - piece.shift, max(end - last.shift, start - piece.shift + 1))

    def line(self, offset: int) -> int:
        return self.span(offset, offset + 1).line

    def included(self, offset: int) -> bool:
        return self._piece(offset).include is not None

    def error(self, message: str, start: int, end: int, *, hint: str | None = None) -> SourceError:
        begin, _, include = self._piece(start)
        if include is None:
            return super().error(message, start, end, hint=hint)
        line = self.text.count("\n", begin, start) + 1
        return SourceError(f"{quote(include.name)}, line {line}: {message}", include.span, hint=hint)

    def _piece(self, offset: int) -> Stretch:
        return self._pieces[bisect_right(self._pieces, offset, key=lambda piece: piece.start) - 1]


class _Joiner:
    """Writes texts, with those that they include, one behind the other."""

    def __init__(self, source: SourceText, root: Path) -> None:
        self.text: list[str] = []
        self.pieces: list[Stretch] = []
        self._source = source
        self._root = root
        self._size = 0

    def add(self, source: SourceText, files: tuple[Path, ...], include: Include | None = None) -> None:
        """A text that stands in the last of these files, each of which includes the next, the last one by ``include``."""
        done = source.start if include else 0
        for start, end, name in _others(source):
            self._write(source.text[done:start], done, include)
            self._open(Include(name, include.span if include else source.span(start, end)), files)
            done = end
        self._write(source.text[done:] + ("\n" if include else ""), done, include)

    def _open(self, include: Include, above: tuple[Path, ...]) -> None:
        (name, place), limits = include, self._source.limits
        file = _found(above[-1].parent, name, self._root, place)
        if file in above:
            raise SourceError(f"include goes round in a circle: {quote(name)}", place)
        if len(above) > _DEEPEST:
            raise SourceError(f"includes nested more than {_DEEPEST} deep", place)
        try:
            inner = SourceText(decode(regular_file.content(file, limits.file), limits=limits), limits)
        except SourceError as error:
            raise SourceError(f"in {quote(name)}: {error.message}", place, hint=error.hint) from None
        except regular_file.NotReadable as error:
            raise SourceError(f"in {quote(name)}: {error}", place) from None
        self.add(inner, (*above, file), include)

    def _write(self, text: str, start: int, include: Include | None) -> None:
        if text:
            self.text.append(text)
            self.pieces.append(Stretch(self._size, self._size - start, include))
        self._size += len(text)
        if self._size > self._source.limits.file:
            raise self._source.limit("file", "the file and what it includes", 0, 1)


def _others(source: SourceText) -> list[tuple[int, int, str]]:
    """Start, end and file name of each include of another file than the standard libraries."""
    if "include" not in source.code:
        return []
    names = [(*m.span(), source.text[m.start(1) + 1 : m.end(1) - 1]) for m in _INCLUDE.finditer(source.code)]
    return [include for include in names if include[2] not in DECLARED]


def _found(folder: Path, name: str, root: Path, place: Span) -> Path:
    """The real path of an included file. Raises SourceError before anything is opened."""
    shown = quote(name)
    if not name or "\0" in name or name.startswith("~") or os.path.isabs(name) or re.match(r"[A-Za-z][\w+.-]*:", name):
        raise SourceError(f"include of {shown}: want the name of a file beside this one", place)
    if not name.endswith(_SUFFIXES):
        raise SourceError(f"include of {shown}: want a file named {', '.join(_SUFFIXES)}", place)
    file = type(folder)(os.path.realpath(folder / name))
    if not file.is_relative_to(root):
        raise SourceError(f"include of {shown}: it lies outside of the project", place)
    return file


def _root(folder: Path) -> Path:
    """The git repository around a folder, or the folder itself."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)


_INCLUDE = re.compile(r"""\binclude\s*+("[^"\n]*+"|'[^'\n]*+')\s*+;""")
_SUFFIXES = (".inc", ".qasm", ".qasm2", ".qasm3")
_DEEPEST = 20
