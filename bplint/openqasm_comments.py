"""What stands in an OpenQASM text beside its code: comments, pragmas and annotations."""

from __future__ import annotations

import re
from typing import NamedTuple


class Comment(NamedTuple):
    """What is not code: ``kind`` is comment, pragma or annotation.

    ``text`` is without the marks (``//``, ``#pragma``, ``@``); start and end are offsets, marks included.
    """

    kind: str
    text: str
    start: int
    end: int


class Unclosed(Exception):
    """A ``what``, comment or string, that begins at text[start:end] and never ends."""

    def __init__(self, what: str, start: int, end: int) -> None:
        super().__init__(what)
        self.what = what
        self.start = start
        self.end = end


def split(text: str) -> tuple[str, tuple[Comment, ...]]:
    """The code, which has blanks in place of comments and of the insides of strings, and the comments; line ends stay.

    Offsets in the code are those in the text. Raises :class:`Unclosed`.
    """
    pieces: list[str] = []
    comments: list[Comment] = []
    done, last = 0, ";"
    while match := _MARK.search(text, done):
        mark, (start, end) = match[0], match.span()
        before = text[done:start]
        last = before.rstrip()[-1:] or last
        pieces.append(before)
        done = end
        if mark[0] == "@" and last not in ";{}":
            # Not an annotation, which begins a statement, but a modifier without a space: ctrl @x.
            pieces.append("@")
            done = start + 1
        elif mark[0] in "\"'":
            if len(mark) == 1:
                raise Unclosed("string", start, end)
            pieces.append(f"{mark[0]}{' ' * (len(mark) - 2)}{mark[0]}")
            last = mark[0]
        elif mark == "/*":
            raise Unclosed("comment", start, end)
        else:
            comments.append(_comment(mark, start, end))
            pieces.append(_NO_LINE_END.sub(" ", mark))
    pieces.append(text[done:])
    return "".join(pieces), tuple(comments)


def _comment(mark: str, start: int, end: int) -> Comment:
    if mark.startswith("//"):
        return Comment("comment", mark[2:], start, end)
    if mark.startswith("/*"):
        return Comment("comment", mark[2:-2], start, end)
    if mark.startswith("@"):
        return Comment("annotation", mark[1:], start, end)
    return Comment("pragma", mark.lstrip("#").removeprefix("pragma"), start, end)


# A comment or string that is never closed matches by its first mark alone.
_MARK = re.compile(
    r"""//[^\r\n]*+ | /\*.*?\*/ | /\* | "[^"\r\n]*+" | '[^'\r\n]*+' | " | '
    | \#pragma\b[^\r\n]*+ | pragma\b(?<!\wpragma)[^\r\n]*+ | @[^\W\d][^\r\n]*+""",
    re.VERBOSE | re.DOTALL,
)
_NO_LINE_END = re.compile(r"[^\r\n]")
