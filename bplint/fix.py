"""Removing suppression comments that suppress nothing (BP002) from the sources: the one edit that bplint makes so far."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple, cast

from bplint.collect import Source
from bplint.config import Settings
from bplint.engine import unreadable
from bplint.entry import Job, UnreadableReport
from bplint.errors import SourceError, Span, UsageError
from bplint.finding import Finding
from bplint.importers import qasm
from bplint.run import lint_job, select

FIXABLE = ("BP002",)
"""Rules whose findings can be fixed."""


class Fixed(NamedTuple):
    """One source before and after. ``changes`` is how many comments; ``fault`` says why it could not be read."""

    source: Source
    before: bytes
    after: bytes
    changes: int = 0
    fault: Finding | None = None


def fix(paths: Sequence[str], settings: Settings, codes: Sequence[str]) -> list[Fixed]:
    """The sources under these paths without their unused suppressions; nothing is written.

    ``UsageError`` for a code that is no fixable rule.
    """
    if not codes or not set(codes) <= {*FIXABLE, "unused-suppression"}:
        raise UsageError("only unused suppression comments can be fixed in this version: want --select BP002")
    job = lint_job(settings._replace(extend_select=(*settings.extend_select, *FIXABLE)))
    return [_fixed(job, source) for source in select(paths, settings, "")[0]]


def write(fixed: Fixed) -> None:
    """Put the result in the place of the file, at once or not at all; links are followed, the mode is kept."""
    import tempfile

    path = os.path.realpath(fixed.source.path)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".bplint-")
        try:
            with open(descriptor, "wb") as file:
                file.write(fixed.after)
            os.chmod(temporary, os.stat(path).st_mode & 0o7777)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise UsageError(f"{fixed.source.path}: cannot be written: {error.strerror}") from error


def diff(fixed: Fixed) -> bytes:
    """The change as a unified diff that ``git apply`` takes, from the current folder; empty if there is none."""
    import difflib

    name = fixed.source.name if fixed.source.path == "-" else os.path.relpath(fixed.source.path)
    before, after = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (fixed.before, fixed.after))
    lines = list(
        difflib.diff_bytes(difflib.unified_diff, before, after, _side("a", name), _side("b", name), lineterm=b"\n")
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _fixed(job: Job, source: Source) -> Fixed:
    data = b""
    try:
        data = source.read()
        text = qasm.decode(data)
    except SourceError as error:
        return Fixed(source, data, data, fault=unreadable(error, source.name))
    entry = job.run(source, text)
    if isinstance(entry, UnreadableReport):
        return Fixed(source, data, data, fault=entry.finding)
    unused: dict[Span, set[str]] = {}
    for finding in entry.findings:
        if finding.code in FIXABLE:
            unused.setdefault(finding.span, set()).update(cast(list[str], finding.hit.evidence["unused"]))
    after, count = _without(text, unused)
    mark = data[: len(data) - len(data.removeprefix(_BOM))]
    return Fixed(source, data, mark + after.encode("utf-8", "surrogateescape"), count)


def _without(text: str, unused: Mapping[Span, Set[str]]) -> tuple[str, int]:
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
    found = _LINE_END.search(text, end)
    line_end = found.end() if found else len(text)
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


def _side(prefix: str, name: str) -> bytes:
    """A file name in the head of a diff, quoted as git does where it has quotes or control characters."""
    path = os.fsencode(f"{prefix}/{name}".replace(os.sep, "/"))
    if not re.search(rb'[\x00-\x1f"\\\x7f]', path):
        return path + b"\t" * (b" " in path)
    return b'"' + re.sub(rb'[\x00-\x1f"\\\x7f]', lambda match: b"\\%03o" % match[0][0], path) + b'"'


_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
_COMMENT = re.compile(
    r"(?://|/\*|#?pragma\b|@)\s*bplint\b[^\[\]]*?\bignore(?:-file)?\s*\[(?P<codes>[^\]]*)\]", re.IGNORECASE
)
