"""OpenQASM text: decoding, places in it, what stands beside the code, and limits."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from bplint.errors import LimitError, SourceError, Span, Unsupported
from bplint.importers.limits import DEFAULTS, Limits
from bplint.importers.quoting import quote

NAME = r"[^\W\d]\w*+"
"""A regular expression for an identifier: any letter or underscore, then letters, digits, underscores."""

VERSIONS = ("2", "2.0", "3", "3.0", "3.1")


class NotFlat(Unsupported):
    """A construct that is more than a list of gates: the full grammar can read it, the flat reader cannot."""


class Aside(NamedTuple):
    """What stands in the text without being code: a comment, a pragma or an annotation.

    ``text`` is without the marks (``//``, ``#pragma``, ``@``); start and end are offsets, marks included.
    """

    kind: str
    text: str
    start: int
    end: int


def decode(data: bytes, *, limits: Limits = DEFAULTS) -> str:
    """The text of a file, its byte order mark removed.

    A byte that is not UTF-8 becomes a lone surrogate, which :class:`Source` accepts in a comment only.
    Raises SourceError for what is no UTF-8 text (UTF-16, gzip, NUL bytes), LimitError for too large a file.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise SourceError(f"this is {what}, not UTF-8 text", hint="give the file as UTF-8 text")
    if b"\0" in data:
        raise SourceError("this has NUL bytes: it is binary, or UTF-16 text", hint="give the file as UTF-8 text")
    if len(data) > limits.file:
        raise limits.exceeded("file", f"{len(data):,} bytes")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


class Source:
    """One OpenQASM text, line ends made ``\\n``.

    ``code`` is the text with comments, pragmas, annotations and the insides of strings blanked out, so that offsets
    agree; ``asides`` are what was blanked (strings apart). ``version`` is 2 or 3 or, without a version line, None;
    the statements begin at offset ``start``.

    Raises SourceError for a comment or string without end, a character that OpenQASM does not know, or an
    unknown version; LimitError for too long a text.
    """

    def __init__(self, text: str, limits: Limits = DEFAULTS) -> None:
        if len(text) > limits.file:
            raise limits.exceeded("file", f"{len(text):,} characters")
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.limits = limits
        self._lines = [*accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0)]
        self.code, self.asides = self._split()
        self._check_characters()
        self.version, self.start = self._version()

    def span(self, start: int, end: int) -> Span:
        """The place of text[start:end], of one character if that is empty."""
        lines, end = self._lines, max(end, start + 1)
        first = bisect_right(lines, start)
        last = first if end < lines[first] else bisect_right(lines, end)
        return Span(first, start - lines[first - 1] + 1, last, end - lines[last - 1] + 1)

    def line(self, offset: int) -> int:
        """The 1-based line an offset lies on."""
        return bisect_right(self._lines, offset)

    def included(self, offset: int) -> bool:
        """Whether this place is in another file that the source includes."""
        return False

    def error(self, message: str, start: int, end: int, *, hint: str | None = None) -> SourceError:
        """An error at text[start:end]."""
        return SourceError(message, self.span(start, end), hint=hint)

    def limit(self, field: str, amount: str, start: int, end: int) -> LimitError:
        """The error for exceeding the limit of that name."""
        return self.limits.exceeded(field, amount, self.span(start, end), hint=f"Limits({field}=…) raises it")

    def only_in_3(self, what: str, start: int, end: int) -> None:
        """Refuse a construct of OpenQASM 3 in a file that says 2.0."""
        if self.version == 2:
            hint = "change the first line to OPENQASM 3.0;"
            raise self.error(f"{what} is OpenQASM 3; the first line says 2.0", start, end, hint=hint)

    def semicolon(self, start: int) -> int:
        """The offset of the semicolon that ends the statement at this offset. Raises SourceError if there is none."""
        end = self.code.find(";", start)
        if end < 0:
            line = self.code[start:].partition("\n")[0]
            raise self.error("a ; is missing at the end of this statement", *self.trim(start, start + len(line)))
        return end

    def skip(self, start: int, end: int | None = None) -> int:
        """The offset of the first character from this one on that is not white space, at most ``end``."""
        match = _SPACE.match(self.code, start, len(self.code) if end is None else end)
        return match.end() if match else start

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The range without the white space at its ends."""
        part = self.code[start:end]
        return start + len(part) - len(part.lstrip()), start + len(part.rstrip())

    def _split(self) -> tuple[str, tuple[Aside, ...]]:
        """The code and the asides."""
        pieces: list[str] = []
        asides: list[Aside] = []
        done, last = 0, ";"
        while match := _ASIDE.search(self.text, done):
            mark, (start, end) = match[0], match.span()
            before = self.text[done:start]
            last = before.rstrip()[-1:] or last
            pieces.append(before)
            done = end
            if mark[0] == "@" and last not in ";{}":
                # Not an annotation, which begins a statement, but a modifier without a space: ctrl @x.
                pieces.append("@")
                done = start + 1
            elif mark[0] in "\"'":
                if len(mark) == 1:
                    raise self.error("this string is never closed", start, end)
                pieces.append(f"{mark[0]}{' ' * (len(mark) - 2)}{mark[0]}")
                last = mark[0]
            elif mark == "/*":
                raise self.error("this comment is never closed", start, end)
            else:
                asides.append(_aside(mark, start, end))
                pieces.append(" " * len(mark) if "\n" not in mark else re.sub(r"[^\n]", " ", mark))
        pieces.append(self.text[done:])
        return "".join(pieces), tuple(asides)

    def _check_characters(self) -> None:
        match = _STRANGE.search(self.code)
        if not match:
            return
        character, place = match[0], match.start()
        if "\udc80" <= character <= "\udcff":
            raise self.error(f"byte 0x{ord(character) - 0xDC00:02X} is not UTF-8 text", place, place + 1)
        import unicodedata

        hint = "a comment starts with //" if character == "#" else None
        name = unicodedata.name(character, "control character").lower()
        shown = f"character {character}" if character.isprintable() else name
        raise self.error(f"unexpected {shown} (U+{ord(character):04X})", place, place + 1, hint=hint)

    def _version(self) -> tuple[int | None, int]:
        match = _VERSION.match(self.code)
        if not match:
            return None, 0
        if match[1] not in VERSIONS:
            raise self.error(f"OpenQASM {quote(match[1])} is unknown; 2.0, 3.0 and 3.1 are read", *match.span(1))
        return int(match[1][0]), match.end()


_MAGIC = {
    b"\xff\xfe\0\0": "UTF-32 text",
    b"\0\0\xfe\xff": "UTF-32 text",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\x1f\x8b": "gzip data",
    b"PK\x03\x04": "a zip archive",
}

# A comment or string that is never closed matches by its first mark alone.
_ASIDE = re.compile(
    r"""//[^\n]*+ | /\*.*?\*/ | /\* | "[^"\n]*+" | '[^'\n]*+' | " | '
    | \#pragma\b[^\n]*+ | pragma\b(?<!\wpragma)[^\n]*+ | @[^\W\d][^\n]*+""",
    re.VERBOSE | re.DOTALL,
)
_STRANGE = re.compile(r"""[^\w \t\n\f\v"'$%&()*+,\-./:;<=>?@\[\]^{|}~!]""")
_SPACE = re.compile(r"\s*+")
_VERSION = re.compile(r"\s*+OPENQASM\s++([^;\s]++)\s*+;")


def _aside(mark: str, start: int, end: int) -> Aside:
    if mark.startswith("//"):
        return Aside("comment", mark[2:], start, end)
    if mark.startswith("/*"):
        return Aside("comment", mark[2:-2], start, end)
    if mark.startswith("@"):
        return Aside("annotation", mark[1:], start, end)
    return Aside("pragma", mark.lstrip("#").removeprefix("pragma"), start, end)
