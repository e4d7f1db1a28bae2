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


class Stretch(NamedTuple):
    """A stretch of a joined text from ``start`` on: of the file itself, shifted, or of the one named ``name``."""

    start: int
    shift: int
    name: str | None
    span: Span | None


def joined(source: SourceText, path: str | None) -> SourceText:
    """The source with the files it includes in place of their includes, or itself if there are none.

    ``path`` is where the source was read from. A file outside of its folder and of its git repository is never
    opened, nor is what is no regular OpenQASM file. Raises SourceError, Unsupported for a text with no path.
    """
    if not any(name not in DECLARED for _, _, name in _includes(source)):
        return source
    return _Joiner(source, path).run()


class _JoinedSource(SourceText):
    """Places in an included file are reported at the include, and the message names the file."""

    def __init__(self, own: SourceText, text: str, pieces: list[Stretch], limits: Limits) -> None:
        self._own = own
        self._pieces = pieces
        super().__init__(text, limits)

    def span(self, start: int, end: int) -> Span:
        piece = self._piece(start)
        if piece.span is not None:
            return piece.span
        last = self._piece(end - 1 if end > start else start)
        return self._own.span(start - piece.shift, max(end - last.shift, start - piece.shift + 1))

    def line(self, offset: int) -> int:
        return self.span(offset, offset + 1).line

    def included(self, offset: int) -> bool:
        return self._piece(offset).span is not None

    def error(self, message: str, start: int, end: int, *, hint: str | None = None) -> SourceError:
        name = self._piece(start).name
        if name is None:
            return super().error(message, start, end, hint=hint)
        line = self.text.count("\n", self._piece(start).start, start) + 1
        return SourceError(f"{quote(name)}, line {line}: {message}", self.span(start, end), hint=hint)

    def _piece(self, offset: int) -> Stretch:
        return self._pieces[bisect_right(self._pieces, offset, key=lambda piece: piece.start) - 1]


class _Joiner:
    def __init__(self, source: SourceText, path: str | None) -> None:
        self._source = source
        self._path = path
        self._text: list[str] = []
        self._size = 0
        self._pieces: list[Stretch] = []

    def run(self) -> SourceText:
        source, done = self._source, 0
        for start, end, name in _includes(source):
            if name in DECLARED:
                continue
            if self._path is None:
                message = f"include of another file, here {quote(name)}: the place of this text is not known"
                raise Unsupported(message, source.span(start, end))
            self._add(source.text[done:start], Stretch(self._size, self._size - done, None, None))
            place = source.span(start, end)
            from pathlib import Path  # here, for the many files that include the standard libraries only

            own = Path(os.path.realpath(self._path))
            self._include(own.parent, name, _root(own.parent), (own,), place)
            done = end
        self._add(source.text[done:], Stretch(self._size, self._size - done, None, None))
        return _JoinedSource(source, "".join(self._text), self._pieces, source.limits)

    def _include(self, folder: Path, name: str, root: Path, above: tuple[Path, ...], place: Span) -> None:
        """Add a file, and in it those that it includes."""
        file = _found(folder, name, root, place)
        if file in above:
            raise SourceError(f"include goes round in a circle: {quote(name)}", place)
        if len(above) > _DEEPEST:
            raise SourceError(f"includes nested more than {_DEEPEST} deep", place)
        try:
            limits = self._source.limits
            inner = SourceText(decode(regular_file.content(file, limits.file), limits=limits), limits)
        except SourceError as error:
            raise SourceError(f"in {quote(name)}: {error.message}", place, hint=error.hint) from None
        except regular_file.NotReadable as error:
            raise SourceError(f"in {quote(name)}: {error}", place) from None
        done = inner.start
        for start, end, other in _includes(inner):
            if other not in DECLARED:
                self._add(inner.text[done:start], Stretch(self._size, 0, name, place))
                self._include(file.parent, other, root, (*above, file), place)
                done = end
        self._add(inner.text[done:] + "\n", Stretch(self._size, 0, name, place))

    def _add(self, text: str, piece: Stretch) -> None:
        self._size += len(text)
        if self._size > self._source.limits.file:
            raise self._source.limit("file", "the file and what it includes", 0, 1)
        if text:
            self._text.append(text)
            self._pieces.append(piece)


def _includes(source: SourceText) -> list[tuple[int, int, str]]:
    """Start, end and file name of each include."""
    if "include" not in source.code:
        return []
    return [(m.start(), m.end(), source.text[m.start(1) + 1 : m.end(1) - 1]) for m in _INCLUDE.finditer(source.code)]


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
