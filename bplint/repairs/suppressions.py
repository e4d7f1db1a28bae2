"""Codes taken out of suppression comments, and comments that are left without any, byte by byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from bplint.errors import Span


def without_codes(text: str, unused: Mapping[Span, Set[str]]) -> tuple[str, int]:
    """The text without these codes in the comments at these places, and how many comments changed."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    count = 0
    for span in sorted(unused, reverse=True):
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        match = _COMMENT.match(text, start, end)
        if match is None:
            continue  # it stands in a file that this one includes
        kept = [word for word in re.split(r"[\s,]+", match["codes"]) if word and word not in unused[span]]
        count += 1
        if kept:
            text = text[: match.start("codes")] + ", ".join(kept) + text[match.end("codes") :]
        else:
            text = _cut(text, starts[span.line - 1], start, end)
    return text, count


def _cut(text: str, line: int, start: int, end: int) -> str:
    """The text without [start, end), on the line from ``line`` on: without a line left empty."""
    end_of_line = _LINE_END.search(text, end)
    line_end = end_of_line.end() if end_of_line else len(text)
    before, after = text[line:start], text[end:line_end]
    if not before.strip() and not after.strip():
        return text[:line] + text[line_end:]
    if not after.strip():
        before, after = before.rstrip(), after.lstrip(" \t")
    elif after[0] in " \t" and (not before or before[-1] in " \t"):
        after = after.lstrip(" \t")
    elif not after[0].isspace() and before.strip() and not before[-1].isspace():
        after = f" {after}"
    return text[:line] + before + after + text[line_end:]


_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(
    r"(?://|/\*|#?pragma\b|@)\s*bplint\b[^\[\]]*?\bignore(?:-file)?\s*\[(?P<codes>[^\]]*)\]", re.IGNORECASE
)
