"""OpenQASM text: its code, its comments, and places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from bplint.errors import LimitError, SourceError, Span
from bplint.importers.limits import DEFAULTS, Limits
from bplint.importers.quoting import quote
from bplint.number_format import plural
from bplint.openqasm_comments import Comment, Unclosed, split

NAME = r"[^\W\d]\w*+"
"""A regular expression for an identifier: any letter or underscore, then letters, digits, underscores."""

Range = tuple[int, int]
"""A place in the code: the offsets of its first character and of the one after its last."""

MANY = 10**18
"""Counts stop growing here, far above any limit."""


class SourceText:
    """One OpenQASM text, line ends made ``\\n``.

    ``code`` is the text with comments, pragmas, annotations and the insides of strings blanked out, so that offsets
    agree; ``comments`` are what was blanked (strings apart). ``version`` is 2 or 3 or, without a version line, None;
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
        self.code, self.comments = self._split()
        self._check_characters()
        self.version, self.start = self._version()

    def span(self, start: int, end: int) -> Span:
        """The place of text[start:end], of one character if that is empty."""
        lines, end = self._lines, max(end, start + 1)
        first = bisect_right(lines, start)
        last = first if end < lines[first] else bisect_right(lines, end)
        return Span(first, start - lines[first - 1] + 1, last, end - lines[last - 1] + 1)

    def shown(self, start: int, end: int) -> str:
        """The code at this place, as messages show it."""
        return quote(self.code[start:end])

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

    def check(self, field: str, count: int, what: str, start: int, end: int) -> None:
        """Refuse so many of something, at this place, if that exceeds the limit of that name."""
        if count > getattr(self.limits, field):
            amount = f"{count:,}" if count < MANY else "more than 10^18"
            raise self.limit(field, f"{amount} {what}", start, end)

    def only_in_3(self, what: str, start: int, end: int) -> None:
        """Refuse a construct of OpenQASM 3 in a file that says 2.0."""
        if self.version == 2:
            hint = "change the first line to OPENQASM 3.0;"
            raise self.error(f"{what} is OpenQASM 3; the first line says 2.0", start, end, hint=hint)

    def position(self, name: str, index: int, size: int, what: str, start: int, end: int) -> int:
        """An index into ``size`` elements, counted from the front. Raises SourceError if it is out of range."""
        lowest = 0 if self.version == 2 else -size
        if lowest <= index < size:
            return index % size
        element = f"{quote(name)}[{quote(str(index))}]"
        message = f"{element} is out of range: {quote(name)} has {plural(size, what)}, 0 to {size - 1}"
        raise self.error(message, start, end)

    def semicolon(self, start: int) -> int:
        """The offset of the semicolon that ends the statement at this offset. Raises SourceError if there is none."""
        end = self.code.find(";", start)
        if end < 0:
            line = self.code[start:].partition("\n")[0]
            raise self.error("a ; is missing at the end of this statement", *self.trim(start, start + len(line)))
        return end

    def skip(self, start: int) -> int:
        """The offset of the first character from this one on that is not white space."""
        match = _SPACE.match(self.code, start)
        return match.end() if match else start

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The range without the white space at its ends."""
        part = self.code[start:end]
        return start + len(part) - len(part.lstrip()), start + len(part.rstrip())

    def _split(self) -> tuple[str, tuple[Comment, ...]]:
        try:
            return split(self.text)
        except Unclosed as error:
            raise self.error(f"this {error.what} is never closed", error.start, error.end) from None

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
        if match[1] not in ("2", "2.0", "3", "3.0", "3.1"):
            raise self.error(f"OpenQASM {quote(match[1])} is unknown; 2.0, 3.0 and 3.1 are read", *match.span(1))
        return int(match[1][0]), match.end()


_STRANGE = re.compile(r"""[^\w \t\n\f\v"'$%&()*+,\-./:;<=>?@\[\]^{|}~!#]|\#(?!dim\b)""")
_SPACE = re.compile(r"\s*+")
_VERSION = re.compile(r"\s*+OPENQASM\s++([^;\s]++)\s*+;")
